"""The harness of the Python clients: the same as ../cpp/harness.hpp, step for step.

  PEER --host 127.0.0.1 --port 6379 [--ca FILE]      FILE: TLS, and who signed the certificate
  then lines on standard input: get|add CALLERS VALUE_BYTES OPS

A client is handed in as two coroutines: connect(arguments) gives it, close(client) ends it. It has
`get(key)` and `set(key, value)`.
"""
import argparse
import asyncio
import json
import resource
import sys
import time

KEY_PREFIX = "semantrix:"


class WrongValue(Exception):
    pass


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def percentile(latencies, share):
    if not latencies:
        return None
    return round(sorted(latencies)[int(share * (len(latencies) - 1))] / 1e3, 2)


async def get(client, key, value, count):
    for _ in range(count):
        if await client.get(key) != value:
            raise WrongValue


async def get_timed(client, key, value, count, latencies):
    for _ in range(count):
        began = time.perf_counter_ns()
        got = await client.get(key)
        latencies.append(time.perf_counter_ns() - began)
        if got != value:
            raise WrongValue


async def add(client, key, value, count):
    for _ in range(count):
        await client.set(key, value)


async def run_pass(client, verb, callers, value_bytes, ops):
    key, value = f"{KEY_PREFIX}bench:{value_bytes}", b"v" * value_bytes
    latencies = []
    ops -= ops % callers
    cpu_began, began = cpu_seconds(), time.perf_counter()
    if verb == "get" and callers == 1:
        await get_timed(client, key, value, ops, latencies)
    else:
        call = get if verb == "get" else add
        await asyncio.gather(*(call(client, key, value, ops // callers) for _ in range(callers)))
    seconds, cpu = time.perf_counter() - began, cpu_seconds() - cpu_began
    return {"verb": verb, "callers": callers, "value_bytes": value_bytes, "ops": ops,
            "seconds": seconds, "ops_per_second": ops / seconds, "cpu_ns_per_op": cpu * 1e9 / ops,
            "allocations_per_op": None, "p50_us": percentile(latencies, 0.5),
            "p99_us": percentile(latencies, 0.99),
            "checksum": value_bytes * ops if verb == "get" else 0}


async def serve(arguments, connect, close):
    client = await connect(arguments)
    for line in sys.stdin:
        verb, *numbers = line.split()
        print(json.dumps(await run_pass(client, verb, *map(int, numbers))), flush=True)
    await close(client)


def run_peer(connect, close):
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=6379)
    parser.add_argument("--ca")
    asyncio.run(serve(parser.parse_args(), connect, close))
