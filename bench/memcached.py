#!/usr/bin/env python3
"""Measures ElastiCacheStore over the Memcached protocol against other clients on one server.

Starts a server of its own. A benchmark reports and does not judge: the exit status is 0 whether the
bar holds or not, and 1 only if nothing could be measured.
"""
import argparse
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path

from peers.contest import Broken, size
from peers.contestants import ROOT, BuildFailed, run
from peers.report import row as table_row
from redis import contest
from redis.report import rate
from run import machine, say

HERE = ROOT / "bench" / "memcached"
FORM = "memcached"
BATCH_KEYS = 100
BAR = 5.0  # times pymemcache, of 100 keys at once


@dataclass(frozen=True)
class Row:
    verb: str
    callers: int
    value_bytes: int
    batch: bool

    @property
    def title(self):
        verb = f"batch_{self.verb} of {BATCH_KEYS}" if self.batch else self.verb
        return f"{verb} {size(self.value_bytes)}, callers: {self.callers}"


def rows(values):
    for value_bytes in values:
        for verb in ("add", "get"):
            yield Row(verb, 1, value_bytes, True)
            yield Row(verb, 1, value_bytes, False)
        yield Row("get", 64, value_bytes, False)


@dataclass
class Client:
    name: str
    title: str
    command: list
    missing: str = ""
    pipelines: bool = False  # whether it has rows of several callers


class Harness(contest.Harness):
    """As for Redis; in a batch the bytes of all keys are counted."""

    def __init__(self, client, server, batch):
        words = ["--connections", "batch" if batch else "one"]
        super().__init__(Client(client.name, client.title, [*client.command, *words]), server)
        self.keys = BATCH_KEYS if batch else 1

    def measure(self, row, ops):
        self.process.stdin.write(f"{row.verb} {row.callers} {row.value_bytes} {ops}\n".encode())
        self.process.stdin.flush()
        result = json.loads(self.read_line())
        right = result["ops"] * row.value_bytes * self.keys if row.verb == "get" else 0
        if result["checksum"] != right:
            raise Broken(f"{self.name} returned a wrong value ({row.title})")
        return result


def clients(build_dir, programs):
    environment = build_dir / "peers" / "memcached_python"
    absent = ""
    if programs is None:
        directory = build_dir / "release"
        run(["cmake", "--preset", "release", "-B", str(directory),
             "-DSEMANTRIX_BUILD_BENCHMARKS=ON"], cwd=ROOT)
        run(["cmake", "--build", str(directory), "--parallel", str(os.cpu_count()), "--target",
             "memcached_peers"], cwd=ROOT)
        programs = directory / "bench" / "memcached"
        absent = build_python(environment)
    python, library = environment / "bin" / "python", programs / "libmemcached_peer"
    absent = absent or ("" if python.exists() else "its Python environment is not built")
    return [
        Client("semantrix", "Semantrix", [str(programs / "semantrix_memcached_peer")],
               pipelines=True),
        Client("raw", "a socket, pipelined by hand", [str(programs / "raw_memcached_peer")],
               pipelines=True),
        Client("libmemcached", "libmemcached", [str(library)],
               "" if library.exists() else "libmemcached-dev is not installed"),
        Client("pymemcache", "pymemcache",
               [str(python), "-B", str(HERE / "python" / "pymemcache_peer.py")], absent),
    ]


def build_python(environment):
    """Why it could not be done, or nothing."""
    try:
        if not (environment / "bin" / "python").exists():
            run([sys.executable, "-m", "venv", str(environment)], cwd=ROOT)
        run([str(environment / "bin" / "python"), "-m", "pip", "install", "--quiet",
             "--disable-pip-version-check", "-r", str(HERE / "python" / "requirements.txt")],
            cwd=ROOT)
    except BuildFailed as problem:
        return str(problem)
    return ""


def measure(chosen, present, server, arguments):
    tallies = []
    for row in chosen:
        players = {client.name: Harness(client, server, row.batch) for client in present
                   if client.pipelines or row.callers == 1}
        # There is something to get.
        players["semantrix"].measure(Row("add", 1, row.value_bytes, row.batch), 1)
        tallies.append(contest.compete(row, players, arguments.pairs, arguments.seconds))
        for player in players.values():
            player.close()
        say(f"{row.title}: measured")
    return tallies


def table(tallies, rivals):
    heads = ["call", "calls/s", "CPU ns", *(rival.title for rival in rivals)]
    lines = [table_row(heads), table_row(["---"] * len(heads))]
    for tally in tallies:
        cells = [tally.row.title, rate(tally.speed("semantrix")),
                 f"{tally.middle('semantrix', 'cpu_ns_per_op'):.0f}"]
        cells += [f"**{tally.ratio(rival.name):.2f}** × {rate(tally.speed(rival.name))}"
                  if tally.has(rival.name) else "" for rival in rivals]
        lines.append(table_row(cells))
    return "\n".join(lines)


def bar(tallies):
    """The bar is held by the smallest values that were measured."""
    for tally in tallies:
        if tally.row.batch and tally.row.verb == "get" and tally.has("pymemcache"):
            return tally.ratio("pymemcache")
    return None


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="3 pairs, shorter passes")
    parser.add_argument("--pairs", type=int, help="interleaved pairs (9; with --quick 3)")
    parser.add_argument("--seconds", type=float, help="of one pass (0.4; with --quick 0.2)")
    parser.add_argument("--values", type=lambda text: [int(word) for word in text.split(",")],
                        default=[64, 4096], help="bytes of a value, comma-separated (64,4096)")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured")
    parser.add_argument("--programs", type=Path, metavar="FOLDER",
                        help="of C++ harnesses that are built already; builds nothing")
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    arguments = parser.parse_args()
    arguments.pairs = arguments.pairs or (3 if arguments.quick else 9)
    arguments.seconds = arguments.seconds or (0.2 if arguments.quick else 0.4)
    return arguments


def main():
    arguments = parse_arguments()
    endpoint = os.environ.get(f"SEMANTRIX_{FORM}_ENDPOINT".upper())
    if endpoint is None:
        servers = str(ROOT / "tools" / "servers")
        os.execv(servers, [servers, "run", FORM, "--", sys.executable, *sys.argv])
    host, _, port = endpoint.rpartition(":")
    everyone = clients(arguments.build_dir, arguments.programs)
    present = [client for client in everyone if not client.missing]
    absent = {client.title: client.missing for client in everyone if client.missing}
    about = {**machine(), "load": f"{os.getloadavg()[0]:.1f}"}
    tallies = measure(list(rows(arguments.values)), present, contest.Server(host, port), arguments)
    print(f"Memcached on the same machine; median of {arguments.pairs} interleaved pairs; "
          f"{about['processor']}, {about['cores']} cores, load {about['load']}, commit "
          f"{about['commit']}, {about['date']}. Cells: **ratio of ours to theirs** × their "
          f"calls/s.\n")
    print(table(tallies, present[1:]))
    value = bar(tallies)
    verdict = "not measured" if value is None else "held" if value >= BAR else "short"
    print(f"\nbatch_get of {BATCH_KEYS}, of pymemcache: ≥ {BAR} ×: "
          f"{'' if value is None else f'{value:.2f}, '}{verdict}")
    for title, why in absent.items():
        print(f"\n{title}: not run: {why}")
    if arguments.json:
        everything = {"about": about, "rows": [tally.as_json() for tally in tallies],
                      "bar": {"measured": value, "verdict": verdict}, "not_run": absent}
        Path(arguments.json).write_text(json.dumps(everything, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BuildFailed, Broken, OSError) as problem:
        print(f"bench/memcached.py: {problem}", file=sys.stderr)
        sys.exit(1)
