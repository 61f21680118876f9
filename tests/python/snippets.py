"""Runs the Python blocks of documents, with servers of this machine behind the endpoints.

  snippets.py DOCUMENT…

A block may await; what it defines is there for the blocks after it, and a coroutine function of no
arguments is called. One that runs a loop of its own is a program by itself. Only endpoints are
replaced: those of clouds by what tools/servers says in the environment (redis, redis_tls,
memcached, dynamodb_local), the files of authorities by theirs. An error of any block is an error.
"""

import ast
import asyncio
import inspect
import os
import pathlib
import re
import sys

import semantrix
from played_google import played_google

BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)


def replacements(google):
    asked = f'endpoint_url="{google}", '
    tls = os.environ["SEMANTRIX_REDIS_TLS_ENDPOINT"]
    memcached = os.environ["SEMANTRIX_MEMCACHED_ENDPOINT"]
    return [
        (r'"my-cache\.[\w.]+:6379"', f'"{tls}"'),
        (r'"my-memcached\.[\w.]+:11211"', f'"{memcached}"'),
        (r'"/path/to/redis-ca\.pem"', f'"{os.environ["SEMANTRIX_REDIS_TLS_CA"]}"'),
        (r"(GoogleMemorystoreCacheStore\(|\.list_instances\()", rf"\1{asked}"),
    ]


def surroundings(google):
    """What a machine in a cloud is set up with."""
    return {
        "AWS_ENDPOINT_URL_DYNAMODB": f"http://{os.environ['SEMANTRIX_DYNAMODB_LOCAL_ENDPOINT']}",
        "AWS_ACCESS_KEY_ID": "local",
        "AWS_SECRET_ACCESS_KEY": "local",
        "GCE_METADATA_HOST": google.removeprefix("http://"),
        "SSL_CERT_FILE": os.environ["SEMANTRIX_REDIS_TLS_CA"],
    }


async def run_block(code, names):
    if "asyncio.run(" in code:
        await asyncio.to_thread(exec, code, {})
        return
    compiled = compile(code, "snippet", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    before = dict(names)
    result = eval(compiled, names)
    if inspect.iscoroutine(result):
        await result
    for name, value in list(names.items()):
        if value is before.get(name):
            continue
        if inspect.iscoroutinefunction(value) and not inspect.signature(value).parameters:
            await value()


def every_store(names):
    """Each store that a block made, once."""
    found = (value for value in names.values() if isinstance(value, semantrix.CacheStore))
    return list({id(store): store for store in found}.values())


async def try_stores(names):
    """The verbs of the quick start on every store of a block."""
    for store in every_store(names):
        await store.add("key1", "value1", ttl=3600)
        assert await store.get_exact("key1") == "value1", store
        assert (await store.get_stats())["hits"] >= 1, store
        assert "key1" in await store.keys(), store


async def main(document, google):
    names, tried = {}, set()
    blocks = BLOCK.findall(document.read_text())
    for number, block in enumerate(blocks, 1):
        for pattern, replacement in replacements(google):
            block = re.sub(pattern, replacement, block)
        await run_block(block, names)
        await try_stores(names)
        tried |= {type(store).__name__ for store in every_store(names)}
        print(f"{document.name}, block {number} of {len(blocks)}: done")
    if "migrate_cache" in names:
        await names["migrate_cache"](names["cache"], names["elasti_cache"])
        assert await names["elasti_cache"].get_exact("key1") == "value1"
    if "instances" in names:
        [instance] = names["instances"]
        assert (instance.instance_id, names["instances"].unreachable) == ("semantrix-cache", [])
    print(f"{document.name}, stores:", *sorted(tried))


if __name__ == "__main__":
    with played_google(os.environ["SEMANTRIX_REDIS_ENDPOINT"]) as url:
        os.environ.update(surroundings(url))
        for document in map(pathlib.Path, sys.argv[1:]):
            asyncio.run(main(document, url))
