"""The contract of a cache store, through Python, for every store."""

import asyncio
from datetime import timedelta

import pytest
from semantrix import BatchOutcome, Entry, errors

TEXTS = ["", "text", "Grüße, 世界 🌍", "a\0b", "x" * 100_000]
VALUES = [*TEXTS, b"", b"\x00\xff\xfe", b"plain ascii bytes"]


@pytest.mark.parametrize("value", VALUES, ids=[f"{type(v).__name__}-{len(v)}" for v in VALUES])
def test_value_comes_back_as_it_was(store, run, value):
    async def body():
        await store.add("key", value)
        found = await store.get_exact("key")
        assert type(found) is type(value)
        assert found == value
        assert store.sync.get_exact("key") == value

    run(body())


def test_long_text_of_every_width(store, run):
    async def body():
        for character in "aéœ世🌍":
            text = character * 50_000 + "tail"
            await store.add("key", text)
            assert await store.get_exact("key") == text
        await store.add("key", b"\xe9" * 50_000)
        assert await store.get_exact("key") == b"\xe9" * 50_000

    run(body())


def test_miss_is_none(store, run):
    async def body():
        assert await store.get_exact("absent") is None
        assert await store.get_entry("absent") is None
        assert await store.delete("absent") is False

    run(body())


def test_add_replaces_and_delete_removes(store, run):
    async def body():
        await store.add("key", "one")
        await store.add("key", "two")
        assert await store.get_exact("key") == "two"
        assert await store.delete("key") is True
        assert await store.get_exact("key") is None

    run(body())


def test_keys_are_bytes_of_any_kind(store, run):
    keys = ["key", "with space", "ü", "世界", b"\xff\xfe", "a:b/c{d}"]

    async def body():
        for number, key in enumerate(keys):
            await store.add(key, str(number))
        for number, key in enumerate(keys):
            assert await store.get_exact(key) == str(number)
        listed = await store.keys()
        assert len(listed) == len(keys)
        for key in listed:  # also of the one that is no text
            assert await store.get_exact(key) is not None
        assert await store.get_exact(b"key") == "0"

    run(body())


@pytest.mark.parametrize("ttl", [60, 60.0, timedelta(minutes=1)], ids=["int", "float", "timedelta"])
def test_ttl_is_kept(store, run, ttl):
    async def body():
        await store.add("key", "value", ttl=ttl)
        entry = await store.get_entry("key")
        assert isinstance(entry, Entry)
        assert entry.value == "value"
        assert 50 < entry.ttl <= 60

    run(body())


def test_expired_entry_is_a_miss(store, run):
    async def body():
        await store.add("key", "value", ttl=0.03)
        for _ in range(200):
            if await store.get_exact("key") is None:
                break
            await asyncio.sleep(0.01)
        else:
            pytest.fail("the entry outlived its ttl by two seconds")
        assert await store.size() == 0

    run(body())


@pytest.mark.parametrize("ttl", [0, -1, float("nan"), float("inf"), 1e30, timedelta(0)])
def test_bad_ttl_is_a_value_error(store, run, ttl):
    async def body():
        with pytest.raises(ValueError):
            await store.add("key", "value", ttl=ttl)
        assert await store.get_exact("key") is None

    run(body())


def test_empty_key_is_an_error(store, run):
    async def body():
        with pytest.raises(errors.InvalidArgumentError):
            await store.get_exact("")
        with pytest.raises(ValueError):
            await store.add("", "value")

    run(body())


def test_batches(store, run):
    async def body():
        outcome = await store.batch_add({"a": "1", "b": b"2", "c": "3"}, ttl=60)
        assert outcome == BatchOutcome(3, [])
        assert outcome.ok
        assert await store.batch_get(["c", "x", "a", "a", "b"]) == ["3", None, "1", "1", b"2"]
        assert await store.batch_add([("d", "4"), ("e", "5", 60)]) == BatchOutcome(2)
        assert (await store.get_entry("d")).ttl is None
        assert (await store.get_entry("e")).ttl > 50
        assert await store.batch_delete(["a", "b", "x"]) == 2
        assert await store.batch_get([]) == []
        assert await store.batch_delete([]) == 0

    run(body())


def test_batch_says_what_failed(store, run):
    async def body():
        outcome = await store.batch_add([("a", "1"), ("", "2"), ("c", "3")])
        assert outcome.stored == 2
        assert [failure.index for failure in outcome.failures] == [1]
        assert isinstance(outcome.failures[0].error, errors.InvalidArgumentError)
        with pytest.raises(ValueError):
            outcome.raise_for_failures()

    run(body())


def test_keys_scan_size_clear(store, run):
    expected = {f"key:{number}" for number in range(2_500)}

    async def body():
        await store.batch_add(dict.fromkeys(expected, "value") | {"other": "value"})
        assert await store.size() == len(expected) + 1
        assert await store.size(approximate=True) >= 0
        assert set(await store.keys("key:*")) == expected
        seen = [key async for key in store.scan("key:*")]
        assert sorted(seen) == sorted(expected)
        assert set(store.sync.scan()) == expected | {"other"}
        assert await store.clear() == len(expected) + 1
        assert await store.keys() == []

    run(body())


def test_invalidate_prefix(store, run):
    async def body():
        await store.batch_add({"a:1": "x", "a:2": "x", "b:1": "x"})
        assert await store.invalidate_prefix("a:") == 2
        assert await store.keys() == ["b:1"]

    run(body())


def test_tags_where_the_store_has_them(store, run):
    async def body():
        if not store.capability.can_tag:
            with pytest.raises(errors.NotSupportedError):
                await store.add("a", "x", tags=["t"])
            return
        await store.add("a", "x", tags=["t", "u"])
        await store.add("b", "x", tags=["u"])
        assert sorted((await store.get_entry("a")).tags) == ["t", "u"]
        assert await store.invalidate_tag("t") == 1
        assert await store.keys() == ["b"]

    run(body())


def test_stats_is_a_dict(store, run):
    async def body():
        await store.add("key", "value")
        await store.get_exact("key")
        await store.get_exact("absent")
        stats = await store.get_stats()
        assert (stats.get("hits", 0), stats.get("misses", 0), stats["adds"]) == (1, 1, 1)
        assert stats["hit_ratio"] == 0.5
        assert stats["errors"] == {}

    run(body())


def test_description(store, run):
    async def body():
        description = await store.describe()
        assert description.capability == store.capability
        assert description.warning is None

    run(body())


def test_compression_is_invisible(new_store, run):
    async def body():
        store = new_store(compress_threshold=1024)
        await store.add("text", "word " * 1_000)
        await store.add("bytes", b"word " * 1_000)
        assert await store.get_exact("text") == "word " * 1_000
        assert await store.get_exact("bytes") == b"word " * 1_000

    run(body())


def test_closed_store_refuses(new_store, run):
    async def body():
        async with new_store() as store:
            await store.add("key", "value")
        with pytest.raises(errors.ClosedError) as caught:
            await store.get_exact("key")
        assert caught.value.code == "closed"
        await store.close()

    run(body())


def test_blocking_twin(new_store):
    with new_store().sync as store:
        store.add("key", "value", ttl=60)
        assert store.get_exact("key") == "value"
        assert store.batch_add({"a": "1"}).ok
        assert store.batch_get(["a", "key"]) == ["1", "value"]
        assert sorted(store.keys()) == ["a", "key"]
        assert store.get_entry("key").value == "value"
        assert store.delete("a")
        assert store.size() == 1
        assert store.get_stats()["adds"] == 2
        assert store.clear() == 1


def test_migration(new_store, run):
    async def body():
        source, destination = new_store(), new_store()
        await source.batch_add({f"key{n}": f"value{n}" for n in range(50)})
        for key in await source.keys():
            value = await source.get_exact(key)
            if value is not None:
                await destination.add(key, value)
        assert sorted(await destination.keys()) == sorted(await source.keys())

    run(body())
