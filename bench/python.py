#!/usr/bin/env python3
"""Measures the Python package against other caches and clients, in one run.

  bench/python.py [--quick] [--only memory|redis]

Builds the wheel and installs it with the rivals in an environment of its own, starts a Redis
server, and prints two tables: hits in memory, and gets on Redis with one task and with 64. Each
rival plays in turns with ours, A B A B; a cell is the median of the pairs' ratios. What cannot be
installed is listed as not run. A benchmark reports and does not judge.
"""
import argparse
import asyncio
import functools
import importlib
import os
import statistics
import subprocess
import sys
import time
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
ENVIRONMENT = ROOT / "build" / "peers" / "python"
KEY, VALUE = "prompt:1", "v" * 64


def prepare(arguments):
    """Starts this program once more, in its environment and with a server around it."""
    python = ENVIRONMENT / "bin" / "python"
    if not python.exists():
        subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
    pip = [python, "-m", "pip", "install", "--quiet", "--disable-pip-version-check"]
    subprocess.run([*pip, arguments.wheel or ROOT], check=True)
    for line in (ROOT / "bench" / "python_requirements.txt").read_text().splitlines():
        if line and not line.startswith("#"):
            subprocess.run([*pip, line], check=False)
    os.environ["SEMANTRIX_BENCH_READY"] = "1"
    servers = str(ROOT / "tools" / "servers")
    os.execv(servers, [servers, "run", "redis", "--", str(python), "-B", *sys.argv])


# In memory: a function that gets `count` times and gives the seconds.

def timed(loop_body):
    """`loop_body(count)` may be a coroutine."""
    def measure(count):
        began = time.perf_counter()
        running = loop_body(count)
        if asyncio.iscoroutine(running):
            asyncio.run(running)
        return time.perf_counter() - began
    return measure


def gets(get, key=KEY):
    def body(count):
        for _ in range(count):
            get(key)
    return timed(body)


def awaits(get):
    async def body(count):
        for _ in range(count):
            await get(KEY)
    return timed(body)


def ours_in_memory():
    import semantrix

    store = semantrix.InMemoryStore(max_size=10_000)
    store.sync.add(KEY, VALUE, ttl=3600)
    return {"await get_exact": awaits(store.get_exact),
            "sync.get_exact": gets(store.sync.get_exact)}


def cachetools_ttl():
    cache = importlib.import_module("cachetools").TTLCache(10_000, 3600)
    cache[KEY] = VALUE
    return "sync.get_exact", gets(cache.get)


def cachetools_lru():
    cache = importlib.import_module("cachetools").LRUCache(10_000)
    cache[KEY] = VALUE
    return "sync.get_exact", gets(cache.get)


def aiocache_memory():
    cache = importlib.import_module("aiocache").SimpleMemoryCache()
    asyncio.run(cache.set(KEY, VALUE, ttl=None))
    return "await get_exact", awaits(cache.get)


def cachebox_lru():
    cache = importlib.import_module("cachebox").LRUCache(10_000)
    cache[KEY] = VALUE
    return "sync.get_exact", gets(cache.get)


def theine_cache():
    theine = importlib.import_module("theine")
    try:
        cache = theine.Cache(10_000)
    except TypeError:
        cache = theine.Cache("tlfu", 10_000)
    cache.set(KEY, VALUE)
    return "sync.get_exact", gets(cache.get)


def functools_lru():
    cached = functools.lru_cache(10_000)(lambda key: VALUE)
    cached(KEY)
    return "sync.get_exact", gets(cached)


IN_MEMORY = {"cachetools TTLCache": cachetools_ttl, "cachetools LRUCache": cachetools_lru,
             "aiocache": aiocache_memory, "cachebox LRUCache": cachebox_lru, "theine": theine_cache,
             "functools.lru_cache": functools_lru}


def pairs(ours, theirs, count, number):
    """Median seconds of ours, of theirs, and of the pairs' ratios."""
    mine, rivals = [], []
    ours(count // 10)
    theirs(count // 10)
    for _ in range(number):
        mine.append(ours(count) / count)
        rivals.append(theirs(count) / count)
    ratios = [rival / own for own, rival in zip(mine, rivals)]
    return statistics.median(mine), statistics.median(rivals), statistics.median(ratios)


def memory_table(arguments):
    rows = ["| hit in memory | ours, ns | theirs, ns | theirs / ours |", "|---|---|---|---|"]
    absent = []
    ours = ours_in_memory()
    for name, make in IN_MEMORY.items():
        try:
            form, theirs = make()
            own, rival, ratio = pairs(ours[form], theirs, arguments.hits, arguments.pairs)
            rows.append(f"| {name}, against `{form}` | {own * 1e9:.0f} | {rival * 1e9:.0f} |"
                        f" {ratio:.2f} |")
        except Exception as problem:
            absent.append(f"{name} ({problem})")
    return rows, absent


# On Redis: a coroutine that connects, and gives `get` and `close`.

async def ours_on_redis(host, port):
    import semantrix

    store = semantrix.ElastiCacheStore(endpoint=f"{host}:{port}")
    await store.add(KEY, VALUE)
    return lambda: store.get_exact(KEY), store.close


async def redis_py(host, port):
    client = importlib.import_module("redis.asyncio").Redis(host=host, port=port)
    return lambda: client.get(f"semantrix:{KEY}"), client.aclose


async def coredis_client(host, port):
    client = importlib.import_module("coredis").Redis(host=host, port=port)

    async def close():
        client.connection_pool.disconnect()

    if hasattr(client, "__aenter__"):
        await client.__aenter__()
    return lambda: client.get(f"semantrix:{KEY}"), close


async def valkey_glide(host, port):
    glide = importlib.import_module("glide")
    client = await glide.GlideClient.create(glide.GlideClientConfiguration(
        [glide.NodeAddress(host, port)], request_timeout=10_000))
    return lambda: client.get(f"semantrix:{KEY}"), client.close


ON_REDIS = {"redis-py asyncio, hiredis": redis_py, "coredis": coredis_client,
            "valkey-glide": valkey_glide}


async def calls(get, tasks, count):
    async def work():
        for _ in range(count // tasks):
            await get()

    began = time.perf_counter()
    await asyncio.gather(*(work() for _ in range(tasks)))
    return time.perf_counter() - began


async def compete(connect, tasks, arguments, where):
    (ours, close_ours), (theirs, close_theirs) = await ours_on_redis(*where), await connect(*where)
    count, ratios, mine, rivals = arguments.calls * (8 if tasks > 1 else 1), [], [], []
    for turn in range(arguments.pairs + 1):
        own, rival = await calls(ours, tasks, count), await calls(theirs, tasks, count)
        if turn:
            mine.append(own / count)
            rivals.append(rival / count)
            ratios.append(rival / own)
    await close_ours()
    await close_theirs()
    return [statistics.median(numbers) for numbers in (mine, rivals, ratios)]


def redis_table(arguments):
    host, _, port = os.environ["SEMANTRIX_REDIS_ENDPOINT"].rpartition(":")
    rows, absent = ["| get on Redis, 64 bytes | tasks | ours, µs | theirs, µs | theirs / ours |",
                    "|---|---|---|---|---|"], []
    for name, connect in ON_REDIS.items():
        for tasks in (1, 64):
            try:
                own, rival, ratio = asyncio.run(
                    compete(connect, tasks, arguments, (host, int(port))))
                rows.append(f"| {name} | {tasks} | {own * 1e6:.1f} | {rival * 1e6:.1f} |"
                            f" {ratio:.2f} |")
            except Exception as problem:
                absent.append(f"{name} ({problem})")
                break
    return rows, absent


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="3 pairs, shorter passes")
    parser.add_argument("--only", choices=["memory", "redis"])
    parser.add_argument("--wheel", help="a wheel that is built already")
    arguments = parser.parse_args()
    if "SEMANTRIX_BENCH_READY" not in os.environ:
        prepare(arguments)
    arguments.pairs = 3 if arguments.quick else 9
    arguments.hits = 100_000 if arguments.quick else 300_000
    arguments.calls = 1_000 if arguments.quick else 3_000
    tables = {"memory": [memory_table], "redis": [redis_table]}.get(
        arguments.only, [memory_table, redis_table])
    print(f"Python {sys.version.split()[0]}; median of {arguments.pairs} interleaved pairs; load "
          f"{os.getloadavg()[0]:.1f}.")
    for table in tables:
        rows, absent = table(arguments)
        print("\n" + "\n".join(rows))
        for name in absent:
            print(f"\nNot run: {name}")


if __name__ == "__main__":
    main()
