"""Gets one key over and over with boto3 and says what that cost: boto3_peer.py URL REQUESTS CALLERS"""
import json
import sys
import threading
import time

import boto3
from botocore.config import Config

WARM_UP = 200


def client(url, callers):
    return boto3.client("dynamodb", endpoint_url=url, region_name="us-west-2",
                        aws_access_key_id="bench", aws_secret_access_key="bench",
                        config=Config(max_pool_connections=max(10, callers)))


def get(dynamodb, requests, sizes):
    for _ in range(requests):
        answer = dynamodb.get_item(TableName="cache", Key={"key": {"S": "key1"}})
        sizes.append(len(answer["Item"]["value"]["B"]))


def run(dynamodb, requests, callers):
    sizes = []
    threads = [threading.Thread(target=get, args=(dynamodb, requests // callers, sizes))
               for _ in range(callers)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    return sum(sizes)


def main():
    url, requests, callers = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    dynamodb = client(url, callers)
    run(dynamodb, max(WARM_UP, callers), callers)
    cpu, wall = time.process_time(), time.perf_counter()
    size = run(dynamodb, requests, callers)
    done = requests // callers * callers
    print(json.dumps({"cpu_us": (time.process_time() - cpu) * 1e6 / done,
                      "wall_us": (time.perf_counter() - wall) * 1e6 / done, "bytes": size}))


if __name__ == "__main__":
    main()
