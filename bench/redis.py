#!/usr/bin/env python3
"""Measures ElastiCacheStore against other clients on one Redis server: see bench/README.md.

Starts servers of its own. A benchmark reports and does not judge: the exit status is 0 whether the
bars hold or not, and 1 only if nothing could be measured.
"""
import argparse
import json
import os
import sys
import time
from dataclasses import replace
from pathlib import Path

from peers.contest import Broken
from peers.contestants import ROOT, BuildFailed
from redis import contest, report
from redis.clients import build_all
from run import machine, say

# What a server of each transport is called in tools/servers.
FORMS = {"plain": "redis", "TLS": "redis_tls"}


def words_of(text):
    return text.split(",")


def numbers_of(text):
    return [int(word) for word in text.split(",")]


def parse_arguments():
    parser = argparse.ArgumentParser(description="Measure ElastiCacheStore against other clients.")
    parser.add_argument("--quick", action="store_true", help="3 pairs, shorter passes")
    parser.add_argument("--pairs", type=int, help="interleaved pairs (9; with --quick 3)")
    parser.add_argument("--seconds", type=float, help="of one pass (0.4; with --quick 0.3)")
    parser.add_argument("--only", type=words_of, help="rivals to run, comma-separated (all)")
    parser.add_argument("--transports", type=words_of, default=list(FORMS),
                        help="plain,TLS")
    parser.add_argument("--callers", type=numbers_of, help="1,8,64,512 or some of them")
    parser.add_argument("--values", type=numbers_of, help="64,4096,262144 or some of them")
    parser.add_argument("--verbs", type=words_of, default=["get", "add"], help="get,add")
    parser.add_argument("--clock", choices=["wall", "cpu"], default="wall",
                        help="cpu: calls a second of the client's CPU time, for a machine that is "
                             "not idle")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured")
    parser.add_argument("--programs", type=Path, metavar="FOLDER",
                        help="of C++ harnesses that are built already; builds nothing")
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    arguments = parser.parse_args()
    arguments.pairs = arguments.pairs or (3 if arguments.quick else 9)
    arguments.seconds = arguments.seconds or (0.3 if arguments.quick else 0.4)
    if not set(arguments.transports) <= set(FORMS):
        parser.error(f"the transports are {', '.join(FORMS)}")
    return arguments


def chosen_rows(arguments):
    return [row for row in contest.rows(arguments.transports)
            if row.verb in arguments.verbs
            and (arguments.callers is None or row.callers in arguments.callers)
            and (arguments.values is None or row.value_bytes in arguments.values)]


def server_of(transport):
    variable = f"SEMANTRIX_{FORMS[transport]}_".upper()
    host, _, port = os.environ[variable + "ENDPOINT"].rpartition(":")
    return contest.Server(host, port, os.environ.get(variable + "CA", ""))


def start_servers():
    """Starts this program once more, with its servers around it."""
    servers = str(ROOT / "tools" / "servers")
    os.execv(servers, [servers, "run", *FORMS.values(), "--", sys.executable, *sys.argv])


def start_players(ours, rivals, row, absent):
    """Fresh processes, so that no row depends on those before it. A rival that fails to get one
    value joins the absent; ours must not."""
    server, players = server_of(row.transport), {}
    one = contest.Row("get", 1, row.value_bytes, row.transport)
    for client in [ours, *rivals]:
        name = f"{client.title}, {row.transport}"
        if name in absent or not client.plays(row):
            continue
        player = client.player(client, server)
        try:
            if client is ours:
                player.measure(replace(one, verb="add"), 1)
            player.measure(one, 1)
            players[client.name] = player
        except Broken as problem:
            player.close()
            if client is ours:
                raise
            absent[name] = str(problem)
    return players


def measure(rows, ours, rivals, absent, arguments):
    tallies = []
    for row in rows:
        players = start_players(ours, rivals, row, absent)
        tallies.append(contest.compete(row, players, arguments.pairs, arguments.seconds,
                                       arguments.clock))
        for player in players.values():
            player.close()
        say(f"{row.title} callers: measured")
    return tallies


def print_tables(tallies, present, absent, arguments, about):
    clock = "of CPU time " if arguments.clock == "cpu" else ""
    print(f"Redis on the same machine; median of {arguments.pairs} interleaved pairs; "
          f"{about['processor']}, {about['cores']} cores, load {about['load']}, commit "
          f"{about['commit']}, {about['date']}. Cells: **ratio of ours to theirs** × their calls/s "
          f"{clock}(one caller: their p50 / p99 µs).\n")
    print(report.table(tallies, present))
    print("\n" + report.bars_table(tallies))
    if absent:
        print("\n" + report.not_run(absent))


def main():
    arguments = parse_arguments()
    rows = chosen_rows(arguments)
    if not all(f"SEMANTRIX_{form}_ENDPOINT".upper() in os.environ for form in FORMS.values()):
        start_servers()
    ours, rivals = build_all(arguments.build_dir, arguments.programs)
    if arguments.only:
        rivals = [rival for rival in rivals if rival.name in arguments.only]
    absent = {rival.title: rival.missing for rival in rivals if rival.missing}
    present = [rival for rival in rivals if not rival.missing]
    about = {**machine(), "load": f"{os.getloadavg()[0]:.1f}"}

    began = time.monotonic()
    tallies = measure(rows, ours, present, absent, arguments)
    say(f"{len(rows)} rows in {time.monotonic() - began:.0f} s")
    print_tables(tallies, present, absent, arguments, about)
    if arguments.json:
        everything = {
            "about": about, "rows": [tally.as_json() for tally in tallies],
            "bars": [{"bar": bar.title, "measured": value, "verdict": verdict}
                     for bar, value, verdict in report.bars(tallies)],
            "not_run": absent}
        Path(arguments.json).write_text(json.dumps(everything, indent=1) + "\n")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BuildFailed, Broken, OSError) as problem:
        print(f"bench/redis.py: {problem}", file=sys.stderr)
        sys.exit(1)
