"""LangGraph's node cache in any store.

    from semantrix.integrations.langgraph import SemantrixCache

    graph = builder.compile(cache=SemantrixCache(semantrix.open("redis://localhost")))
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any, TypeVar
from urllib.parse import quote

from langgraph.cache.base import BaseCache, FullKey, Namespace
from langgraph.checkpoint.serde.base import SerializerProtocol

from .. import CacheStore

__all__ = ["SemantrixCache"]

ValueT = TypeVar("ValueT")


class SemantrixCache(BaseCache[ValueT]):
    """What nodes returned, by namespace and key: a batch of keys is one `batch_get`.

    store: any `CacheStore`; the synchronous methods use its blocking twin.
    prefix: in front of every key; `clear` stays within it.
    serde: how values become bytes; LangGraph's own by default.
    """

    def __init__(
        self,
        store: CacheStore,
        *,
        prefix: str = "langgraph:",
        serde: SerializerProtocol | None = None,
    ) -> None:
        super().__init__(serde=serde)
        self.store = store
        self.prefix = prefix

    def get(self, keys: Sequence[FullKey]) -> dict[FullKey, ValueT]:
        return self._found(keys, self.store.sync.batch_get(self._names(keys)))

    async def aget(self, keys: Sequence[FullKey]) -> dict[FullKey, ValueT]:
        return self._found(keys, await self.store.batch_get(self._names(keys)))

    def set(self, pairs: Mapping[FullKey, tuple[ValueT, int | None]]) -> None:
        self.store.sync.batch_add(self._items(pairs)).raise_for_failures()

    async def aset(self, pairs: Mapping[FullKey, tuple[ValueT, int | None]]) -> None:
        (await self.store.batch_add(self._items(pairs))).raise_for_failures()

    def clear(self, namespaces: Sequence[Namespace] | None = None) -> None:
        for prefix in self._prefixes(namespaces):
            self.store.sync.invalidate_prefix(prefix)

    async def aclear(self, namespaces: Sequence[Namespace] | None = None) -> None:
        for prefix in self._prefixes(namespaces):
            await self.store.invalidate_prefix(prefix)

    def _prefixes(self, namespaces: Sequence[Namespace] | None) -> list[str]:
        if namespaces is None:
            return [self.prefix]
        return [self._folder(namespace) for namespace in namespaces]

    def _folder(self, namespace: Namespace) -> str:
        # Escaped parts hold neither "/" nor ":", so no namespace is the beginning of another's.
        return self.prefix + "/".join(quote(part, safe="") for part in namespace) + ":"

    def _names(self, keys: Sequence[FullKey]) -> list[str]:
        return [self._folder(namespace) + key for namespace, key in keys]

    def _items(self, pairs: Mapping[FullKey, tuple[ValueT, int | None]]) -> list[Any]:
        items = []
        for (namespace, key), (value, ttl) in pairs.items():
            kind, data = self.serde.dumps_typed(value)
            items.append((self._folder(namespace) + key, kind.encode() + b"\n" + data, ttl))
        return items

    def _found(self, keys: Sequence[FullKey], values: Sequence[Any]) -> dict[FullKey, ValueT]:
        found = {}
        for key, value in zip(keys, values):
            if value is not None:
                data = value.encode() if isinstance(value, str) else value
                kind, _, data = data.partition(b"\n")
                found[key] = self.serde.loads_typed((kind.decode(), data))
        return found
