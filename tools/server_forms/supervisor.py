"""The life of one run: its folder, its servers, its command, and the orders that come meanwhile.

One thread does it all: servers die with the thread that started them, so a restart that a test asks
for is done here, at the order that arrives on the socket `control` in the run's folder.
"""
import json
import os
import pathlib
import selectors
import shlex
import shutil
import signal
import socket
import subprocess
import sys
import tempfile

from . import server as servers
from .catalog import FORMS
from .certificates import Certificates
from .faults import Fault

# Addresses of such sockets have room for 108 bytes.
LONGEST_FOLDER = 90
COMMAND_SECONDS = 5


class Stopped(Exception):
    def __init__(self, number):
        super().__init__(number)
        self.number = number


def raise_stopped(number, _frame):
    raise Stopped(number)


class Run:
    def __init__(self, names):
        self.names = names
        folder = tempfile.gettempdir()
        self.folder = pathlib.Path(tempfile.mkdtemp(
            prefix="semantrix-servers-", dir=folder if len(folder) < LONGEST_FOLDER - 30 else "/tmp"))
        self.certificates = Certificates(self.folder / "certificates")
        self.forms = {}
        self.servers = {}
        self.control = None

    def start(self):
        for name in self.names:
            self.forms[name] = FORMS[name][1](self, name)
            self.servers |= {server.name: server for server in self.forms[name].servers}
        for server in self.servers.values():
            server.launch()
        for server in self.servers.values():
            server.await_answer(may_move=True)
        for form in self.forms.values():
            form.settle()
        self._write_list()
        self.control = socket.socket(socket.AF_UNIX)
        self.control.bind(str(self.folder / "control"))
        self.control.listen()

    def variables(self):
        found = {"SEMANTRIX_SERVERS": str(self.folder)}
        for name, form in self.forms.items():
            found |= {f"SEMANTRIX_{name}_{what}".upper(): value
                      for what, value in form.variables().items()}
        return found

    def _write_list(self):
        listed = [{"name": name, "pid": server.process.pid, "port": server.port,
                   "config": str(server.config), "log": str(server.log)}
                  for name, server in self.servers.items()]
        # Renamed into place: whoever reads it meanwhile finds a whole one.
        beside = self.folder / "servers.json.new"
        beside.write_text(json.dumps(listed, indent=2) + "\n", encoding="utf-8")
        beside.rename(self.folder / "servers.json")

    def command(self, arguments):
        """Runs a command to its end and gives its exit status, 128 + signal if one ended it."""
        try:
            child = subprocess.Popen(arguments, env={**os.environ, **self.variables()},
                                     preexec_fn=servers.dies_with(os.getpid()))
        except OSError as error:
            raise Fault(f"{arguments[0]} cannot be run: {error.strerror}.") from error
        try:
            self.obey_until(os.pidfd_open(child.pid))
            status = child.wait()
        except Stopped as stopped:
            child.send_signal(stopped.number)
            try:
                child.wait(COMMAND_SECONDS)
            except subprocess.TimeoutExpired:
                child.kill()
                child.wait()
            raise
        return status if status >= 0 else 128 - status

    def obey_until(self, end=None):
        """Carries out orders until the descriptor `end` is readable; without one, until a signal."""
        with selectors.DefaultSelector() as selector:
            selector.register(self.control, selectors.EVENT_READ)
            if end is not None:
                selector.register(end, selectors.EVENT_READ)
            while True:
                ready = [key.fileobj for key, _ in selector.select()]
                if end in ready:
                    os.close(end)
                    return
                self._serve_order()

    def _serve_order(self):
        link, _ = self.control.accept()
        with link, link.makefile("rw", encoding="utf-8") as stream:
            link.settimeout(servers.START_SECONDS)
            try:
                answer = self._carry_out(shlex.split(stream.readline()))
            except (Fault, ValueError) as error:
                answer = f"error {error}"
            except OSError:
                return
            try:
                stream.write(answer + "\n")
                stream.flush()
            except OSError:
                pass

    def _carry_out(self, words):
        if len(words) < 2 or words[1] not in self.servers:
            raise Fault(f"there is no server {' '.join(words[1:2])!r}; there are: "
                        f"{', '.join(self.servers)}.")
        server = self.servers[words[1]]
        if words[0] == "kill":
            server.kill()
        elif words[0] == "restart":
            server.restart(words[2:])
        elif words[0] == "pause":
            server.signal(signal.SIGSTOP)
        elif words[0] == "resume":
            server.signal(signal.SIGCONT)
        else:
            raise Fault(f"there is no order {words[0]!r}.")
        self._write_list()
        return "done"

    def stop(self):
        servers.stop(self.servers.values())
        if self.control:
            self.control.close()
        shutil.rmtree(self.folder, ignore_errors=True)


def supervise(names, work):
    """Starts the forms, does `work(run)`, stops everything in every case; gives the exit status."""
    for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
        signal.signal(number, raise_stopped)
    run = None
    try:
        run = Run(names)
        run.start()
        return work(run)
    except Stopped as stopped:
        return 128 + stopped.number
    finally:
        for number in (signal.SIGINT, signal.SIGTERM, signal.SIGHUP):
            signal.signal(number, signal.SIG_IGN)
        if run:
            run.stop()


def give_order(words):
    """From the side of the command: sends one order to the run that it belongs to."""
    folder = os.environ.get("SEMANTRIX_SERVERS")
    if not folder:
        raise Fault("SEMANTRIX_SERVERS is not set; give this order from a command that "
                    "`tools/servers run` started.")
    with socket.socket(socket.AF_UNIX) as link:
        try:
            link.connect(os.path.join(folder, "control"))
            link.sendall((shlex.join(words) + "\n").encode())
            answer = link.makefile(encoding="utf-8").readline().strip()
        except OSError as error:
            raise Fault(f"the servers of {folder} are gone: {error.strerror}.") from error
    if answer != "done":
        raise Fault(answer.removeprefix("error ") or "the servers went away.")
    sys.stdout.flush()
