"""One server process: it listens on 127.0.0.1, lives in a folder of its own, dies with its parent."""
import ctypes
import dataclasses
import os
import pathlib
import random
import signal
import socket
import subprocess
import time
from typing import Callable

from .faults import Fault

START_SECONDS = 20
STOP_SECONDS = 3
TRIES = 5
POLL_SECONDS = 0.005
PR_SET_PDEATHSIG = 1
LIBC = ctypes.CDLL(None)


def dies_with(parent):
    """For a child before it becomes another program: killed when `parent` ends in whatever way."""
    def prepare():
        LIBC.prctl(PR_SET_PDEATHSIG, signal.SIGKILL)
        if os.getppid() != parent:
            os._exit(1)
    return prepare


def free_port():
    """A port below those that the system gives to outgoing connections: a client that dials a
    stopped server's port over and over would else meet itself there, or keep it from its server."""
    text = pathlib.Path("/proc/sys/net/ipv4/ip_local_port_range").read_text(encoding="ascii")
    highest = int(text.split()[0]) - 1
    for _ in range(1000):
        port = random.SystemRandom().randint(10000, max(highest, 20000))
        with socket.socket() as probe:
            probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
            try:
                probe.bind(("127.0.0.1", port))
                return port
            except OSError:
                continue
    raise Fault("no free loopback port was found; stop something that listens.")


@dataclasses.dataclass
class Server:
    name: str
    folder: pathlib.Path
    # Writes the configuration for `ports` and gives the command line.
    configure: Callable[["Server"], list]
    # Whether the server answers; raises OSError or gives False while it does not.
    answers: Callable[["Server"], bool]
    port_count: int = 1
    ports: list = dataclasses.field(default_factory=list)
    process: subprocess.Popen = None

    @property
    def port(self):
        return self.ports[0]

    @property
    def endpoint(self):
        return f"127.0.0.1:{self.port}"

    @property
    def config(self):
        return self.folder / "server.conf"

    @property
    def log(self):
        return self.folder / "server.log"

    def log_text(self):
        return self.log.read_text(encoding="utf-8", errors="replace") if self.log.exists() else ""

    def running(self):
        return self.process is not None and self.process.poll() is None

    def launch(self, more=()):
        """Starts the process on its ports, the first time on free ones; does not wait."""
        self.folder.mkdir(exist_ok=True)
        if not self.ports:
            self.ports = [free_port() for _ in range(self.port_count)]
        command = [*self.configure(self), *more]
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(
                command, cwd=self.folder, stdin=subprocess.DEVNULL, stdout=log, stderr=log,
                start_new_session=True, preexec_fn=dies_with(os.getpid()))

    def await_answer(self, may_move=False):
        """Waits until the server answers. A port that was taken in between is replaced by another
        where the server `may_move`."""
        for _ in range(TRIES):
            if self._answers_in_time():
                return
            if "ddress already in use" not in self.log_text() or not may_move:
                break
            self.ports = []
            self.launch()
        raise Fault(f"{self.name} did not start on port {self.port}; its log ends with: "
                    + " | ".join(self.log_text().strip().splitlines()[-4:]))

    def _answers_in_time(self):
        end = time.monotonic() + START_SECONDS
        while time.monotonic() < end and self.running():
            try:
                if self.answers(self):
                    return True
            except OSError:
                pass
            time.sleep(POLL_SECONDS)
        return False

    def signal(self, number):
        """To the server and whatever it forked: they are a process group of their own."""
        try:
            os.killpg(self.process.pid, number)
        except ProcessLookupError:
            pass

    def kill(self):
        if self.process is not None:
            self.signal(signal.SIGKILL)
            self.process.wait()

    def restart(self, more=()):
        self.kill()
        self.launch(more)
        self.await_answer()


def stop(servers):
    """All at once: asked first, then killed."""
    started = [server for server in servers if server.running()]
    for server in started:
        server.signal(signal.SIGCONT)
        server.signal(signal.SIGTERM)
    end = time.monotonic() + STOP_SECONDS
    while any(server.running() for server in started) and time.monotonic() < end:
        time.sleep(POLL_SECONDS)
    for server in servers:
        server.kill()
