"""boto3 as its documentation uses it in services: one client, a thread for each caller.

  PEER --host 127.0.0.1 --port 8000
  then lines on standard input: get CALLERS VALUE_BYTES OPS
"""
import argparse
import json
import resource
import sys
import threading
import time

import boto3
from botocore.config import Config

MOST_CALLERS = 128


def cpu_seconds():
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def percentile(latencies, share):
    return round(sorted(latencies)[int(share * (len(latencies) - 1))] / 1e3, 2)


def get(dynamodb, key, calls, sizes, latencies):
    for _ in range(calls):
        called = time.perf_counter_ns()
        answer = dynamodb.get_item(TableName="cache", Key={"key": {"S": key}})
        latencies.append(time.perf_counter_ns() - called)
        sizes.append(len(answer["Item"]["value"]["B"]))


def run_pass(dynamodb, callers, value_bytes, ops):
    sizes, latencies, calls = [], [], ops // callers
    threads = [threading.Thread(target=get, args=(dynamodb, f"bench:{value_bytes}", calls, sizes,
                                                  latencies)) for _ in range(callers)]
    cpu_began, began = cpu_seconds(), time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    seconds, cpu, done = time.perf_counter() - began, cpu_seconds() - cpu_began, calls * callers
    return {"verb": "get", "callers": callers, "value_bytes": value_bytes, "ops": done,
            "seconds": seconds, "ops_per_second": done / seconds,
            "cpu_ns_per_op": cpu * 1e9 / done, "allocations_per_op": None,
            "p50_us": percentile(latencies, 0.5), "p99_us": percentile(latencies, 0.99),
            "checksum": sum(sizes)}


def main():
    parser = argparse.ArgumentParser()
    parser.add_argument("--host", required=True)
    parser.add_argument("--port", required=True)
    arguments = parser.parse_args()
    dynamodb = boto3.client(
        "dynamodb", endpoint_url=f"http://{arguments.host}:{arguments.port}",
        region_name="us-west-2", aws_access_key_id="bench", aws_secret_access_key="bench",
        config=Config(max_pool_connections=MOST_CALLERS))
    for line in sys.stdin:
        _, callers, value_bytes, ops = line.split()
        print(json.dumps(run_pass(dynamodb, int(callers), int(value_bytes), int(ops))), flush=True)


if __name__ == "__main__":
    main()
