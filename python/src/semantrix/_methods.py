"""What stores can do beside the verbs of the extension module: what is not worth C++.

`attach` puts these functions into its classes.
"""

from __future__ import annotations

from ._core import CacheStore, SyncStore
from .single_flight import compute_once, compute_once_blocking

ALL = "*"


async def _keys(self, match=ALL):
    r"""All keys that match a glob (`*`, `?`, `[a-z]`, `\` escapes), in one list."""
    cursor, found = self._cursor(match), []
    while page := await cursor.next_page():
        found += page
    return found


async def _scan(self, match=ALL):
    """The keys that match a glob, each once: for stores too large for a list."""
    cursor = self._cursor(match)
    while page := await cursor.next_page():
        for key in page:
            yield key


async def _get_or_compute(self, key, compute, ttl=None, *, tags=None):
    """The value, computed by `compute()` on a miss and stored.

    `compute` may be a function or a coroutine function of no arguments. All who ask for the key at
    the same time share one computation; an exception reaches them all and leaves nothing behind.
    None is returned and not stored. A result that the store refuses is returned all the same.
    """
    value = await self.get_exact(key)
    if value is not None:
        return value
    return await compute_once(self, key, compute, ttl, tags)


async def _enter(self):
    return self


async def _leave(self, *failure):
    await self.close()


def _keys_blocking(self, match=ALL):
    r"""All keys that match a glob (`*`, `?`, `[a-z]`, `\` escapes), in one list."""
    cursor, found = self._cursor(match), []
    while page := cursor.next_page():
        found += page
    return found


def _scan_blocking(self, match=ALL):
    """The keys that match a glob, each once: for stores too large for a list."""
    cursor = self._cursor(match)
    while page := cursor.next_page():
        yield from page


def _get_or_compute_blocking(self, key, compute, ttl=None, *, tags=None):
    """The value, computed by `compute()` on a miss and stored.

    All threads that ask for the key at the same time share one computation; an exception reaches
    them all and leaves nothing behind. None is returned and not stored. A result that the store
    refuses is returned all the same.
    """
    value = self.get_exact(key)
    if value is not None:
        return value
    return compute_once_blocking(self, key, compute, ttl, tags)


def _enter_blocking(self):
    return self


def _leave_blocking(self, *failure):
    self.close()


def _describe_object(self):
    return f"<{type(self).__module__}.{type(self).__qualname__} '{self.capability.store}'>"


METHODS = {
    CacheStore: {
        "keys": _keys,
        "scan": _scan,
        "get_or_compute": _get_or_compute,
        "__aenter__": _enter,
        "__aexit__": _leave,
        "__repr__": _describe_object,
    },
    SyncStore: {
        "keys": _keys_blocking,
        "scan": _scan_blocking,
        "get_or_compute": _get_or_compute_blocking,
        "__enter__": _enter_blocking,
        "__exit__": _leave_blocking,
        "__repr__": _describe_object,
    },
}


def attach():
    """Once, when the package is imported."""
    for store, methods in METHODS.items():
        for name, function in methods.items():
            function.__name__, function.__qualname__ = name, f"{store.__name__}.{name}"
            function.__module__ = "semantrix"
            setattr(store, name, function)
