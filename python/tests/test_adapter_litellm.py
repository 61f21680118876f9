"""The adapter in LiteLLM's own hands."""

import asyncio
import os

import pytest
from semantrix import InMemoryStore

os.environ["LITELLM_LOCAL_MODEL_COST_MAP"] = "True"  # Nothing is fetched from a network.
import litellm
from semantrix.integrations.litellm import litellm_cache

REQUEST = {"model": "gpt-4o", "messages": [{"role": "user", "content": "why?"}], "caching": True}


@pytest.fixture
def store():
    store = InMemoryStore()
    litellm.cache = litellm_cache(store, ttl=60)
    yield store
    litellm.cache = None


def test_second_completion_is_answered_by_the_cache(store):
    first = litellm.completion(**REQUEST, mock_response="because")
    second = litellm.completion(**REQUEST, mock_response="something else")
    assert second.choices[0].message.content == "because"
    assert second.id == first.id
    assert store.sync.size() == 1
    assert store.sync.get_entry(store.sync.keys()[0]).ttl > 50


def test_asynchronous_completion(store):
    async def body():
        first = await litellm.acompletion(**REQUEST, mock_response="because")
        for _ in range(100):  # LiteLLM stores in a task of its own.
            if await store.size():
                break
            await asyncio.sleep(0.02)
        second = await litellm.acompletion(**REQUEST, mock_response="something else")
        assert second.choices[0].message.content == "because"
        assert second.id == first.id

    asyncio.run(body())


def test_batches(store):
    backend = litellm.cache.cache
    asyncio.run(backend.async_set_cache_pipeline([("a", {"x": 1}), ("b", [2])], ttl=30))
    assert backend.batch_get_cache(["a", "b", "c"]) == {"a": {"x": 1}, "b": [2], "c": None}
    assert asyncio.run(backend.test_connection())["status"] == "success"
