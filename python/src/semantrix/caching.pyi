from collections.abc import Callable, Coroutine, Sequence
from datetime import timedelta
from typing import Any, Protocol, TypeVar, overload

from typing_extensions import Concatenate, ParamSpec, Self

from ._core import CacheStore, SyncStore
from .types import Value

_P = ParamSpec("_P")
_Q = ParamSpec("_Q")
_T = TypeVar("_T")
_T_co = TypeVar("_T_co", covariant=True)

class _Cached(Protocol[_P, _T_co]):
    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> _T_co: ...
    def key_of(self, *args: _P.args, **kwargs: _P.kwargs) -> str: ...
    def forget(self, *args: _P.args, **kwargs: _P.kwargs) -> bool: ...
    @overload
    def __get__(self, instance: None, owner: type, /) -> Self: ...
    @overload
    def __get__(
        self: _Cached[Concatenate[Any, _Q], _T], instance: object, owner: type | None = None, /
    ) -> Callable[_Q, _T]: ...

class _CachedAsync(Protocol[_P, _T_co]):
    def __call__(self, *args: _P.args, **kwargs: _P.kwargs) -> Coroutine[Any, Any, _T_co]: ...
    def key_of(self, *args: _P.args, **kwargs: _P.kwargs) -> str: ...
    def forget(self, *args: _P.args, **kwargs: _P.kwargs) -> Coroutine[Any, Any, bool]: ...
    @overload
    def __get__(self, instance: None, owner: type, /) -> Self: ...
    @overload
    def __get__(
        self: _CachedAsync[Concatenate[Any, _Q], _T], instance: object, owner: type | None = None, /
    ) -> Callable[_Q, Coroutine[Any, Any, _T]]: ...

class _Decorator(Protocol):
    # What gives a coroutine fits both; the first is meant.
    @overload
    def __call__(  # type: ignore[overload-overlap]
        self, function: Callable[_P, Coroutine[Any, Any, _T]], /
    ) -> _CachedAsync[_P, _T]: ...
    @overload
    def __call__(self, function: Callable[_P, _T], /) -> _Cached[_P, _T]: ...

def cached(
    store: CacheStore | SyncStore,
    *,
    ttl: float | timedelta | None = None,
    key: str | Callable[..., str] | None = None,
    tags: Sequence[str] | None = None,
    serialize: Callable[[Any], Value] | None = None,
    deserialize: Callable[[Any], Any] | None = None,
) -> _Decorator: ...

__all__ = ["cached"]
