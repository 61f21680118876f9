"""Two players in turns, A B A B, in one process: what a call of each costs.

A player is what connecting gives: a function of one argument, its argument, and what closes it. The
function gives the answer, or something to await. Wall time, except where a clock of CPU time is
asked for: that of the whole process, so that work on other threads counts.
"""

import asyncio
import inspect
import statistics
import time
from dataclasses import dataclass, field
from typing import Any, Callable


@dataclass
class Player:
    call: Callable
    argument: Any
    close: Callable = lambda: None
    answer: Any = None  # what the call must give


@dataclass
class Row:
    title: str
    ours: Callable  # gives a Player, or awaitable of one
    theirs: Callable
    count: int  # calls of a pass
    tasks: int = 1  # 0: blocking calls, no loop
    clock: str = "wall"
    loop: str = "asyncio"
    least: float = 0  # of theirs / ours, and
    most: float = 0  # of seconds: bars, where there are some
    results: dict = field(default_factory=dict)


CLOCKS = {"wall": time.perf_counter, "cpu": time.process_time}


def loop_of(name):
    if name == "uvloop":
        import uvloop

        return uvloop.new_event_loop()
    return asyncio.new_event_loop()


async def finished(value):
    return await value if inspect.isawaitable(value) else value


async def awaited(call, argument, count):
    for _ in range(count):
        await call(argument)


def blocking(call, argument, count):
    for _ in range(count):
        call(argument)


async def one_pass(player, row):
    clock = CLOCKS[row.clock]
    began = clock()
    if row.tasks == 0:
        blocking(player.call, player.argument, row.count)
    elif row.tasks == 1:
        await awaited(player.call, player.argument, row.count)
    else:
        each = row.count // row.tasks
        works = (awaited(player.call, player.argument, each) for _ in range(row.tasks))
        await asyncio.gather(*works)
    return (clock() - began) / row.count


async def check(player, row):
    answer = await finished(player.call(player.argument))
    if row.tasks == 0 and inspect.isawaitable(answer):
        raise RuntimeError("a blocking row awaits")
    if not answer or (player.answer is not None and answer != player.answer):
        raise RuntimeError(f"got {str(answer)[:60]!r}")


async def compete(row, pairs):
    """Fills `results`: seconds of a call, ours and theirs, and the pairs' ratios."""
    ours, theirs = await finished(row.ours()), await finished(row.theirs())
    try:
        for player in (ours, theirs):
            await check(player, row)
            await one_pass(player, row)  # to warm up
        found = [(await one_pass(ours, row), await one_pass(theirs, row)) for _ in range(pairs)]
    finally:
        for player in (theirs, ours):
            await finished(player.close())
    mine, rivals = zip(*found)
    row.results = {
        "ours": statistics.median(mine),
        "theirs": statistics.median(rivals),
        "ratio": statistics.median(rival / own for own, rival in found),
    }


def run(row, pairs):
    loop = loop_of(row.loop)
    try:
        loop.run_until_complete(compete(row, pairs))
    finally:
        loop.run_until_complete(loop.shutdown_asyncgens())
        loop.close()
