"""Runs the contestants against each other: a process each, warmed up once, measured in turns."""

import json
import os
import select
import statistics
import subprocess
from dataclasses import dataclass

PATIENCE_SECONDS = 300  # for one line of a harness; beyond it the harness counts as hung


@dataclass(frozen=True)
class Shape:
    keys: int
    capacity: int
    value_bytes: int

    @property
    def title(self):
        return f"{count(self.keys)} / {count(self.capacity)} / {size(self.value_bytes)}"


# Two that fit (in the processor's cache, and beyond it) and two that must evict.
SHAPES = [
    Shape(100_000, 110_000, 256),
    Shape(1_000_000, 1_100_000, 256),
    Shape(1_000_000, 100_000, 256),
    Shape(1_000_000, 100_000, 2048),
]


def count(number):
    return f"{number / 1e6:g} M" if number >= 1_000_000 else f"{number / 1e3:g} K"


def size(number):
    return f"{number // 1024} KB" if number >= 1024 else f"{number} B"


class Broken(Exception):
    """A harness ended, hung, or handed out a wrong value."""


class Session:
    """A harness that has filled its cache and waits for passes to run."""

    def __init__(self, contestant, shape, workload, warmup):
        self.contestant = contestant
        self.shape = shape
        self.rest = b""
        self.process = subprocess.Popen(
            [*contestant.command, "--workload", str(workload), "--serve", "true",
             "--warmup", str(warmup),
             "--keys", str(shape.keys), "--capacity", str(shape.capacity),
             "--value-bytes", str(shape.value_bytes)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.read()

    def measure(self, threads, ops):
        if self.contestant.floor:
            ops //= 4
        try:
            self.process.stdin.write(f"{threads} {ops}\n".encode())
            self.process.stdin.flush()
        except BrokenPipeError:
            raise Broken(f"{self.contestant.name} has ended") from None
        result = self.read()
        if result["checksum"] != result["hits"] * self.shape.value_bytes:
            raise Broken(f"{self.contestant.name} returned a wrong value")
        return result

    def read(self):
        pipe = self.process.stdout.fileno()
        while b"\n" not in self.rest:
            ready, _, _ = select.select([pipe], [], [], PATIENCE_SECONDS)
            chunk = os.read(pipe, 65536) if ready else b""
            if not chunk:
                self.process.kill()
                raise Broken(f"{self.contestant.name} {'has ended' if ready else 'hangs'}")
            self.rest += chunk
        line, self.rest = self.rest.split(b"\n", 1)
        return json.loads(line)

    def close(self):
        self.process.stdin.close()
        self.process.wait()


def turns(ours, rivals):
    """The order of one round, in which each rival stands next to each policy of ours:
    A R1 B R2 A R3 B … for two policies. Yields (contestant, None) or (rival, its neighbours)."""
    last = None
    for i, rival in enumerate(rivals):
        order = ours if i % 2 == 0 else ours[::-1]
        if order[0] is not last:
            yield order[0], None
        yield rival, None
        for policy in order[1:]:
            yield policy, None
        last = order[-1] if len(order) > 1 else None
        yield None, rival


def speed_by(clock, result):
    """Operations a second of the wall clock, or of the CPU time of all threads of the process."""
    return result["ops_per_second"] if clock == "wall" else result["ops"] / result["cpu_seconds"]


def one_round(sessions, ours, rivals, threads, ops, clock):
    """Measures everyone once; returns results by name and the ratios (policy, rival) -> number."""
    latest, results, ratios = {}, {}, {}
    for contestant, settled in turns(ours, rivals):
        if contestant is not None:
            result = sessions[contestant.name].measure(threads, ops)
            latest[contestant.name] = speed_by(clock, result)
            results.setdefault(contestant.name, []).append(result)
            continue
        for policy in ours:
            ratios[policy.name, settled.name] = latest[policy.name] / latest[settled.name]
    return results, ratios


class Tally:
    """All that was measured of one shape and number of threads."""

    def __init__(self, shape, threads, clock):
        self.clock = clock
        self.shape = shape
        self.threads = threads
        self.results = {}
        self.ratios = {}

    def add(self, results, ratios):
        for name, measured in results.items():
            self.results.setdefault(name, []).extend(measured)
        for pair, ratio in ratios.items():
            self.ratios.setdefault(pair, []).append(ratio)

    def ratio(self, policy, rival):
        return statistics.median(self.ratios[policy, rival])

    def speed(self, name):
        return statistics.median(speed_by(self.clock, result) for result in self.results[name])

    def hit_ratio(self, name):
        results = self.results[name]
        return sum(r["hits"] for r in results) / sum(r["ops"] for r in results)

    def as_json(self):
        return {
            "keys": self.shape.keys, "capacity": self.shape.capacity,
            "value_bytes": self.shape.value_bytes, "threads": self.threads, "clock": self.clock,
            "results": self.results,
            "ratios": [{"policy": policy, "rival": rival, "pairs": pairs,
                        "median": statistics.median(pairs)}
                       for (policy, rival), pairs in self.ratios.items()],
        }


def compete(shape, workload, ours, rivals, plan, say):
    """Runs `plan.pairs` rounds at each number of threads, spread over `plan.starts` sets of fresh
    processes, so that no luck of memory layout or hash seed lasts."""
    tallies = {threads: Tally(shape, threads, plan.clock) for threads in plan.threads}
    for start in range(plan.starts):
        say(f"{shape.title}: warm-up {start + 1} of {plan.starts}")
        sessions = {}
        try:
            for contestant in [*ours, *rivals]:
                sessions[contestant.name] = Session(contestant, shape, workload,
                                                    plan.warmup)
            for threads, tally in tallies.items():
                def measure(ops, threads=threads):
                    return one_round(sessions, ours, rivals, threads, ops, plan.clock)

                measure(plan.ops // 4)  # settles the threads' caches and arenas; not counted
                for _ in range(plan.rounds_of(start)):
                    tally.add(*measure(plan.ops))
                say(f"{shape.title}: {threads} thread(s) measured")
        finally:
            for session in sessions.values():
                session.close()
    return list(tallies.values())


def measure_memory(contestant, ttl_seconds, value_bytes, value_bytes_most, entries):
    """One fill in a process of its own; returns what the harness printed."""
    done = subprocess.run(
        [*contestant.command, "--memory", str(entries), "--capacity", str(entries),
         "--ttl-seconds", str(ttl_seconds), "--value-bytes", str(value_bytes),
         "--value-bytes-most", str(value_bytes_most)],
        stdout=subprocess.PIPE, text=True, check=False, timeout=PATIENCE_SECONDS)
    if done.returncode != 0:
        raise Broken(f"{contestant.name} has ended")
    return json.loads(done.stdout)
