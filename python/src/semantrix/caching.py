"""`@cached`: the results of a function, kept in a store."""

from __future__ import annotations

import functools
import inspect

from ._core import CacheStore, SyncStore
from .identity import default_key
from .single_flight import compute_once, compute_once_blocking

__all__ = ["cached"]


def _same(value):
    return value


def cached(store, *, ttl=None, key=None, tags=None, serialize=None, deserialize=None):
    """Keeps what a function returns, so that the same arguments need not be paid for twice.

        @semantrix.cached(store, ttl=3600)
        async def answer(prompt: str) -> str: ...

    For `async def` and ordinary functions (which use `store.sync`). Calls for the same key at the
    same time share one computation. Exceptions and None are not kept.

    store: a `CacheStore`; for ordinary functions a `SyncStore` does as well.
    ttl: seconds (int, float) or a timedelta. None: the store's `default_ttl`.
    key: a format string over the arguments' names ("user:{user_id}"), or a function of the same
        arguments that gives the key. None: the function's name and a digest of its arguments,
        which must then be plain data (None, bool, int, float, str, bytes, lists, tuples, dicts).
    tags: for `invalidate_tag`, where the store has tags.
    serialize, deserialize: to and from `str` or `bytes`, for other results (json.dumps,
        json.loads). None: the function returns `str` or `bytes`.

    The function that it gives has `key_of(...)`, the key for these arguments, and `forget(...)`,
    which removes their entry (to be awaited for `async def`).
    """
    if not isinstance(store, (CacheStore, SyncStore)):
        raise TypeError(f"cached() takes a store first, not {type(store).__name__}")
    options = _Options(store, ttl, tags, serialize or _same, deserialize or _same)

    def decorate(function):
        key_of = _key_function(function, key)
        if inspect.isasyncgenfunction(function) or inspect.isgeneratorfunction(function):
            raise TypeError("cached() keeps what a function returns; a generator returns nothing")
        wrap = _wrap_async if inspect.iscoroutinefunction(function) else _wrap_blocking
        wrapper = functools.wraps(function)(wrap(function, key_of, options))
        wrapper.key_of = key_of
        return wrapper

    return decorate


class _Options:
    def __init__(self, store, ttl, tags, serialize, deserialize):
        self.store = store
        self.ttl = ttl
        self.tags = tags
        self.serialize = serialize
        self.deserialize = deserialize


def _key_function(function, key):
    if key is None:
        return default_key(function)
    if callable(key):
        return key
    signature = inspect.signature(function)

    def format_key(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return key.format(**bound.arguments)

    return format_key


def _wrap_async(function, key_of, options):
    store, deserialize = options.store, options.deserialize
    if isinstance(store, SyncStore):
        raise TypeError("an async function needs the store itself, not its sync twin")

    async def wrapper(*args, **kwargs):
        key = key_of(*args, **kwargs)
        found = await store.get_exact(key)
        if found is not None:
            return deserialize(found)

        async def compute():
            result = await function(*args, **kwargs)
            return None if result is None else options.serialize(result)

        found = await compute_once(store, key, compute, options.ttl, options.tags)
        return None if found is None else deserialize(found)

    async def forget(*args, **kwargs):
        return await store.delete(key_of(*args, **kwargs))

    wrapper.forget = forget
    return wrapper


def _wrap_blocking(function, key_of, options):
    store = options.store if isinstance(options.store, SyncStore) else options.store.sync
    deserialize = options.deserialize

    def wrapper(*args, **kwargs):
        key = key_of(*args, **kwargs)
        found = store.get_exact(key)
        if found is not None:
            return deserialize(found)

        def compute():
            result = function(*args, **kwargs)
            return None if result is None else options.serialize(result)

        found = compute_once_blocking(store, key, compute, options.ttl, options.tags)
        return None if found is None else deserialize(found)

    def forget(*args, **kwargs):
        return store.delete(key_of(*args, **kwargs))

    wrapper.forget = forget
    return wrapper
