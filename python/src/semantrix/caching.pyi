from collections.abc import Callable, Sequence
from datetime import timedelta
from typing import Any, TypeVar

from ._core import CacheStore, SyncStore
from .types import Value

_F = TypeVar("_F", bound=Callable[..., Any])

def cached(
    store: CacheStore | SyncStore,
    *,
    ttl: float | timedelta | None = None,
    key: str | Callable[..., str] | None = None,
    tags: Sequence[str] | None = None,
    serialize: Callable[[Any], Value] | None = None,
    deserialize: Callable[[Any], Any] | None = None,
) -> Callable[[_F], _F]: ...

__all__ = ["cached"]
