"""Runs the Python blocks of a Markdown document, with servers of this machine behind the endpoints.

  snippets.py DOCUMENT

Endpoints and names of clouds in the text are replaced by what the environment says
(SEMANTRIX_REDIS_ENDPOINT, …). A block may await; what it defines is there for the blocks after it.
What needs a cloud that is not at hand is listed, and its `cache` replaced by one on this machine.
"""
import ast
import asyncio
import inspect
import os
import pathlib
import re
import sys

import semantrix

CLOUDS = (semantrix.DynamoDBCacheStore, semantrix.GoogleMemorystoreCacheStore)
BLOCK = re.compile(r"^```python\n(.*?)^```", re.M | re.S)
REPLACEMENTS = [
    (re.compile(r'"my-cache\.[\w.]+:6379"'), "SEMANTRIX_REDIS_ENDPOINT"),
    (re.compile(r'"my-memcached\.[\w.]+:11211"'), "SEMANTRIX_MEMCACHED_ENDPOINT"),
]
TLS = re.compile(r',\s*ssl=True(,\s*ssl_ca_certs="[^"]*")?')


def with_local_servers(code):
    for pattern, variable in REPLACEMENTS:
        if variable in os.environ:
            code = pattern.sub(repr(os.environ[variable]), code)
    return TLS.sub("", code)


async def run_block(code, names):
    compiled = compile(code, "snippet", "exec", ast.PyCF_ALLOW_TOP_LEVEL_AWAIT)
    result = eval(compiled, names)
    if inspect.iscoroutine(result):
        await result
    for name, value in list(names.items()):
        if inspect.iscoroutinefunction(value) and not inspect.signature(value).parameters:
            await names.pop(name)()


async def main(document):
    names, blocks, absent = {}, BLOCK.findall(document.read_text()), []
    for number, block in enumerate(blocks, 1):
        try:
            await run_block(with_local_servers(block), names)
            print(f"block {number} of {len(blocks)}: done")
        except semantrix.CacheError as missing:
            absent.append(f"block {number} of {len(blocks)}: not run to its end: {missing}")
        if isinstance(names.get("cache"), CLOUDS):
            names["cache"] = semantrix.ElastiCacheStore(
                endpoint=os.environ["SEMANTRIX_REDIS_ENDPOINT"])
    print("\n".join(absent))
    return 0


if __name__ == "__main__":
    sys.exit(asyncio.run(main(pathlib.Path(sys.argv[1]))))
