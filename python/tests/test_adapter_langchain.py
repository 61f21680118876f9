"""The adapter in LangChain's own hands."""

import asyncio

import pytest
from langchain_core.globals import set_llm_cache
from langchain_core.language_models import FakeListChatModel
from langchain_core.messages import AIMessage
from langchain_core.outputs import ChatGeneration, Generation
from semantrix import InMemoryStore
from semantrix.integrations.langchain import SemantrixCache


@pytest.fixture
def cache():
    cache = SemantrixCache(InMemoryStore(), ttl=60)
    set_llm_cache(cache)
    yield cache
    set_llm_cache(None)


def test_second_call_is_answered_by_the_cache(cache):
    model = FakeListChatModel(responses=["one", "two", "three"])
    assert model.invoke("hello").content == "one"
    assert model.invoke("hello").content == "one"
    assert model.invoke("other").content == "two"
    assert asyncio.run(model.ainvoke("hello")).content == "one"
    assert asyncio.run(cache.store.size()) == 2


def test_kinds_of_generations_are_kept(cache):
    message = AIMessage(content="hi", usage_metadata={
        "input_tokens": 1, "output_tokens": 2, "total_tokens": 3})
    cache.update("prompt", "model", [ChatGeneration(message=message), Generation(text="plain")])
    chat, plain = cache.lookup("prompt", "model")
    assert isinstance(chat, ChatGeneration)
    assert chat.message.usage_metadata["total_tokens"] == 3
    assert plain == Generation(text="plain")


def test_models_do_not_share(cache):
    cache.update("prompt", "model a", [Generation(text="a")])
    assert cache.lookup("prompt", "model b") is None
    assert cache.lookup("promptmodel", " a") is None


def test_clear_keeps_what_is_not_its_own(cache):
    cache.store.sync.add("mine", "value")
    cache.update("prompt", "model", [Generation(text="a")])
    cache.clear()
    assert cache.lookup("prompt", "model") is None
    assert cache.store.sync.get_exact("mine") == "value"
