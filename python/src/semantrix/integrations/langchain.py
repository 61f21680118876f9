"""LangChain's LLM cache in any store.

    from langchain_core.globals import set_llm_cache
    from semantrix.integrations.langchain import SemantrixCache

    set_llm_cache(SemantrixCache(semantrix.open("redis://localhost"), ttl=86_400))
"""

from __future__ import annotations

import inspect
import json
from collections.abc import Sequence
from datetime import timedelta
from typing import Any

from langchain_core.caches import RETURN_VAL_TYPE, BaseCache
from langchain_core.load import dumps, loads

from .. import CacheStore
from ..identity import digest

__all__ = ["SemantrixCache"]

# Without the notice that it may change: there is no other way to keep a ChatGeneration.
_loads = getattr(loads, "__wrapped__", loads)

# What LangChain serialises of its own; nothing else is made from stored text. Versions before that
# choice was offered make the same.
_ONLY_CORE: dict[str, Any] = (
    {"allowed_objects": "core"} if "allowed_objects" in inspect.signature(loads).parameters else {}
)


class SemantrixCache(BaseCache):
    """Answers by prompt and model, so that two models never share one.

    store: any `CacheStore`; the synchronous methods use its blocking twin.
    ttl: seconds or a timedelta. None: the store's `default_ttl`.
    prefix: in front of every key; `clear` removes what begins with it.
    """

    def __init__(
        self,
        store: CacheStore,
        *,
        ttl: float | timedelta | None = None,
        prefix: str = "langchain:",
    ) -> None:
        self.store = store
        self.ttl = ttl
        self.prefix = prefix

    def lookup(self, prompt: str, llm_string: str) -> RETURN_VAL_TYPE | None:
        return _generations(self.store.sync.get_exact(self._key(prompt, llm_string)))

    def update(self, prompt: str, llm_string: str, return_val: RETURN_VAL_TYPE) -> None:
        self.store.sync.add(self._key(prompt, llm_string), _text(return_val), self.ttl)

    def clear(self, **kwargs: Any) -> None:
        self.store.sync.invalidate_prefix(self.prefix)

    async def alookup(self, prompt: str, llm_string: str) -> RETURN_VAL_TYPE | None:
        return _generations(await self.store.get_exact(self._key(prompt, llm_string)))

    async def aupdate(self, prompt: str, llm_string: str, return_val: RETURN_VAL_TYPE) -> None:
        await self.store.add(self._key(prompt, llm_string), _text(return_val), self.ttl)

    async def aclear(self, **kwargs: Any) -> None:
        await self.store.invalidate_prefix(self.prefix)

    def _key(self, prompt: str, llm_string: str) -> str:
        return self.prefix + digest([prompt, llm_string])


def _text(generations: Sequence[Any]) -> str:
    return json.dumps([dumps(generation) for generation in generations])


def _generations(text: str | bytes | None) -> list[Any] | None:
    if text is None:
        return None
    return [_loads(generation, **_ONLY_CORE) for generation in json.loads(text)]
