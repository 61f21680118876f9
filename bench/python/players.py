"""Semantrix and its rivals, each as its documentation advises. Every player gets one key, or the
hundred of a batch; what it imports is imported when it plays."""

import asyncio
import functools
import os

from contest import Player

KEY, VALUE = "prompt:1", "v" * 64
KEYS = [f"prompt:{n}" for n in range(100)]
PREFIX = "semantrix:"
ITEM = "x" * 1024


def endpoint(form):
    host, _, port = text_of(form).rpartition(":")
    return host, int(port)


def text_of(form):
    return os.environ[f"SEMANTRIX_{form}_ENDPOINT"]


# -- in memory --


def memory_store():
    import semantrix

    store = semantrix.InMemoryStore(max_size=10_000)
    store.sync.add(KEY, VALUE, ttl=3600)
    return store


def memory_awaited():
    return Player(memory_store().get_exact, KEY, answer=VALUE)


def memory_blocking():
    return Player(memory_store().sync.get_exact, KEY, answer=VALUE)


def mapping(cache):
    cache[KEY] = VALUE
    return Player(cache.get, KEY, answer=VALUE)


def cachetools_ttl():
    import cachetools

    return mapping(cachetools.TTLCache(10_000, 3600))


def cachetools_lru():
    import cachetools

    return mapping(cachetools.LRUCache(10_000))


def cachebox_lru():
    import cachebox

    return mapping(cachebox.LRUCache(10_000))


def theine_cache():
    import theine

    cache = theine.Cache(10_000)
    cache.set(KEY, VALUE)
    return Player(cache.get, KEY)


def functools_lru():
    return Player(functools.lru_cache(10_000)(lambda key: VALUE), KEY, answer=VALUE)


async def aiocache_memory():
    import aiocache

    cache = aiocache.SimpleMemoryCache()
    await cache.set(KEY, VALUE)
    return Player(cache.get, KEY, answer=VALUE)


# -- on Redis --


async def redis_ours():
    import semantrix

    store = semantrix.ElastiCacheStore(endpoint=text_of("REDIS"))
    await store.add(KEY, VALUE)
    return Player(store.get_exact, KEY, store.close, VALUE)


async def redis_py():
    import redis.asyncio

    host, port = endpoint("REDIS")
    client = redis.asyncio.Redis(host=host, port=port, decode_responses=True)
    return Player(client.get, PREFIX + KEY, client.aclose, VALUE)


async def coredis_client():
    import coredis

    host, port = endpoint("REDIS")
    client = coredis.Redis(host=host, port=port, decode_responses=True)
    await client.__aenter__()
    return Player(client.get, PREFIX + KEY, lambda: client.__aexit__(None, None, None), VALUE)


async def valkey_glide():
    import glide

    address = glide.NodeAddress(*endpoint("REDIS"))
    settings = glide.GlideClientConfiguration([address], request_timeout=10_000)
    client = await glide.GlideClient.create(settings)
    return Player(client.get, PREFIX + KEY, client.close, VALUE.encode())


# -- on Memcached --


def memcached_store():
    import semantrix

    store = semantrix.ElastiCacheStore(endpoint=text_of("MEMCACHED"), use_redis=False)
    store.sync.batch_add(dict.fromkeys(KEYS, VALUE))
    return store


def memcached_awaited():
    store = memcached_store()
    return Player(store.get_exact, KEY, store.close, VALUE)


def memcached_batch():
    store = memcached_store()
    return Player(store.batch_get, KEYS, store.close, [VALUE] * 100)


def memcached_blocking():
    store = memcached_store()
    return Player(store.sync.get_exact, KEY, store.close, VALUE)


def memcached_blocking_batch():
    store = memcached_store()
    return Player(store.sync.batch_get, KEYS, store.close, [VALUE] * 100)


def pymemcache_client():
    import pymemcache

    return pymemcache.Client(endpoint("MEMCACHED"), no_delay=True)


def pymemcache_get():
    client = pymemcache_client()
    return Player(client.get, PREFIX + KEY, client.close, VALUE.encode())


def pymemcache_batch():
    client = pymemcache_client()
    keys = [PREFIX + key for key in KEYS]
    return Player(client.get_many, keys, client.close, dict.fromkeys(keys, VALUE.encode()))


def aiomcache_client():
    import aiomcache

    return aiomcache.Client(*endpoint("MEMCACHED"), pool_size=64)


async def aiomcache_get():
    client = aiomcache_client()
    return Player(client.get, (PREFIX + KEY).encode(), client.close, VALUE.encode())


async def aiomcache_batch():
    client = aiomcache_client()
    keys = [(PREFIX + key).encode() for key in KEYS]
    return Player(lambda keys: client.multi_get(*keys), keys, client.close)


# -- on DynamoDB: a server that always gives the same item --

FIXED_KEY = "bench:1024"  # the server gives so many bytes
ACCESS = {"aws_access_key_id": "bench", "aws_secret_access_key": "bench"}
REQUEST = {"TableName": "cache", "Key": {"key": {"S": FIXED_KEY}}}


def dynamodb_store():
    import semantrix

    return semantrix.DynamoDBCacheStore(
        table_name="cache",
        region_name="us-west-2",
        endpoint_url=os.environ["SEMANTRIX_FIXED_REPLY_URL"],
        access_key_id="bench",
        secret_access_key="bench",
        auto_batch=False,
        create_if_missing=False,
    )


def dynamodb_awaited():
    store = dynamodb_store()
    return Player(store.get_exact, FIXED_KEY, store.close)


def dynamodb_blocking():
    store = dynamodb_store()
    return Player(store.sync.get_exact, FIXED_KEY, store.close)


def boto3_get():
    import boto3

    client = boto3.client(
        "dynamodb",
        endpoint_url=os.environ["SEMANTRIX_FIXED_REPLY_URL"],
        region_name="us-west-2",
        **ACCESS,
    )
    return Player(lambda request: client.get_item(**request), REQUEST, client.close)


async def aiobotocore_get():
    from aiobotocore.config import AioConfig
    from aiobotocore.session import get_session

    making = get_session().create_client(
        "dynamodb",
        endpoint_url=os.environ["SEMANTRIX_FIXED_REPLY_URL"],
        region_name="us-west-2",
        config=AioConfig(max_pool_connections=64),
        **ACCESS,
    )
    client = await making.__aenter__()

    def close():
        return asyncio.ensure_future(making.__aexit__(None, None, None))

    return Player(lambda request: client.get_item(**request), REQUEST, close)
