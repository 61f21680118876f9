"""Add, get, count: the store in memory, which needs no server."""

import asyncio

from semantrix import InMemoryStore


async def main() -> None:
    async with InMemoryStore(max_size=1000, eviction_policy="lru") as cache:
        await cache.add("prompt: capital of France?", "Paris", ttl=3600)
        print(await cache.get_exact("prompt: capital of France?"))
        print(await cache.get_exact("prompt: capital of Spain?"))

        stats = await cache.get_stats()
        print(f"{stats['hits']} hit, {stats['misses']} miss, {await cache.size()} entry")


asyncio.run(main())

# > Paris
# > None
# > 1 hit, 1 miss, 1 entry
