#!/usr/bin/env python3
"""Measures DynamoDBCacheStore against the SDKs of AWS on a server that always answers the same: see
bench/README.md.

A benchmark reports and does not judge: the exit status is 0 whether the bar holds or not, and 1 only
if nothing could be measured.
"""
import argparse
import json
import os
import shutil
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

from peers.contest import Broken, size
from peers.contestants import ROOT, BuildFailed, run
from peers.report import row as table_row
from redis import contest
from redis.clients import Client
from redis.report import rate
from run import machine, say

HERE = ROOT / "bench" / "dynamodb"
BAR = 15.0  # times less CPU than boto3, 1 KiB, one caller


@dataclass(frozen=True)
class Row:
    callers: int
    value_bytes: int
    verb: str = "get"

    @property
    def title(self):
        return f"{size(self.value_bytes)}, callers: {self.callers}"


class FixedReplyServer:
    """In the folder of programs. Ends with its standard input."""

    def __init__(self, programs):
        self.process = subprocess.Popen([str(programs / "fixed_reply_server")],
                                        stdin=subprocess.PIPE, stdout=subprocess.PIPE)
        self.address = contest.Server("127.0.0.1", self.process.stdout.readline().decode().strip())

    def __enter__(self):
        return self.address

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=10)


# -- Who takes part --

def build_programs(build_dir):
    """The folder of our client's harness and of the server."""
    directory = build_dir / "release"
    run(["cmake", "--preset", "release", "-B", str(directory), "-DSEMANTRIX_BUILD_BENCHMARKS=ON"],
        cwd=ROOT)
    run(["cmake", "--build", str(directory), "--parallel", str(os.cpu_count()), "--target",
         "dynamodb_peers"], cwd=ROOT)
    return directory / "bench" / "dynamodb"


def clients(build_dir, programs, build):
    others = build_dir / "peers"
    return [
        Client("semantrix", "Semantrix", [str(programs / "semantrix_dynamodb_peer")]),
        rival("aws_sdk_rust", "aws-sdk-rust", others / "dynamodb_rust", "target/release/"
              "aws_sdk_rust_peer", build_rust if build else None),
        rival("aws_sdk_js", "AWS SDK for JavaScript v3", others / "dynamodb_node",
              "aws_sdk_js_peer.mjs", build_node if build else None, ["node", "--no-warnings"]),
        rival("boto3", "boto3", others / "dynamodb_python", "boto3_peer.py",
              build_python if build else None, [str(others / "dynamodb_python/bin/python")]),
    ]


def rival(name, title, folder, program, build, interpreter=()):
    """One that runs from its folder; built there, or as it stands."""
    missing = ""
    try:
        if build:
            build(folder)
    except (BuildFailed, OSError) as problem:
        missing = str(problem)
    if not missing and not (folder / program).exists():
        missing = "its harness is not built"
    return Client(name, title, [*interpreter, str(folder / program)], missing)


def build_rust(folder):
    # Cargo writes its lock file beside the manifest: a copy keeps the sources as they are.
    shutil.copytree(HERE / "rust", folder, dirs_exist_ok=True)
    run(["cargo", "build", "--release", "--quiet"], cwd=folder)


def build_node(folder):
    shutil.copytree(HERE / "node", folder, dirs_exist_ok=True)
    run(["npm", "install", "--silent", "--no-audit", "--no-fund"], cwd=folder)


def build_python(folder):
    shutil.copytree(HERE / "python", folder, dirs_exist_ok=True)
    if not (folder / "bin" / "python").exists():
        run([sys.executable, "-m", "venv", str(folder)], cwd=ROOT)
    run([str(folder / "bin" / "python"), "-m", "pip", "install", "--quiet",
         "--disable-pip-version-check", "-r", str(HERE / "python" / "requirements.txt")], cwd=ROOT)


# -- Measuring --

def measure(chosen, present, server, arguments):
    tallies = []
    for row in chosen:
        players = {client.name: contest.Harness(client, server) for client in present}
        tallies.append(contest.compete(row, players, arguments.pairs, arguments.seconds,
                                       arguments.clock))
        for player in players.values():
            player.close()
        say(f"{row.title}: measured")
    return tallies


def cell(tally, name):
    cpu = tally.middle(name, "cpu_ns_per_op") / 1e3
    alone = tally.middle(name, "p50_us") if tally.row.callers == 1 else None
    return f"{rate(tally.speed(name))}, {cpu:.1f} µs" + (f", p50 {alone:.0f} µs" if alone else "")


def cpu_ratio(tally, name):
    """Of the medians: what a get of theirs costs, by what one of ours costs."""
    return tally.middle(name, "cpu_ns_per_op") / tally.middle("semantrix", "cpu_ns_per_op")


def table(tallies, rivals):
    heads = ["get", "Semantrix", *(rival.title for rival in rivals)]
    lines = [table_row(heads), table_row(["---"] * len(heads))]
    for tally in tallies:
        cells = [tally.row.title, cell(tally, "semantrix")]
        cells += [f"**{tally.ratio(rival.name):.1f}**, CPU **{cpu_ratio(tally, rival.name):.1f}** × "
                  f"{cell(tally, rival.name)}" for rival in rivals]
        lines.append(table_row(cells))
    return "\n".join(lines)


def bar(tallies):
    """The bar is held by the first row: the fewest callers, the smallest value."""
    return cpu_ratio(tallies[0], "boto3") if tallies[0].has("boto3") else None


def numbers_of(text):
    return [int(word) for word in text.split(",")]


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.split(": see")[0])
    parser.add_argument("--quick", action="store_true", help="3 pairs, shorter passes")
    parser.add_argument("--pairs", type=int, help="interleaved pairs (9; with --quick 3)")
    parser.add_argument("--seconds", type=float, help="of one pass (0.4; with --quick 0.2)")
    parser.add_argument("--callers", type=numbers_of, default=[1, 8, 32, 128],
                        help="at the same time, comma-separated (1,8,32,128)")
    parser.add_argument("--values", type=numbers_of, default=[1024, 100 * 1024],
                        help="bytes of a value, comma-separated (1024,102400)")
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall",
                        help="cpu: calls a second of the client's CPU time, for a machine that is "
                             "not idle")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured")
    parser.add_argument("--programs", type=Path, metavar="FOLDER",
                        help="of C++ programs that are built already; builds nothing")
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    arguments = parser.parse_args()
    arguments.pairs = arguments.pairs or (3 if arguments.quick else 9)
    arguments.seconds = arguments.seconds or (0.2 if arguments.quick else 0.4)
    return arguments


def main():
    arguments = parse_arguments()
    programs = arguments.programs or build_programs(arguments.build_dir)
    everyone = clients(arguments.build_dir, programs, build=arguments.programs is None)
    present = [client for client in everyone if not client.missing]
    absent = {client.title: client.missing for client in everyone if client.missing}
    about = {**machine(), "load": f"{os.getloadavg()[0]:.1f}"}
    chosen = [Row(callers, value) for value in arguments.values for callers in arguments.callers]
    with FixedReplyServer(programs) as server:
        tallies = measure(chosen, present, server, arguments)
    print(f"GetItem from a fixed-reply server on the same machine; median of {arguments.pairs} "
          f"interleaved pairs; {about['processor']}, {about['cores']} cores, load "
          f"{about['load']}, commit {about['commit']}, {about['date']}. Cells: **ratio of our "
          f"calls/s to theirs**, CPU **ratio of theirs to ours** × their calls/s, CPU a get.\n")
    print(table(tallies, present[1:]))
    value = bar(tallies)
    verdict = "not measured" if value is None else "held" if value >= BAR else "short"
    print(f"\nCPU a get, of boto3: ≥ {BAR} ×: {'' if value is None else f'{value:.1f}, '}{verdict}")
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
        print(f"bench/dynamodb.py: {problem}", file=sys.stderr)
        sys.exit(1)
