"""`semantrix.migrate`, and what the guide migrates by hand."""

import asyncio

import pytest
import semantrix
from conftest import redis
from semantrix import InMemoryStore, errors, migrate


async def filled(count, **options):
    store = InMemoryStore(max_size=10_000)
    await store.batch_add({f"k{n}": f"v{n}" for n in range(count)}, **options)
    return store


def test_into_every_store(store, run):
    async def body():
        source = await filled(100, ttl=3600)
        await source.add("forever", b"\xff\x00")
        report = await migrate(source, store, verify=True)
        assert (report.copied, report.verified, report.failed) == (101, 101, 0)
        assert not report.stopped
        assert await store.get_exact("k7") == "v7"
        assert await store.get_exact("forever") == b"\xff\x00"
        assert (await store.get_entry("forever")).ttl is None
        assert 3590 < (await store.get_entry("k7")).ttl <= 3602
        assert await store.size() == 101

    run(body())


def test_out_of_every_store(store, run):
    async def body():
        await store.batch_add({f"k{n}": f"v{n}" for n in range(30)})
        destination = InMemoryStore()
        assert (await migrate(store, destination, match="k1*")).copied == 11
        assert await destination.get_exact("k13") == "v13"

    run(body())


def test_what_is_there_may_stay(run):
    async def body():
        source, destination = await filled(10), InMemoryStore()
        await destination.add("k3", "older")
        report = await migrate(source, destination, if_exists="skip")
        assert (report.copied, report.skipped) == (9, 1)
        assert await destination.get_exact("k3") == "older"
        await migrate(source, destination)
        assert await destination.get_exact("k3") == "v3"

    run(body())


def test_a_dry_run_stores_nothing(run):
    async def body():
        destination = InMemoryStore()
        report = await migrate(await filled(10), destination, dry_run=True)
        assert report.copied == 10
        assert await destination.size() == 0

    run(body())


def test_progress_is_told_by_the_loop(run):
    async def body():
        told, loop = [], asyncio.get_running_loop()

        def on_progress(report):
            assert asyncio.get_running_loop() is loop
            told.append(report.copied)

        source = await filled(60)
        # Six tenths of a second, so that it is told on the way as well.
        await migrate(source, InMemoryStore(), rate=100, on_progress=on_progress)
        assert told == sorted(told)
        assert told[-1] == 60
        assert any(0 < copied < 60 for copied in told)

    run(body())


def test_failures_are_told(run):
    async def body():
        destination = semantrix.open("memory://?max_bytes=100kb&shards=1")
        source = await filled(5)
        await source.add("large", "x" * 500_000)
        failed = []
        report = await migrate(
            source, destination, on_failure=lambda key, error: failed.append((key, error))
        )
        assert (report.copied, report.failed) == (5, 1)
        [(key, error)] = failed
        assert key == "large"
        assert isinstance(error, errors.TooLargeError)

    run(body())


def test_a_hook_that_raises_ends_it(run):
    async def body():
        source, destination = await filled(5_000), InMemoryStore()

        def refuse(report):
            raise RuntimeError("enough")

        with pytest.raises(RuntimeError, match="enough"):
            await migrate(source, destination, rate=1_000, on_progress=refuse)
        assert await destination.size() < 5_000

    run(body())


def test_cancelled_it_goes_on_where_it_was(run, tmp_path):
    checkpoint = tmp_path / "checkpoint"

    async def body():
        source, destination = await filled(5_000), InMemoryStore()
        started = asyncio.Event()
        slow = asyncio.ensure_future(
            migrate(
                source,
                destination,
                rate=1_000,
                checkpoint=checkpoint,
                on_progress=lambda report: report.copied and started.set(),
            )
        )
        await started.wait()
        slow.cancel()
        with pytest.raises(asyncio.CancelledError):
            await slow
        before = await destination.size()
        assert 0 < before < 5_000
        assert checkpoint.exists()
        assert asyncio.all_tasks() == {asyncio.current_task()}
        report = await migrate(source, destination, checkpoint=checkpoint)
        assert (report.skipped, report.copied) == (before, 5_000 - before)
        assert await destination.size() == 5_000
        assert not checkpoint.exists()

    run(body())


def test_another_migrations_checkpoint_is_refused(run, tmp_path):
    async def body():
        source, destination = await filled(100), InMemoryStore()
        options = {"checkpoint": tmp_path / "checkpoint", "rate": 100}
        slow = asyncio.ensure_future(migrate(source, destination, identity="one", **options))
        while not await destination.size():
            await asyncio.sleep(0.01)
        slow.cancel()
        await asyncio.wait({slow})
        with pytest.raises(errors.InvalidArgumentError):
            await migrate(source, destination, identity="another", **options)

    run(body())


def test_a_store_out_of_reach_ends_it(run):
    async def body():
        away = semantrix.ElastiCacheStore(endpoint="127.0.0.1:1", deadline=0.5)
        with pytest.raises(errors.ConnectFailedError):
            await migrate(await filled(10), away)
        with pytest.raises(errors.ConnectFailedError):
            await migrate(away, InMemoryStore())

    run(body())


def test_bad_arguments(run):
    async def body():
        source, destination = InMemoryStore(), InMemoryStore()
        with pytest.raises(TypeError, match="verify"):
            await migrate(source, destination, verified=True)
        with pytest.raises(TypeError, match="two stores"):
            await migrate(source, destination.sync)
        for options in (
            {"if_exists": "maybe"},
            {"rate": -1},
            {"rate": float("nan")},
            {"batch_size": 0},
            {"concurrency": -1},
        ):
            with pytest.raises(ValueError):
                await migrate(source, destination, **options)
        with pytest.raises(TypeError):
            await migrate(source, destination, rate="fast")

    run(body())


def test_as_the_guide_does_it(run):
    async def body():
        async with redis() as destination:
            source = await filled(50)
            keys = await source.keys()
            for key in keys:
                value = await source.get_exact(key)
                if value is not None:
                    await destination.add(key, value)
            assert sorted(await destination.keys()) == sorted(keys)
            await destination.clear()

    run(body())
