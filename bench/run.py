#!/usr/bin/env python3
"""Measures Semantrix against its rivals and prints the tables: see bench/README.md.

A benchmark reports and does not judge: the exit status is 0 whether the bars hold or not, and 1
only if nothing could be measured.
"""

import argparse
import json
import os
import platform
import subprocess
import sys
import time
from dataclasses import dataclass
from pathlib import Path

from peers import contest, report
from peers.contestants import ROOT, BuildFailed, build_all

ZIPF = 0.99
REQUESTS = 8_000_000  # in the file; more than most sets of passes use up
MEMORY_ENTRIES = 1_000_000
# Columns of the memory table: ttl in seconds, least and most bytes of a value.
FILLS = {
    "values of 200 to 1,000 B": (0, 200, 1000),
    "the same with ttl": (3600, 200, 1000),
    "values of 256 B": (0, 256, 256),
}


@dataclass
class Plan:
    pairs: int
    starts: int  # sets of processes that the pairs are spread over
    ops: int  # of one timed pass
    warmup: int  # requests answered before the first pass
    clock: str = "wall"
    threads: tuple = (1, 2)

    def rounds_of(self, start):
        return self.pairs // self.starts + (1 if start < self.pairs % self.starts else 0)


def say(words):
    print(f"[{time.strftime('%H:%M:%S')}] {words}", file=sys.stderr, flush=True)


def shape_numbers(text):
    numbers = [int(word) for word in text.split(",")]
    if not all(1 <= number <= len(contest.SHAPES) for number in numbers):
        raise ValueError
    return numbers


def parse_arguments():
    parser = argparse.ArgumentParser(description="Measure Semantrix against its rivals.")
    parser.add_argument("--quick", action="store_true", help="3 pairs, fewer operations")
    parser.add_argument("--pairs", type=int, help="interleaved pairs (9; with --quick 3)")
    parser.add_argument("--policies", default="s3fifo,w_tinylfu", help="ours, comma-separated")
    parser.add_argument("--only", help="rivals to run, comma-separated (all)")
    parser.add_argument("--shapes", default="1,2,3,4", type=shape_numbers,
                        help="which of the four shapes, comma-separated")
    parser.add_argument("--no-memory", action="store_true", help="leave out the memory table")
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall",
                        help="cpu: operations a second of CPU time, for a machine that is not idle")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured")
    parser.add_argument("--no-build", action="store_true", help="measure what is built already")
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    return parser.parse_args()


def plan_of(arguments):
    if arguments.quick:
        return Plan(pairs=arguments.pairs or 3, starts=1, ops=500_000, warmup=2_000_000,
                    clock=arguments.clock)
    pairs = arguments.pairs or 9
    return Plan(pairs=pairs, starts=min(3, pairs), ops=1_500_000, warmup=3_000_000,
                clock=arguments.clock)


def draw_workload(build_dir, keys):
    directory = build_dir / "peers" / "workloads"
    directory.mkdir(parents=True, exist_ok=True)
    path = directory / f"zipf_{ZIPF}_{keys}.u32"
    tool = build_dir / "release" / "bench" / "peers" / "make_workload"
    subprocess.run([tool, ROOT / "bench" / "stress" / "zipf.json", path, str(keys), str(ZIPF),
                    str(REQUESTS)], check=True)
    return path


def measure_throughput(arguments, plan, ours, rivals):
    tallies = []
    for number in arguments.shapes:
        shape = contest.SHAPES[number - 1]
        workload = draw_workload(arguments.build_dir, shape.keys)
        tallies += contest.compete(shape, workload, ours, rivals, plan, say)
    return tallies


def measure_memory(contestants):
    """Overheads by contestant: without ttl, with ttl (none where there is no such thing)."""
    rows = []
    for contestant in contestants:
        say(f"memory of {contestant.title}")
        overheads = {}
        for column, (ttl, least, most) in FILLS.items():
            if ttl and not contestant.has_ttl:
                overheads[column] = None
                continue
            measured = contest.measure_memory(contestant, ttl, least, most, MEMORY_ENTRIES)
            overheads[column] = measured["overhead_per_entry"]
        rows.append((contestant, overheads))
    return rows


def machine():
    model = platform.processor() or "unknown processor"
    for line in Path("/proc/cpuinfo").read_text().splitlines():
        if line.startswith("model name"):
            model = line.split(":", 1)[1].strip()
            break
    commit = subprocess.run(["git", "-C", ROOT, "rev-parse", "--short", "HEAD"],
                            stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True,
                            check=False).stdout.strip() or "unknown"
    return {"date": time.strftime("%Y-%m-%d"), "commit": commit, "processor": model,
            "cores": len(os.sched_getaffinity(0))}


def main():
    arguments = parse_arguments()
    plan = plan_of(arguments)
    say("building the harnesses")
    ours, rivals = build_all(arguments.build_dir, arguments.policies.split(","),
                             not arguments.no_build)
    if arguments.only:
        rivals = [rival for rival in rivals if rival.name in arguments.only.split(",")]
    absent = [rival for rival in rivals if rival.missing]
    present = [rival for rival in rivals if not rival.missing]

    tallies = measure_throughput(arguments, plan, ours, present)
    memory = [] if arguments.no_memory else measure_memory([*ours, *present])
    about = machine()
    print(f"Zipf {ZIPF}, get and on a miss put, 32-byte keys; median of {plan.pairs} interleaved "
          f"pairs; {about['processor']}, {about['cores']} cores, commit {about['commit']}, "
          f"{about['date']}. Cells: **ratio of ours to theirs** × their M/s (their hit ratio).\n")
    print(report.throughput_table(tallies, ours, present))
    if memory:
        print("\n" + report.memory_table(memory))
    if absent:
        print("\n" + report.not_run(absent))
    if arguments.json:
        everything = {"about": about, "throughput": [tally.as_json() for tally in tallies],
                      "memory": {c.name: overheads for c, overheads in memory},
                      "not_run": {c.name: c.missing for c in absent}}
        Path(arguments.json).write_text(json.dumps(everything, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BuildFailed, contest.Broken, OSError) as problem:
        print(f"bench/run.py: {problem}", file=sys.stderr)
        sys.exit(1)
