"""How answers reach asyncio: cancellation, loops, threads, fork, leaks."""

import asyncio
import gc
import os
import random
import signal
import socket
import sys
import threading
import time
import tracemalloc
import weakref

import pytest
import semantrix
import uvloop
from conftest import new_prefix, redis, redis_endpoint


def run_in_loop(kind, body):
    loop = (uvloop if kind == "uvloop" else asyncio).new_event_loop()
    try:
        return loop.run_until_complete(body())
    finally:
        loop.close()


LOOPS = pytest.mark.parametrize("loop_kind", ["asyncio", "uvloop"])


@LOOPS
def test_many_calls_at_once(loop_kind):
    count = 20_000  # more than one connection takes: some wait for their turn

    async def body():
        async with redis(deadline=30, read_timeout=10) as store:
            await asyncio.gather(*(store.add(f"k{n}", f"v{n}") for n in range(count)))
            values = await asyncio.gather(*(store.get_exact(f"k{n}") for n in range(count)))
            assert values == [f"v{n}" for n in range(count)]
            await store.clear()

    run_in_loop(loop_kind, body)


@LOOPS
def test_tasks_cancelled_at_random(loop_kind):
    """No wrong answer, nothing left pending, and the store goes on."""
    dice = random.Random(7)

    async def body():
        async with redis() as store:
            await store.batch_add({f"k{n}": f"v{n}" for n in range(100)})
            for _ in range(10):
                names = [dice.randrange(100) for _ in range(1_000)]
                tasks = [asyncio.ensure_future(store.get_exact(f"k{n}")) for n in names]
                for task in tasks:
                    if dice.random() < 0.5:
                        await asyncio.sleep(0)
                        task.cancel()
                answers = await asyncio.gather(*tasks, return_exceptions=True)
                for name, answer in zip(names, answers):
                    assert answer == f"v{name}" or isinstance(answer, asyncio.CancelledError)
            assert asyncio.all_tasks() == {asyncio.current_task()}
            assert await store.get_exact("k1") == "v1"
            await store.clear()

    run_in_loop(loop_kind, body)


def test_timeout_cancels_the_call(run):
    async def body():
        async with redis(deadline=30, connect_timeout=20, read_timeout=20) as store:
            await store.add("key", "value")
            with pytest.raises(asyncio.TimeoutError):
                await asyncio.wait_for(asyncio.gather(*(store.keys() for _ in range(50))), 0.0001)
            assert await store.get_exact("key") == "value"
            await store.clear()

    run(body())


def test_ready_answers_do_not_wait_for_the_loop():
    """A hit in memory ends at the first send, without any loop."""
    store = semantrix.InMemoryStore()
    store.sync.add("key", "value")
    with pytest.raises(StopIteration) as caught:
        store.get_exact("key").send(None)
    assert caught.value.value == "value"


def test_one_store_in_many_loops():
    store = redis()
    failures = []

    def work(number):
        async def body():
            for n in range(200):
                await store.add(f"{number}:{n}", str(n))
                assert await store.get_exact(f"{number}:{n}") == str(n)

        try:
            asyncio.run(body())
        except BaseException as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(number,)) for number in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    assert store.sync.clear() == 800
    store.sync.close()


def test_a_loop_after_the_other():
    store = redis()
    for number in range(20):
        asyncio.run(store.add("key", str(number)))
        assert asyncio.run(store.get_exact("key")) == str(number)
    asyncio.run(store.close())


def test_blocking_calls_let_other_threads_run():
    """While one thread waits for a server that does not answer, others go on."""
    ticks = 0

    def tick():
        nonlocal ticks
        while not done.is_set():
            ticks += 1
            time.sleep(0.001)

    done = threading.Event()
    thread = threading.Thread(target=tick)
    with socket.create_server(("127.0.0.1", 0)) as silent:
        port = silent.getsockname()[1]
        store = semantrix.ElastiCacheStore(endpoint=f"127.0.0.1:{port}", deadline=0.5)
        thread.start()
        with pytest.raises(semantrix.CacheError):
            store.sync.get_exact("key")
        done.set()
        thread.join()
    assert ticks > 20


def test_a_signal_ends_a_blocking_call():
    class Interrupted(Exception):
        pass

    def interrupt(*_):
        raise Interrupted

    before = signal.signal(signal.SIGALRM, interrupt)
    try:
        with socket.create_server(("127.0.0.1", 0)) as silent:
            port = silent.getsockname()[1]
            store = semantrix.ElastiCacheStore(
                endpoint=f"127.0.0.1:{port}", deadline=30, connect_timeout=30
            )
            signal.setitimer(signal.ITIMER_REAL, 0.1)
            began = time.monotonic()
            with pytest.raises(Interrupted):
                store.sync.get_exact("key")
            assert time.monotonic() - began < 10
    finally:
        signal.signal(signal.SIGALRM, before)


def in_child(body):
    """Runs `body` in a child of fork; its exit status."""
    child = os.fork()
    if child == 0:
        status = 1
        try:
            signal.alarm(20)
            body()
            status = 0
        finally:
            os._exit(status)
    return os.waitstatus_to_exitcode(os.waitpid(child, 0)[1])


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_fork():
    """The child's stores start afresh, blocking and in a loop of its own; the parent goes on."""
    prefix = new_prefix()
    store = semantrix.ElastiCacheStore(endpoint=redis_endpoint(), key_prefix=prefix)
    asyncio.run(store.add("key", "value"))

    def child():
        assert store.sync.get_exact("key") == "value"
        assert asyncio.run(store.get_exact("key")) == "value"
        asyncio.run(store.add("child", "was here"))

    assert in_child(child) == 0
    assert asyncio.run(store.get_exact("child")) == "was here"
    store.sync.clear()
    store.sync.close()


@pytest.mark.filterwarnings("ignore:This process .* is multi-threaded:DeprecationWarning")
def test_fork_with_calls_under_way():
    async def body():
        store = redis()
        await store.add("key", "value")
        calls = [asyncio.ensure_future(store.get_exact("key")) for _ in range(100)]
        await asyncio.sleep(0)

        def child():
            asyncio.events._set_running_loop(None)
            assert store.sync.get_exact("key") == "value"

        assert in_child(child) == 0
        assert await asyncio.gather(*calls) == ["value"] * 100
        await store.clear()
        await store.close()

    asyncio.run(body())


def rss_bytes():
    with open("/proc/self/statm") as file:
        return int(file.read().split()[1]) * os.sysconf("SC_PAGE_SIZE")


def test_a_million_hits_leave_memory_where_it_was(run):
    async def body():
        store = semantrix.InMemoryStore()
        await store.add("key", "value" * 40)
        get_exact = store.get_exact

        async def hits(count):
            for _ in range(count):
                await get_exact("key")

        await hits(10_000)
        gc.collect()
        blocks, resident = sys.getallocatedblocks(), rss_bytes()
        await hits(1_000_000)
        gc.collect()
        assert sys.getallocatedblocks() - blocks < 200
        assert rss_bytes() - resident < 4 << 20

    run(body())


def test_networked_calls_leave_no_reference(run):
    async def body():
        async with redis() as store:
            await store.add("key", "value")

            async def calls(count):
                for _ in range(count):
                    await asyncio.gather(*(store.get_exact("key") for _ in range(100)))
                    store.sync.get_exact("key")
                    with pytest.raises(TypeError):
                        await store.add("key", 1)
                    tasks = [asyncio.ensure_future(store.get_exact("key")) for _ in range(10)]
                    await asyncio.sleep(0)
                    for task in tasks:
                        task.cancel()
                    await asyncio.gather(*tasks, return_exceptions=True)

            await calls(10)
            gc.collect()
            tracemalloc.start()
            before = sys.getallocatedblocks()
            await calls(50)
            gc.collect()
            grown = sys.getallocatedblocks() - before
            tracemalloc.stop()
            assert grown < 300, grown

    run(body())


def test_stores_loops_and_calls_are_freed():
    store = redis()
    reference = weakref.ref(store)
    loop = asyncio.new_event_loop()
    loop_reference = weakref.ref(loop)
    loop.run_until_complete(store.add("key", "value"))

    async def abandoned(store):
        await store.get_exact("key")

    task = loop.create_task(abandoned(store))
    loop.run_until_complete(asyncio.sleep(0))
    task._log_destroy_pending = False
    store.sync.clear()
    loop.close()
    del store, loop, task
    gc.collect()
    assert reference() is None
    assert loop_reference() is None


def test_descriptors_of_loops_are_closed():
    store = redis()
    asyncio.run(store.add("key", "value"))
    before = len(os.listdir("/proc/self/fd"))
    for _ in range(30):
        asyncio.run(store.get_exact("key"))
        gc.collect()
    assert len(os.listdir("/proc/self/fd")) <= before + 1
    store.sync.clear()
    store.sync.close()
