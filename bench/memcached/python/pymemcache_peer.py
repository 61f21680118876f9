"""pymemcache's client, with the harness of ../../redis/python step for step; it is synchronous, so
one caller alone calls.

  PEER --host 127.0.0.1 --port 11211 [--connections batch]
  then lines on standard input: get|add 1 VALUE_BYTES OPS
"""
import argparse
import json
import resource
import sys
import time

from pymemcache.client.base import Client

KEY_PREFIX = "semantrix:"
BATCH_KEYS = 100


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def percentile(latencies, share):
    return round(sorted(latencies)[int(share * (len(latencies) - 1))] / 1e3, 2)


def call_of(client, verb, batch, value_bytes):
    """One call; gives the bytes of the values that it got."""
    key, value = f"{KEY_PREFIX}bench:{value_bytes}", b"v" * value_bytes
    keys = [f"{key}:{i}" for i in range(BATCH_KEYS)]
    if verb == "add":
        call = (lambda: client.set_many(dict.fromkeys(keys, value), noreply=False)) if batch \
            else (lambda: client.set(key, value, noreply=False))
        return lambda: 0 * len([call()])
    if batch:
        return lambda: sum(map(len, client.get_many(keys).values()))
    return lambda: len(client.get(key) or b"")


def run_pass(client, verb, batch, value_bytes, ops):
    call, latencies, got = call_of(client, verb, batch, value_bytes), [], 0
    cpu_began, began = cpu_seconds(), time.perf_counter()
    for _ in range(ops):
        called = time.perf_counter_ns()
        got += call()
        latencies.append(time.perf_counter_ns() - called)
    seconds, cpu = time.perf_counter() - began, cpu_seconds() - cpu_began
    return {"verb": verb, "callers": 1, "value_bytes": value_bytes, "ops": ops, "seconds": seconds,
            "ops_per_second": ops / seconds, "cpu_ns_per_op": cpu * 1e9 / ops,
            "allocations_per_op": None, "p50_us": percentile(latencies, 0.5),
            "p99_us": percentile(latencies, 0.99), "checksum": got}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", default="127.0.0.1")
    parser.add_argument("--port", type=int, default=11211)
    parser.add_argument("--connections", default="one")
    arguments = parser.parse_args()
    client = Client((arguments.host, arguments.port), no_delay=True)
    for line in sys.stdin:
        verb, _, value_bytes, ops = line.split()
        batch = arguments.connections == "batch"
        print(json.dumps(run_pass(client, verb, batch, int(value_bytes), int(ops))), flush=True)


if __name__ == "__main__":
    main()
