"""The adapter in LangGraph's own hands."""

import asyncio
from typing import TypedDict

from langgraph.graph import END, START, StateGraph
from langgraph.types import CachePolicy
from semantrix import InMemoryStore
from semantrix.integrations.langgraph import SemantrixCache


class State(TypedDict):
    number: int


def graph(cache, calls):
    def double(state):
        calls.append(state["number"])
        return {"number": state["number"] * 2}

    builder = StateGraph(State)
    builder.add_node("double", double, cache_policy=CachePolicy(ttl=60))
    builder.add_edge(START, "double")
    builder.add_edge("double", END)
    return builder.compile(cache=cache)


def test_a_node_runs_once_for_the_same_input():
    calls = []
    compiled = graph(SemantrixCache(InMemoryStore()), calls)
    assert compiled.invoke({"number": 2}) == {"number": 4}
    assert compiled.invoke({"number": 2}) == {"number": 4}
    assert asyncio.run(compiled.ainvoke({"number": 2})) == {"number": 4}
    assert compiled.invoke({"number": 3}) == {"number": 6}
    assert calls == [2, 3]


def test_namespaces():
    cache = SemantrixCache(InMemoryStore())
    first, second, nested = (("a",), "k"), (("b",), "k"), (("a", "b"), "k")
    cache.set({first: (1, None), second: ([2], 60), nested: ({"x": 3}, None)})
    assert cache.get([first, second, nested, (("c",), "k")]) == {
        first: 1, second: [2], nested: {"x": 3}}
    cache.clear([("a",)])
    assert set(cache.get([first, second, nested])) == {second, nested}
    asyncio.run(cache.aclear())
    assert asyncio.run(cache.aget([second, nested])) == {}
