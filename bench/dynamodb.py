#!/usr/bin/env python3
"""Measures DynamoDBCacheStore against boto3 on a server that always answers the same: the CPU that
one get costs its client. See bench/dynamodb/README.md.

A benchmark reports and does not judge: the exit status is 0 whether the bar holds or not, and 1 only
if nothing could be measured.
"""
import argparse
import json
import statistics
import subprocess
import sys
import venv
from pathlib import Path

HERE = Path(__file__).resolve().parent
ROOT = HERE.parent
PYTHON = HERE / "dynamodb" / "python"
BAR = 15
PATIENCE_SECONDS = 120


def parse_arguments():
    parser = argparse.ArgumentParser(description="Measure DynamoDBCacheStore against boto3.")
    parser.add_argument("--pairs", type=int, default=9, help="interleaved pairs (9)")
    parser.add_argument("--requests", type=int, default=2000, help="of one pass (2000)")
    parser.add_argument("--callers", type=int, default=1, help="at the same time (1)")
    parser.add_argument("--value-bytes", type=int, default=1024, help="(1024)")
    parser.add_argument("--json", metavar="FILE", help="write everything that was measured")
    parser.add_argument("--program", type=Path, help="semantrix_dynamodb_peer, built already")
    parser.add_argument("--build-dir", type=Path, default=ROOT / "build")
    return parser.parse_args()


def build(folder):
    """A release of the peer."""
    folder = folder / "bench"
    for command in (["cmake", "-S", ROOT, "-B", folder, "-G", "Ninja", "-DCMAKE_BUILD_TYPE=Release",
                     "-DSEMANTRIX_BUILD_BENCHMARKS=ON"],
                    ["cmake", "--build", folder, "--target", "semantrix_dynamodb_peer"]):
        subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return next(folder.rglob("semantrix_dynamodb_peer"))


def boto3_python(folder):
    """An interpreter that has boto3, in an environment of its own."""
    home = folder / "bench_dynamodb_python"
    python = home / "bin" / "python"
    if not (home / "ready").exists():
        venv.create(home, with_pip=True)
        subprocess.run([python, "-m", "pip", "install", "--quiet", "-r",
                        PYTHON / "requirements.txt"], check=True)
        (home / "ready").touch()
    return python


class FixedReplyServer:
    def __init__(self, value_bytes):
        self.process = subprocess.Popen(
            [sys.executable, PYTHON / "fixed_reply_server.py", str(value_bytes)],
            stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True)
        self.url = f"http://127.0.0.1:{self.process.stdout.readline().strip()}"

    def __enter__(self):
        return self

    def __exit__(self, *_):
        self.process.stdin.close()
        self.process.wait(timeout=10)


def measure(command, arguments, url):
    done = subprocess.run([*command, url, str(arguments.requests), str(arguments.callers)],
                          capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True)
    result = json.loads(done.stdout)
    expected = arguments.requests // arguments.callers * arguments.callers * arguments.value_bytes
    if result["bytes"] < expected:
        raise RuntimeError(f"{command[-1]} got {result['bytes']} bytes of {expected}")
    return result


def main():
    arguments = parse_arguments()
    ours = [arguments.program.resolve() if arguments.program else build(arguments.build_dir)]
    theirs = [boto3_python(arguments.build_dir), PYTHON / "boto3_peer.py"]
    pairs = []
    with FixedReplyServer(arguments.value_bytes) as server:
        for _ in range(arguments.pairs):
            pairs.append({"semantrix": measure(ours, arguments, server.url),
                          "boto3": measure(theirs, arguments, server.url)})
    ratio = statistics.median(pair["boto3"]["cpu_us"] / pair["semantrix"]["cpu_us"]
                              for pair in pairs)
    print(f"get of {arguments.value_bytes} B, {arguments.callers} at a time, "
          f"{arguments.pairs} pairs of {arguments.requests} requests")
    for name in ("semantrix", "boto3"):
        cpu = statistics.median(pair[name]["cpu_us"] for pair in pairs)
        wall = statistics.median(pair[name]["wall_us"] for pair in pairs)
        print(f"  {name:<10} {cpu:8.1f} us of CPU a get   {wall:8.1f} us from one to the next")
    print(f"  boto3's CPU is {ratio:.1f} times semantrix's (the bar is {BAR})")
    if arguments.json:
        Path(arguments.json).write_text(json.dumps(pairs, indent=1), encoding="utf-8")
    return 0


if __name__ == "__main__":
    try:
        sys.exit(main())
    except (subprocess.SubprocessError, OSError, RuntimeError) as failure:
        print(f"dynamodb.py: {failure}", file=sys.stderr)
        sys.exit(1)
