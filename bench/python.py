#!/usr/bin/env python3
"""Measures the Python package against other caches and clients, in one run.

Builds the wheel and installs it with the rivals in an environment of its own, starts the servers,
and prints a table each for hits in memory and for gets on Redis, on Memcached and on a server that
gives DynamoDB's answers. Each rival plays in turns with ours, A B A B, in one process; a ratio is
the median of the pairs' ratios. What cannot be installed is listed as not run. A benchmark reports
and does not judge: the exit status is 1 only if nothing could be measured.
"""

import argparse
import json
import os
import subprocess
import sys
import venv
from pathlib import Path

from dynamodb import FixedReplyServer, build_programs
from peers.contestants import BuildFailed
from run import machine

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
TABLES = ("memory", "redis", "memcached", "dynamodb")


def words_of(text):
    return text.split(",")


def parse_arguments():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="3 pairs, shorter passes")
    parser.add_argument("--pairs", type=int, help="interleaved pairs (9; with --quick 3)")
    parser.add_argument("--scale", type=float, help="of the passes' calls (1; with --quick 0.3)")
    parser.add_argument("--only", type=words_of, default=list(TABLES), help=",".join(TABLES))
    parser.add_argument("--rivals", type=words_of, default=[], help="rows that name one of these")
    parser.add_argument("--packages", type=words_of, help="what is installed of the rivals (all)")
    parser.add_argument("--wheel", type=Path, help="one that is built already")
    parser.add_argument("--programs", type=Path, metavar="FOLDER",
                        help="of bench/dynamodb's C++ programs, built already")
    parser.add_argument("--json", metavar="FILE", default="", help="write what was measured")
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    arguments = parser.parse_args()
    arguments.pairs = arguments.pairs or (3 if arguments.quick else 9)
    arguments.scale = arguments.scale or (0.3 if arguments.quick else 1.0)
    if not set(arguments.only) <= set(TABLES):
        parser.error(f"the tables are {', '.join(TABLES)}")
    return arguments


def rivals():
    lines = (HERE / "python" / "requirements.txt").read_text(encoding="utf-8").splitlines()
    return [line for line in lines if line and not line.startswith("#")]


def environment(arguments):
    """The python of an environment that has ours and whichever rivals can be installed."""
    home = (arguments.build_dir / "peers" / "python").resolve()
    python = home / "bin" / "python"
    if not python.exists():
        venv.create(home, with_pip=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, "--force-reinstall", arguments.wheel or ROOT], check=True)
    wanted = arguments.packages or rivals()
    if subprocess.run([*pip, *wanted], check=False).returncode != 0:
        for one in wanted:
            subprocess.run([*pip, one], check=False)
    return python


def main():
    arguments = parse_arguments()
    python = environment(arguments)
    programs = arguments.programs or build_programs(arguments.build_dir)
    about = machine()
    print(f"Python package; median of {arguments.pairs} interleaved pairs; {about['processor']}, "
          f"{about['cores']} cores, load {os.getloadavg()[0]:.1f}, commit {about['commit']}, "
          f"{about['date']}.", flush=True)
    plan = {"tables": arguments.only, "pairs": arguments.pairs, "scale": arguments.scale,
            "rivals": arguments.rivals, "json": arguments.json}
    with FixedReplyServer(programs) as server:
        url = f"http://{server.host}:{server.port}"
        surroundings = {**os.environ, "SEMANTRIX_FIXED_REPLY_URL": url}
        subprocess.run(
            [ROOT / "tools" / "servers", "run", "redis", "memcached", "--", python, "-B",
             HERE / "python" / "tables.py", json.dumps(plan)], check=True, env=surroundings)
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (BuildFailed, subprocess.SubprocessError, OSError) as problem:
        print(f"bench/python.py: {problem}", file=sys.stderr)
        sys.exit(1)
