"""Runs the clients against one another on one server: a row at a time, everybody in turns."""
import json
import os
import resource
import select
import statistics
import subprocess
from dataclasses import asdict, dataclass

from peers.contest import Broken, size

PATIENCE_SECONDS = 60  # for one line of a harness; beyond it the harness counts as hung
CLOCK_SECONDS = 0.001  # of redis-benchmark's clock
KEY_PREFIX = "semantrix:"
VALUES = (64, 4096, 256 * 1024)
CALLERS = (1, 8, 64, 512)
ADDERS = 64


@dataclass(frozen=True)
class Row:
    verb: str
    callers: int
    value_bytes: int
    transport: str

    @property
    def title(self):
        return f"{self.verb} {size(self.value_bytes)}, {self.transport}, {self.callers}"

    @property
    def key(self):
        return f"{KEY_PREFIX}bench:{self.value_bytes}"


def rows(transports):
    for transport in transports:
        for value_bytes in VALUES:
            for callers in CALLERS:
                yield Row("get", callers, value_bytes, transport)
            yield Row("add", ADDERS, value_bytes, transport)


@dataclass(frozen=True)
class Server:
    host: str
    port: str
    ca: str = ""  # empty: no TLS


class Harness:
    """A process with open connections that runs a pass for each line it is sent."""

    def __init__(self, client, server):
        self.name = client.name
        self.rest = b""
        tls = ["--ca", server.ca] if server.ca else []
        self.process = subprocess.Popen(
            [*client.command, "--host", server.host, "--port", server.port, *tls],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)

    def measure(self, row, ops):
        try:
            self.process.stdin.write(
                f"{row.verb} {row.callers} {row.value_bytes} {ops}\n".encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Broken(f"{self.name} has ended") from None
        result = json.loads(self.read_line())
        right = result["ops"] * row.value_bytes if row.verb == "get" else 0
        if result["checksum"] != right:
            raise Broken(f"{self.name} returned a wrong value ({row.title})")
        return result

    def read_line(self):
        pipe = self.process.stdout.fileno()
        while b"\n" not in self.rest:
            ready, _, _ = select.select([pipe], [], [], PATIENCE_SECONDS)
            chunk = os.read(pipe, 65536) if ready else b""
            if not chunk:
                self.process.kill()
                raise Broken(f"{self.name} {'has ended' if ready else 'hangs'}")
            self.rest += chunk
        line, self.rest = self.rest.split(b"\n", 1)
        return line

    def close(self):
        try:
            self.process.stdin.close()
        except BrokenPipeError:
            pass
        try:
            self.process.wait(PATIENCE_SECONDS)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.wait()


def children_cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


class RedisBenchmark:
    """A process a pass: one connection, as many requests in flight as the row has callers."""

    def __init__(self, client, server):
        self.name = client.name
        tls = ["--tls", "--cacert", server.ca] if server.ca else []
        self.command = [*client.command, "-h", server.host, "-p", server.port, *tls,
                        "--csv", "--precision", "3", "-c", "1"]

    def measure(self, row, ops):
        request, value = ["GET", row.key], None
        if row.verb == "add":
            request, value = ["-x", "SET", row.key], b"v" * row.value_bytes
        cpu_began = children_cpu_seconds()
        done = subprocess.run(
            [*self.command, "-P", str(row.callers), "-n", str(ops), *request], input=value,
            stdout=subprocess.PIPE, stderr=subprocess.PIPE, check=False, timeout=PATIENCE_SECONDS)
        cpu = children_cpu_seconds() - cpu_began
        # The last line: the request, its rate, then latencies in ms: mean, least, p50, p95, p99.
        cells = done.stdout.decode().rstrip().rsplit(",", 7)
        if done.returncode != 0 or len(cells) != 8:
            raise Broken(f"redis-benchmark failed: {done.stderr.decode().strip()[-500:]}")
        rate, _, _, p50, _, p99, _ = (float(cell.strip('"')) for cell in cells[1:])
        seconds = max(ops / rate, CLOCK_SECONDS / 2)
        alone = row.callers == 1
        return {"verb": row.verb, "callers": row.callers, "value_bytes": row.value_bytes,
                "ops": ops, "seconds": seconds, "ops_per_second": ops / seconds,
                "cpu_ns_per_op": cpu * 1e9 / ops, "allocations_per_op": None,
                "p50_us": p50 * 1e3 if alone else None, "p99_us": p99 * 1e3 if alone else None}

    def close(self):
        """Nothing outlives a pass."""


def settle(player, row, seconds):
    """Warms up; returns the number of calls that take about so long."""
    ops = row.callers
    while True:
        took = player.measure(row, ops)["seconds"]
        if took >= seconds / 4:
            return max(row.callers, int(ops * seconds / took))
        ops *= max(2, min(20, int(seconds / 3 / took)))


class Tally:
    """All that was measured of one row, by the clock on the wall or that of the clients' CPU."""

    def __init__(self, row, clock):
        self.row = row
        self.clock = clock
        self.results = {}
        self.ratios = {}

    def add(self, name, result):
        self.results.setdefault(name, []).append(result)
        return self.speed_of(result)

    def speed_of(self, result):
        return result["ops_per_second"] if self.clock == "wall" else 1e9 / result["cpu_ns_per_op"]

    def speed(self, name):
        return statistics.median(self.speed_of(result) for result in self.results[name])

    def has(self, name):
        return name in self.results

    def ratio(self, rival):
        return statistics.median(self.ratios[rival])

    def middle(self, name, field):
        """The median of the passes; nothing where it is not counted."""
        measured = [result[field] for result in self.results[name]]
        return None if None in measured else statistics.median(measured)

    def as_json(self):
        return {**asdict(self.row), "clock": self.clock, "results": self.results,
                "ratios": {rival: {"pairs": pairs, "median": statistics.median(pairs)}
                           for rival, pairs in self.ratios.items()}}


def one_round(players, ours, rivals, tally, ops):
    """Each rival stands next to one of our passes: R1 A R2, R3 A R4."""
    def speed(name):
        return tally.add(name, players[name].measure(tally.row, ops[name]))

    for at in range(0, max(1, len(rivals)), 2):
        left, right = rivals[at:at + 1], rivals[at + 1:at + 2]
        theirs = {name: speed(name) for name in left}
        our_speed = speed(ours)
        theirs |= {name: speed(name) for name in right}
        for name, their_speed in theirs.items():
            tally.ratios.setdefault(name, []).append(our_speed / their_speed)


def compete(row, players, pairs, seconds, clock="wall"):
    """Measures one row: everybody warmed up, then so many rounds. Ours is the first player."""
    tally = Tally(row, clock)
    ours, *rivals = players
    ops = {name: settle(player, row, seconds) for name, player in players.items()}
    for _ in range(pairs):
        one_round(players, ours, rivals, tally, ops)
    return tally
