"""Runs the tables that it is told and prints them: see ../python.py, which starts it.

tables.py '{"tables": […], "pairs": 9, "scale": 1.0, "rivals": […], "json": "FILE"}'
"""

import json
import sys

import contest
import players
from contest import Row


def in_memory():
    awaited = {"ours": players.memory_awaited, "count": 20_000, "most": 250e-9}
    blocking = {"ours": players.memory_blocking, "count": 300_000, "tasks": 0, "most": 120e-9}
    return [
        Row("`await get_exact`: aiocache", theirs=players.aiocache_memory, **awaited),
        Row("`sync.get_exact`: cachetools TTLCache", theirs=players.cachetools_ttl, **blocking),
        Row("`sync.get_exact`: cachetools LRUCache", theirs=players.cachetools_lru, **blocking),
        Row("`sync.get_exact`: cachebox LRUCache", theirs=players.cachebox_lru, **blocking),
        Row("`sync.get_exact`: theine", theirs=players.theine_cache, **blocking),
        Row("`sync.get_exact`: functools.lru_cache", theirs=players.functools_lru, **blocking),
    ]


def on_redis():
    rows = []
    for loop in ("asyncio", "uvloop"):
        one = {"ours": players.redis_ours, "count": 3_000, "loop": loop}
        many = {**one, "count": 12_800, "tasks": 64}
        rows += [
            Row(f"redis-py, 1 task, {loop}", theirs=players.redis_py, least=1.0, **one),
            Row(f"redis-py, 64 tasks, {loop}", theirs=players.redis_py, least=8.0, **many),
        ]
    rows += [
        Row("coredis, 1 task", players.redis_ours, players.coredis_client, 3_000),
        Row("coredis, 64 tasks", players.redis_ours, players.coredis_client, 12_800, tasks=64),
        Row("valkey-glide, 1 task", players.redis_ours, players.valkey_glide, 3_000),
        Row("valkey-glide, 64 tasks", players.redis_ours, players.valkey_glide, 12_800, tasks=64),
    ]
    return rows


def on_memcached():
    batch, blocking = players.memcached_batch, players.memcached_blocking_batch
    return [
        Row("get: aiomcache, 1 task", players.memcached_awaited, players.aiomcache_get, 3_000),
        Row(
            "get: aiomcache, 64 tasks",
            players.memcached_awaited,
            players.aiomcache_get,
            12_800,
            tasks=64,
        ),
        Row(
            "get: pymemcache, blocking",
            players.memcached_blocking,
            players.pymemcache_get,
            3_000,
            tasks=0,
        ),
        Row("batch_get(100): aiomcache", batch, players.aiomcache_batch, 1_000),
        Row(
            "batch_get(100): pymemcache, blocking",
            blocking,
            players.pymemcache_batch,
            1_000,
            tasks=0,
        ),
    ]


def on_dynamodb():
    blocking, awaited = players.dynamodb_blocking, players.dynamodb_awaited
    return [
        Row("boto3, blocking", blocking, players.boto3_get, 500, tasks=0, clock="cpu"),
        Row("aiobotocore, 1 task", awaited, players.aiobotocore_get, 500, clock="cpu"),
        Row("aiobotocore, 64 tasks", awaited, players.aiobotocore_get, 1_280, 64, clock="cpu"),
    ]


TABLES = {
    "memory": ("hit in memory", in_memory, "ns", 1e9),
    "redis": ("get on Redis, 64 bytes", on_redis, "µs", 1e6),
    "memcached": ("Memcached, 64 bytes", on_memcached, "µs", 1e6),
    "dynamodb": ("get on DynamoDB, 1 KiB, CPU", on_dynamodb, "µs", 1e6),
}


def bar_of(row, scale):
    """What the design asks of the row, and whether it is so."""
    if row.most:
        held = row.results["ours"] <= row.most
        return f"at most {row.most * scale:.3g}: {'held' if held else 'short'}"
    if row.least:
        held = row.results["ratio"] >= row.least
        return f"at least {row.least:g}: {'held' if held else 'short'}"
    return ""


def cells(row, scale):
    ours, theirs = (f"{row.results[name] * scale:.4g}" for name in ("ours", "theirs"))
    bar = bar_of(row, scale)
    return f"| {row.title} | {ours} | {theirs} | {row.results['ratio']:.2f} | {bar} |"


def main():
    plan = json.loads(sys.argv[1])
    measured, absent = {}, {}
    for name in plan["tables"]:
        title, rows_of, unit, scale = TABLES[name]
        print(f"\n| {title} | ours, {unit} | theirs, {unit} | theirs / ours | bar |")
        print("|---|---|---|---|---|")
        for row in rows_of():
            if plan["rivals"] and not any(rival in row.title for rival in plan["rivals"]):
                continue
            row.count = max(row.tasks, 1, int(row.count * plan["scale"]))
            try:
                contest.run(row, plan["pairs"])
            except ImportError as problem:
                absent[row.title] = str(problem)
                continue
            print(cells(row, scale), flush=True)
            measured.setdefault(name, {})[row.title] = row.results
    for title, why in absent.items():
        print(f"\nNot run: {title}: {why}")
    if plan["json"]:
        with open(plan["json"], "w", encoding="utf-8") as file:
            json.dump({"tables": measured, "not_run": absent}, file, indent=1)


if __name__ == "__main__":
    main()
