"""What the tests share: a store of every kind, and how to run coroutines.

Run by tests/python/package_test.py, which installs the wheel and starts the servers. A missing
server is an error, not a skip.
"""

import asyncio
import itertools
import os

import pytest
import semantrix

numbers = itertools.count()


def new_prefix():
    return f"test:{os.getpid()}:{next(numbers)}:"


def redis_endpoint():
    return os.environ["SEMANTRIX_REDIS_ENDPOINT"]


def memory(**options):
    return semantrix.InMemoryStore(**options)


def redis(**options):
    options.setdefault("key_prefix", new_prefix())
    return semantrix.ElastiCacheStore(endpoint=redis_endpoint(), **options)


def memcached(**options):
    options.setdefault("key_prefix", new_prefix())
    endpoint = os.environ["SEMANTRIX_MEMCACHED_ENDPOINT"]
    return semantrix.ElastiCacheStore(endpoint=endpoint, use_redis=False, **options)


def dynamodb(**options):
    options.setdefault("key_prefix", new_prefix())
    return semantrix.DynamoDBCacheStore(
        table_name="semantrix-cache",
        region_name="us-west-2",
        endpoint_url=f"http://{os.environ['SEMANTRIX_DYNAMODB_LOCAL_ENDPOINT']}",
        access_key_id="local",
        secret_access_key="local",
        deadline=10,
        read_timeout=5,
        **options,
    )


STORES = {"memory": memory, "redis": redis, "memcached": memcached, "dynamodb": dynamodb}


@pytest.fixture(params=STORES)
def new_store(request):
    """A function that makes a store with nothing in it; all are closed at the end."""
    made = []

    def make(**options):
        made.append(STORES[request.param](**options))
        return made[-1]

    yield make
    for store in made:
        if not isinstance(store, semantrix.InMemoryStore):
            try:
                store.sync.clear()
            except semantrix.errors.ClosedError:
                continue
        store.sync.close()


@pytest.fixture
def store(new_store):
    return new_store()


@pytest.fixture
def redis_store():
    store = redis()
    yield store
    store.sync.clear()
    store.sync.close()


@pytest.fixture
def run():
    return asyncio.run
