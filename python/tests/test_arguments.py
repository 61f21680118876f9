"""What is refused, with which exception and in which words."""

import asyncio
import pickle
from pathlib import Path

import pytest
import semantrix
from semantrix import ElastiCacheStore, InMemoryStore, errors


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({"max_sise": 1}, TypeError, "did you mean 'max_size'"),
        ({"max_size": "1"}, TypeError, "'max_size' takes a whole number, not str"),
        ({"max_size": True}, TypeError, "not bool"),
        ({"max_size": 1.5}, TypeError, "not float"),
        ({"max_size": -1}, ValueError, "at least 0"),
        ({"max_size": 0}, ValueError, "at least 1"),
        ({"max_size": 1 << 80}, ValueError, "at most"),
        ({"eviction_policy": "lruu"}, ValueError, "did you mean 'lru'"),
        ({"eviction_policy": 3}, TypeError, "takes a str"),
        ({"default_ttl": 0}, ValueError, "default_ttl"),
        ({"default_ttl": "1h"}, TypeError, "seconds"),
        ({"shards": 3}, ValueError, "shards"),
    ],
)
def test_options_of_the_memory_store(options, kind, words):
    with pytest.raises(kind, match=words):
        InMemoryStore(**options)


@pytest.mark.parametrize(
    ("options", "kind", "words"),
    [
        ({}, ValueError, "endpoint"),
        ({"endpoint": "h", "end_point": "h"}, TypeError, "did you mean 'endpoint'"),
        ({"endpoint": "h", "ssl": 1}, TypeError, "True or False"),
        ({"endpoint": "h", "cluster": "yes"}, ValueError, "there are: 'auto', True, False"),
        ({"endpoint": "h", "on_error": "ignore"}, ValueError, "raise, miss"),
        ({"endpoint": "h", "read_timeout": -1}, ValueError, "read_timeout"),
        ({"endpoint": "h", "ssl": True, "ssl_ca_certs": "/no/such.pem"}, errors.CacheError, "such"),
    ],
)
def test_options_of_elasticache(options, kind, words):
    with pytest.raises(kind, match=words):
        ElastiCacheStore(**options)


def test_none_leaves_an_option_as_it_is():
    InMemoryStore(max_size=None, default_ttl=None)
    ElastiCacheStore(endpoint="127.0.0.1:1", ssl_ca_certs=None, password=None)


@pytest.mark.parametrize("policy", ["lru", "LRU", "Lfu", "fifo", "W-TinyLFU", "s3fifo"])
def test_policies_in_any_case(policy):
    assert InMemoryStore(eviction_policy=policy).sync.size() == 0


def test_arguments_of_verbs():
    store = InMemoryStore()
    with pytest.raises(TypeError, match="needs 'value'"):
        store.add("key")
    with pytest.raises(TypeError, match="did you mean 'ttl'"):
        store.add("key", "value", tll=1)
    with pytest.raises(TypeError, match="twice"):
        store.sync.add("key", "value", key="key")
    with pytest.raises(TypeError, match="at most 3"):
        store.sync.add("key", "value", 1, ["tag"])
    with pytest.raises(TypeError, match="a key is str or bytes, not int"):
        store.sync.get_exact(1)
    with pytest.raises(TypeError, match=r"not dict; make text of it first, with json\.dumps"):
        store.sync.add("key", {})
    with pytest.raises(TypeError, match="one key"):
        store.sync.batch_get("key")
    with pytest.raises(TypeError, match="one str"):
        store.sync.add("key", "value", tags="tag")
    with pytest.raises(TypeError, match="seconds"):
        store.sync.add("key", "value", ttl="1h")
    with pytest.raises(TypeError, match="a list of"):
        store.sync.batch_add([("only",)])
    assert store.sync.size() == 0


def test_arguments_by_name(run):
    async def body():
        store = InMemoryStore()
        await store.add(key="key", value="value", ttl=1, tags=["a"])
        assert await store.get_exact(key="key") == "value"

    run(body())


def test_buffers_are_values():
    store = InMemoryStore().sync
    data = bytearray(b"data")
    store.add("key", data)
    data[0] = 0
    assert store.get_exact("key") == b"data"
    store.add(memoryview(b"k"), memoryview(b"view"))
    assert store.get_exact("k") == b"view"


def test_urls(tmp_path):
    store = semantrix.open("memory://?max_size=10&eviction_policy=lru")
    assert isinstance(store, InMemoryStore)
    assert isinstance(semantrix.open("redis://127.0.0.1:1"), ElastiCacheStore)
    with pytest.raises(ValueError, match="did you mean 'max_size'"):
        semantrix.open("memory://?max_sise=10")
    with pytest.raises(ValueError, match="scheme"):
        semantrix.open("nothing://")
    with pytest.raises(TypeError):
        semantrix.open(3)


def test_snapshot_outlives_the_store(tmp_path):
    path = Path(tmp_path) / "answers.snapshot"
    with InMemoryStore(snapshot=path).sync as store:
        store.add("key", "value")
    assert InMemoryStore(snapshot=str(path)).sync.get_exact("key") == "value"


def test_errors_are_one_family():
    names = errors.__all__
    assert names[0] == "CacheError"
    assert "InternalError" in names
    for name in names:
        kind = getattr(errors, name)
        assert issubclass(kind, errors.CacheError)
        assert kind.__name__ == name
        assert kind.__module__ == "semantrix.errors"
    assert issubclass(errors.TimeoutError, TimeoutError)
    assert issubclass(errors.ConnectFailedError, ConnectionError)


def test_attributes_of_an_error():
    store = ElastiCacheStore(endpoint="127.0.0.1:1", password="hidden", deadline=1)
    with pytest.raises(ConnectionError) as caught:
        store.sync.get_exact("a secret key")
    error = caught.value
    assert (error.code, error.store, error.retryable) == ("connect_failed", "elasticache", True)
    assert error.remedy
    assert error.attempts >= 1
    assert error.key_digest != 0
    assert error.phase == "connecting"
    assert "hidden" not in str(error)
    assert "secret" not in str(error)
    again = pickle.loads(pickle.dumps(error))
    assert type(again) is type(error)
    assert again.attempts == error.attempts


def test_outage_may_be_a_miss():
    store = ElastiCacheStore(endpoint="127.0.0.1:1", on_error="miss", deadline=0.5).sync
    assert store.get_exact("key") is None
    store.add("key", "value")
    assert sum(store.get_stats()["errors"].values()) == 2


def test_forgotten_await_is_a_warning():
    with pytest.warns(RuntimeWarning, match="'add' was never awaited"):
        InMemoryStore().add("key", "value")


def test_call_is_awaited_once(run):
    async def body():
        call = InMemoryStore().get_exact("key")
        assert await call is None
        with pytest.raises(RuntimeError, match="already awaited"):
            await call

    run(body())


def test_network_needs_a_loop():
    call = ElastiCacheStore(endpoint="127.0.0.1:1").get_exact("key")
    with pytest.raises(RuntimeError, match="no running event loop"):
        call.send(None)


def test_calls_are_coroutines_to_asyncio(run):
    async def body():
        store = InMemoryStore()
        await store.add("key", "value")
        assert asyncio.iscoroutine(call := store.get_exact("key"))
        assert await asyncio.create_task(call) == "value"
        assert await asyncio.gather(store.get_exact("key"), store.get_exact("x")) == ["value", None]
        assert await asyncio.wait_for(store.get_exact("key"), 5) == "value"
        assert repr(store) == "<semantrix._core.InMemoryStore 'memory'>"

    run(body())


def test_subclass_that_forgets_init():
    class Forgetful(InMemoryStore):
        def __init__(self):
            pass

    with pytest.raises(RuntimeError, match="__init__ was not called"):
        Forgetful().get_exact("key")
