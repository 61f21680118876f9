"""get_or_compute and @cached: one computation for all, errors left out, keys that fit."""

import asyncio
import json
import threading

import pytest
import semantrix
from semantrix import InMemoryStore, errors
from semantrix.identity import canonical, digest


def test_one_computation_for_many_tasks(store, run):
    calls = 0

    async def compute():
        nonlocal calls
        calls += 1
        await asyncio.sleep(0.01)
        return "answer"

    async def body():
        answers = await asyncio.gather(*(store.get_or_compute("key", compute) for _ in range(50)))
        assert answers == ["answer"] * 50
        assert calls == 1
        assert await store.get_exact("key") == "answer"
        assert await store.get_or_compute("key", compute) == "answer"
        assert calls == 1

    run(body())


def test_one_computation_for_many_threads(store):
    calls, answers, gate = [], [], threading.Barrier(8)

    def compute():
        calls.append(1)
        threading.Event().wait(0.05)
        return "answer"

    def work():
        gate.wait()
        answers.append(store.sync.get_or_compute("key", compute, ttl=60))

    threads = [threading.Thread(target=work) for _ in range(8)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert answers == ["answer"] * 8
    assert len(calls) == 1


def test_errors_reach_all_and_are_not_kept(run):
    async def body():
        store = InMemoryStore()

        async def fail():
            await asyncio.sleep(0)
            raise KeyError("model")

        answers = await asyncio.gather(
            *(store.get_or_compute("key", fail) for _ in range(3)), return_exceptions=True
        )
        assert [type(answer) for answer in answers] == [KeyError] * 3
        assert await store.get_or_compute("key", lambda: "fine") == "fine"

    run(body())


def test_a_caller_that_leaves_takes_nobody_along(run):
    async def body():
        store, release = InMemoryStore(), asyncio.Event()

        async def compute():
            await release.wait()
            return "answer"

        first = asyncio.ensure_future(store.get_or_compute("key", compute))
        second = asyncio.ensure_future(store.get_or_compute("key", compute))
        await asyncio.sleep(0)
        first.cancel()
        await asyncio.sleep(0)
        release.set()
        assert await second == "answer"
        assert first.cancelled()

    run(body())


def test_a_computation_that_nobody_awaits_is_cancelled(run):
    async def body():
        store, ended = InMemoryStore(), asyncio.Event()

        async def compute():
            try:
                await asyncio.sleep(60)
            finally:
                ended.set()

        call = asyncio.ensure_future(store.get_or_compute("key", compute))
        await asyncio.sleep(0)
        await asyncio.sleep(0)
        call.cancel()
        await asyncio.wait_for(ended.wait(), 5)

    run(body())


def test_a_computation_that_asks_for_itself():
    store = InMemoryStore()
    with pytest.raises(errors.BusyError):
        store.sync.get_or_compute("key", lambda: store.sync.get_or_compute("key", lambda: "x"))

    async def body():
        async def compute():
            return await store.get_or_compute("key", compute)

        with pytest.raises(errors.BusyError):
            await store.get_or_compute("key", compute)

    asyncio.run(body())


def test_none_is_not_kept(store, run):
    async def body():
        assert await store.get_or_compute("key", lambda: None) is None
        assert await store.get_exact("key") is None

    run(body())


def test_a_result_that_does_not_fit_is_returned():
    store = InMemoryStore(max_bytes=1000).sync
    assert store.get_or_compute("key", lambda: "x" * 10_000) == "x" * 10_000
    assert store.get_exact("key") is None


def test_cached_async_function(store, run):
    calls = []

    @semantrix.cached(store, ttl=60)
    async def answer(prompt, *, model="small"):
        """Answers."""
        calls.append(prompt)
        return f"{model}: {prompt}"

    async def body():
        assert await answer("why") == "small: why"
        assert await answer(prompt="why", model="small") == "small: why"
        assert await answer("why", model="large") == "large: why"
        assert calls == ["why", "why"]
        assert (await store.get_entry(answer.key_of("why"))).ttl > 50
        assert await answer.forget("why")
        await answer("why")
        assert len(calls) == 3

    run(body())
    assert answer.__doc__ == "Answers."


def test_cached_function_and_formats(store):
    calls = []

    @semantrix.cached(store, key="user:{user}", serialize=json.dumps, deserialize=json.loads)
    def profile(user):
        calls.append(user)
        return {"user": user}

    assert profile(7) == {"user": 7}
    assert profile(7) == {"user": 7}
    assert calls == [7]
    assert store.sync.get_exact("user:7") == '{"user": 7}'
    assert profile.forget(user=7)


def test_cached_refuses_what_it_cannot_keep():
    store = InMemoryStore()
    with pytest.raises(TypeError, match="a store first"):
        semantrix.cached(print)
    with pytest.raises(TypeError, match="generator"):

        @semantrix.cached(store)
        def numbers():
            yield 1

    with pytest.raises(TypeError, match="sync twin"):

        @semantrix.cached(store.sync)
        async def answer():
            return ""

    @semantrix.cached(store)
    def of_object(thing):
        return "x"

    with pytest.raises(TypeError, match="name the key"):
        of_object(object())


def test_canonical_text_keeps_apart_what_differs():
    different = [1, 1.0, True, None, "1", b"1", [1], (1,), {"1": 1}, {1: 1}, [], {}, "", "None"]
    texts = [canonical(value) for value in different]
    assert len(set(texts)) == len(texts)
    assert canonical({"a": 1, "b": [2]}) == canonical({"b": [2], "a": 1})
    assert digest("a") == "ac8d8342bbb2362d13f0a559a3621bb407011368895164b628a54f7fc33fc43c"
