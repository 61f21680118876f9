"""One computation for all who ask for the same key at the same time, in one process.

Coroutines of one event loop share a computation, threads of the blocking twin another. It runs in a
task of its own, so that no caller's cancellation takes it from the others; once all of them have
gone it is cancelled, too.
"""

from __future__ import annotations

import asyncio
import inspect
import logging
import os
import threading
from weakref import WeakKeyDictionary

from ._core import BusyError, CacheError

__all__ = ["compute_once", "compute_once_blocking"]

log = logging.getLogger("semantrix")

# By store, then by (loop, key) or by key.
_tasks = WeakKeyDictionary()
_threads = WeakKeyDictionary()
_lock = threading.Lock()


def _forget_all():
    """In a child of `fork`, where nobody computes any more."""
    global _lock
    _lock = threading.Lock()
    _tasks.clear()
    _threads.clear()


if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=_forget_all)


def _bytes_of(key):
    return key.encode("utf-8", "surrogateescape") if isinstance(key, str) else bytes(key)


def _not_stored(error):
    # The answer was paid for: it is returned, whatever becomes of the cache.
    log.warning("a computed value was not stored: %s", error)


class _Flight:
    def __init__(self, task):
        self.task = task
        self.callers = 0


async def _compute(store, key, compute, ttl, tags):
    # Between this caller's miss and its turn another computation may have ended. Counts no hit.
    entry = await store.get_entry(key)
    if entry is not None:
        return entry.value
    value = compute()
    if inspect.isawaitable(value):
        value = await value
    if value is None:
        return None
    try:
        await store.add(key, value, ttl, tags=tags)
    except CacheError as error:
        _not_stored(error)
    return value


async def compute_once(store, key, compute, ttl=None, tags=None):
    """The result of `compute()`, which may be awaitable, stored unless it is None."""
    loop = asyncio.get_running_loop()
    with _lock:
        flights = _tasks.setdefault(store, {})
    name = loop, _bytes_of(key)
    flight = flights.get(name)
    if flight is None:
        flight = flights[name] = _Flight(loop.create_task(_compute(store, key, compute, ttl, tags)))
        flight.task.add_done_callback(lambda _: _land(flights, name, flight))
    elif flight.task is asyncio.current_task():
        raise BusyError("the computation of a key asks for that key itself")
    flight.callers += 1
    try:
        return await asyncio.shield(flight.task)
    finally:
        flight.callers -= 1
        if flight.callers == 0 and not flight.task.done():
            _land(flights, name, flight)
            flight.task.cancel()


def _land(flights, name, flight):
    if flights.get(name) is flight:
        del flights[name]
    if flight.task.done() and not flight.task.cancelled():
        flight.task.exception()  # It has been raised where somebody still waited.


class _Computation:
    def __init__(self):
        self.thread = threading.get_ident()
        self.ended = threading.Event()
        self.value = None
        self.error = None


def compute_once_blocking(store, key, compute, ttl=None, tags=None):
    """As `compute_once`, for threads."""
    name = _bytes_of(key)
    with _lock:
        computations = _threads.setdefault(store, {})
        mine = name not in computations
        computation = computations.setdefault(name, _Computation())
    if not mine:
        return _wait(computation)
    try:
        entry = store.get_entry(key)
        if entry is not None:
            computation.value = entry.value
            return entry.value
        computation.value = compute()
        if computation.value is not None:
            _add_blocking(store, key, computation.value, ttl, tags)
        return computation.value
    except BaseException as error:
        computation.error = error
        raise
    finally:
        with _lock:
            computations.pop(name, None)
        computation.ended.set()


def _wait(computation):
    if computation.thread == threading.get_ident():
        raise BusyError("the computation of a key asks for that key itself")
    computation.ended.wait()
    if computation.error is not None:
        raise computation.error
    return computation.value


def _add_blocking(store, key, value, ttl, tags):
    try:
        store.add(key, value, ttl, tags=tags)
    except CacheError as error:
        _not_stored(error)
