"""Who takes part: each client's harness, how it is built, and why it is missing if it is."""
import os
import shutil
import sys
from dataclasses import dataclass, field
from pathlib import Path

from peers.contestants import ROOT, BuildFailed, run

from . import contest

HERE = ROOT / "bench" / "redis"


@dataclass
class Client:
    name: str
    title: str
    command: list = field(default_factory=list)
    missing: str = ""  # why it does not run; empty: it runs
    player: type = contest.Harness
    transports: tuple = ("plain", "TLS")
    callers: tuple = (1, 64)  # of the rows that it plays
    verbs: tuple = ("get",)
    most_bytes_by_tls: int = 64  # the slower ones need not show everything twice

    def plays(self, row):
        most = self.most_bytes_by_tls if row.transport == "TLS" else max(contest.VALUES)
        return (row.verb in self.verbs and row.callers in self.callers
                and row.transport in self.transports and row.value_bytes <= most)


def build_all(build_dir, programs=None):
    """Builds every harness that this machine can build; returns ours, then the rivals. With
    `programs`, the folder of the C++ harnesses, everything is taken as it stands."""
    environment = build_dir / "peers" / "redis_python"
    absent = ""
    if programs is None:
        programs = build_cpp(build_dir / "release")
        absent = build_python(environment)
    everything = {"callers": contest.CALLERS, "verbs": ("get", "add"),
                  "most_bytes_by_tls": max(contest.VALUES)}
    ours = Client("semantrix", "Semantrix", [str(programs / "semantrix_redis_peer")], **everything)
    return ours, [
        Client("redis_benchmark", "redis-benchmark -c 1", ["redis-benchmark"],
               "" if shutil.which("redis-benchmark") else "redis-tools is not installed",
               player=contest.RedisBenchmark, **everything),
        hiredis(programs, "hiredis_pipeline", "hiredis, pipelined by hand", "one", (1, 64)),
        hiredis(programs, "hiredis_pool", "hiredis, pool of 64", "pool", (64,)),
        python_client("redis_py", "redis-py asyncio", environment, absent),
        python_client("glide", "Valkey GLIDE (Python)", environment, absent),
        Client("redis_plus_plus", "redis-plus-plus",
               missing="neither Debian 12 nor a package registry carries it"),
    ]


def build_cpp(directory):
    """Configures the release build if nobody has, and brings the C++ harnesses up to date."""
    run(["cmake", "--preset", "release", "-B", str(directory), "-DSEMANTRIX_BUILD_BENCHMARKS=ON"],
        cwd=ROOT)
    run(["cmake", "--build", str(directory), "--parallel", str(os.cpu_count()),
         "--target", "redis_peers"], cwd=ROOT)
    return directory / "bench" / "redis"


def build_python(environment):
    """Installs the Python clients where they are in nobody's way; returns why it could not be
    done, or nothing."""
    try:
        if not (environment / "bin" / "python").exists():
            run([sys.executable, "-m", "venv", str(environment)], cwd=ROOT)
        run([str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet",
             "--disable-pip-version-check", "-r", str(HERE / "python" / "requirements.txt")],
            cwd=ROOT)
    except BuildFailed as problem:
        return str(problem)
    return ""


def hiredis(programs, name, title, connections, callers):
    program = programs / "hiredis_peer"
    return Client(name, title, [str(program), "--connections", connections],
                  "" if program.exists() else "libhiredis-dev is not installed",
                  transports=("plain",), callers=callers)


def python_client(name, title, environment, absent):
    python = environment / "bin" / "python"
    missing = absent or ("" if python.exists() else "its Python environment is not built")
    return Client(name, title, [str(python), "-B", str(HERE / "python" / f"{name}_peer.py")],
                  missing)
