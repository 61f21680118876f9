"""LiteLLM's response cache in any store.

    import litellm
    from semantrix.integrations.litellm import litellm_cache

    litellm.cache = litellm_cache(semantrix.open("redis://localhost"), ttl=3600)
    litellm.completion(model=..., messages=..., caching=True)
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any

from litellm.caching.base_cache import BaseCache
from litellm.caching.caching import Cache

from .. import CacheError, CacheStore

__all__ = ["SemantrixBackend", "litellm_cache"]


class SemantrixBackend(BaseCache):
    """A backend of LiteLLM's `Cache`. A call's own ttl goes before `ttl`, and that before the
    store's `default_ttl`."""

    def __init__(
        self, store: CacheStore, *, ttl: float | timedelta | None = None, prefix: str = "litellm:"
    ) -> None:
        super().__init__()
        self.store = store
        self.ttl = ttl
        self.prefix = prefix

    def set_cache(self, key: str, value: Any, **kwargs: Any) -> None:
        self.store.sync.add(self.prefix + key, json.dumps(value), self._ttl(kwargs))

    async def async_set_cache(self, key: str, value: Any, **kwargs: Any) -> None:
        await self.store.add(self.prefix + key, json.dumps(value), self._ttl(kwargs))

    def get_cache(self, key: str, **kwargs: Any) -> Any:
        return _value(self.store.sync.get_exact(self.prefix + key))

    async def async_get_cache(self, key: str, **kwargs: Any) -> Any:
        return _value(await self.store.get_exact(self.prefix + key))

    def batch_get_cache(self, key_list: list[str], **kwargs: Any) -> dict[str, Any]:
        found = self.store.sync.batch_get([self.prefix + key for key in key_list])
        return dict(zip(key_list, map(_value, found)))

    async def async_batch_get_cache(self, key_list: list[str], **kwargs: Any) -> dict[str, Any]:
        found = await self.store.batch_get([self.prefix + key for key in key_list])
        return dict(zip(key_list, map(_value, found)))

    async def async_set_cache_pipeline(
        self, cache_list: list[tuple[str, Any]], **kwargs: Any
    ) -> None:
        items = [(self.prefix + key, json.dumps(value)) for key, value in cache_list]
        (await self.store.batch_add(items, self._ttl(kwargs))).raise_for_failures()

    async def batch_cache_write(self, key: str, value: Any, **kwargs: Any) -> None:
        await self.async_set_cache(key, value, **kwargs)

    async def disconnect(self) -> None:
        await self.store.close()

    async def test_connection(self) -> dict[str, Any]:
        try:
            await self.store.describe()
        except CacheError as error:
            return {"status": "failed", "message": str(error), "error": error.code}
        return {"status": "success", "message": f"{self.store.capability.store} answers"}

    def _ttl(self, kwargs: dict[str, Any]) -> float | timedelta | None:
        own = kwargs.get("ttl")
        return self.ttl if own is None else float(own)


def _value(text: str | bytes | None) -> Any:
    return None if text is None else json.loads(text)


def litellm_cache(
    store: CacheStore,
    *,
    ttl: float | timedelta | None = None,
    prefix: str = "litellm:",
    **options: Any,
) -> Cache:
    """A LiteLLM `Cache` over the store, for `litellm.cache`. `options` are those of `Cache`."""
    # As LiteLLM chooses a backend by a name of its own list, the one that it makes is replaced.
    cache = Cache(type="local", **options)
    cache.cache = SemantrixBackend(store, ttl=ttl, prefix=prefix)
    return cache
