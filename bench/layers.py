"""What each layer costs a get, as a table.

  python3 bench/layers.py --bin build/release/bin [--repetitions 9]

Every row is the hit of one small entry, awaited, through the layer. "memory" answers at once, so
that only the layer's virtual call and what it looks at are left; a "coroutine" answers without
suspending, so that the layer's own coroutine is in the figure, and no network. The repetitions of
all rows are interleaved by chance, and medians of the processor's time reported.
"""

import argparse
import json
import pathlib
import subprocess


def run(command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def measure(program, repetitions, seconds):
    command = [program, "--benchmark_format=json", "--benchmark_enable_random_interleaving=true",
               f"--benchmark_repetitions={repetitions}", f"--benchmark_min_time={seconds}",
               "--benchmark_report_aggregates_only=true"]
    report = json.loads(run(command))
    costs = {row["run_name"]: 1e9 / row["items_per_second"] for row in report["benchmarks"]
             if row["aggregate_name"] == "median"}
    return {name: costs[name] for name in run([program, "--benchmark_list_tests"]).splitlines()}


def table(nanoseconds):
    names = list(dict.fromkeys(name.split("/", 1)[1] for name in nanoseconds))
    lines = ["| layer | over memory, ns | more | over a coroutine, ns | more |",
             "|---|--:|--:|--:|--:|"]
    for name in names:
        cells = [name]
        for store in ("memory", "remote"):
            cost = nanoseconds.get(f"{store}/{name}")
            base = nanoseconds[f"{store}/nothing"]
            cells += ["", ""] if cost is None else [f"{cost:.0f}", f"{cost - base:+.0f}"]
        lines.append("| " + " | ".join(cells) + " |")
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--bin", type=pathlib.Path, default=pathlib.Path("build/release/bin"))
    parser.add_argument("--repetitions", type=int, default=9)
    parser.add_argument("--seconds", type=float, default=0.1, help="of each repetition, at least")
    arguments = parser.parse_args()
    print(table(measure(arguments.bin / "layers_bench", arguments.repetitions, arguments.seconds)))


if __name__ == "__main__":
    main()
