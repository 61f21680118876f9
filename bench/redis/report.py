"""Turns what was measured into the tables of the README."""
from dataclasses import dataclass
from typing import Callable

from peers.contest import size
from peers.report import row

OURS = "semantrix"


def rate(number):
    return f"{number / 1e6:.2f} M" if number >= 999_500 else f"{number / 1e3:.3g} K"


def number(value, digits):
    return "" if value is None else f"{value:.{digits}f}"


def latencies(tally, name):
    if tally.middle(name, "p50_us") is None:
        return ""
    return f"{tally.middle(name, 'p50_us'):.1f} / {tally.middle(name, 'p99_us'):.1f}"


def table(tallies, rivals):
    heads = ["call", "transport", "callers", "calls/s", "CPU ns", "allocations", "p50 / p99 µs",
             *(rival.title for rival in rivals)]
    lines = [row(heads), row(["---"] * len(heads))]
    for tally in tallies:
        cells = [f"{tally.row.verb} {size(tally.row.value_bytes)}", tally.row.transport,
                 str(tally.row.callers), rate(tally.speed(OURS)),
                 number(tally.middle(OURS, "cpu_ns_per_op"), 0),
                 number(tally.middle(OURS, "allocations_per_op"), 2), latencies(tally, OURS)]
        cells += [against(tally, rival.name) for rival in rivals]
        lines.append(row(cells))
    return "\n".join(lines)


def against(tally, rival):
    if not tally.has(rival):
        return ""
    words = f"**{tally.ratio(rival):.2f}** × {rate(tally.speed(rival))}"
    alone = latencies(tally, rival)
    return f"{words} ({alone})" if alone else words


@dataclass(frozen=True)
class Bar:
    """One promise about getting 64 bytes without TLS."""
    title: str
    callers: int
    rival: str  # whom it is measured against; our own name: nobody
    measure: Callable  # of the row's tally
    at_least: float = 0
    at_most: float = float("inf")

    def verdict(self, value):
        if self.at_least <= value <= self.at_most:
            return "held"
        short = value / self.at_most - 1 if value > self.at_most else 1 - value / self.at_least
        return f"short by {100 * short:.0f} %"


BARS = [
    Bar("64 callers, of redis-benchmark -c 1 -P 64: ≥ 1.0 ×", 64, "redis_benchmark",
        lambda tally: tally.ratio("redis_benchmark"), at_least=1.0),
    Bar("64 callers, of a pool of 64 connections: ≥ 5 ×", 64, "hiredis_pool",
        lambda tally: tally.ratio("hiredis_pool"), at_least=5.0),
    Bar("64 callers, client's CPU a get: ≤ 600 ns", 64, OURS,
        lambda tally: tally.middle(OURS, "cpu_ns_per_op"), at_most=600),
    Bar("one caller, latency of redis-benchmark -c 1: ≤ 1.15 ×", 1, "redis_benchmark",
        lambda tally: 1 / tally.ratio("redis_benchmark"), at_most=1.15),
]


def bars(tallies):
    """(bar, value, verdict), with nothing measured as (bar, None, "not measured")."""
    for bar in BARS:
        value = None
        for tally in tallies:
            shape = (tally.row.verb, tally.row.callers, tally.row.value_bytes, tally.row.transport)
            by_wall = tally.clock == "wall" or bar.rival == OURS
            if shape == ("get", bar.callers, 64, "plain") and tally.has(bar.rival) and by_wall:
                value = bar.measure(tally)
        yield bar, value, "not measured" if value is None else bar.verdict(value)


def bars_table(tallies):
    lines = [row(["get 64 B, plain: bar", "measured", "verdict"]), row(["---"] * 3)]
    for bar, value, verdict in bars(tallies):
        measured = "" if value is None else f"{value:.2f}" if value < 100 else f"{value:.0f}"
        lines.append(row([bar.title, measured, verdict]))
    return "\n".join(lines)


def not_run(absent):
    return "\n".join(f"- {title}: not run: {reason}" for title, reason in absent.items())
