from collections.abc import (
    AsyncIterator,
    Awaitable,
    Callable,
    Coroutine,
    Iterable,
    Iterator,
    Mapping,
    Sequence,
)
from datetime import timedelta
from os import PathLike
from typing import Any, Literal, TypedDict, TypeVar, Union, final

from typing_extensions import Self, TypeAlias, Unpack

from .errors import (
    AuthenticationFailedError as AuthenticationFailedError,
    BusyError as BusyError,
    CacheError as CacheError,
    CancelledError as CancelledError,
    ClosedError as ClosedError,
    ConnectFailedError as ConnectFailedError,
    ConnectionLostError as ConnectionLostError,
    CorruptError as CorruptError,
    InternalError as InternalError,
    InvalidArgumentError as InvalidArgumentError,
    IoError as IoError,
    MissingConfigurationError as MissingConfigurationError,
    NoCredentialsError as NoCredentialsError,
    NotSupportedError as NotSupportedError,
    OverloadedError as OverloadedError,
    PermissionDeniedError as PermissionDeniedError,
    ProtocolError as ProtocolError,
    ResolveFailedError as ResolveFailedError,
    ServerOutOfMemoryError as ServerOutOfMemoryError,
    ThrottledError as ThrottledError,
    TimeoutError as TimeoutError,
    TlsFailedError as TlsFailedError,
    TooLargeError as TooLargeError,
    UnavailableError as UnavailableError,
    UnsupportedVersionError as UnsupportedVersionError,
)
from .types import (
    BatchOutcome,
    Capability,
    Description,
    Entry,
    Key,
    MemorystoreInstances,
    MigrateReport,
    Value,
)

_T = TypeVar("_T")
_Call: TypeAlias = Coroutine[Any, Any, _T]
_Seconds: TypeAlias = Union[float, timedelta]
_Item: TypeAlias = Union[tuple[Key, Value], tuple[Key, Value, Union[_Seconds, None]]]
# Values are str or bytes; a dict of both would be inferred as one of objects.
_Items: TypeAlias = Union[Mapping[str, Any], Mapping[bytes, Any], Iterable[_Item]]
_Path: TypeAlias = Union[str, PathLike[str]]

__version__: str
error_names: list[str]

@final
class StoreCall(Coroutine[Any, Any, Any]):
    def send(self, value: object, /) -> Any: ...
    def throw(self, *failure: Any) -> Any: ...
    def close(self) -> None: ...
    def __await__(self) -> Self: ...  # type: ignore[override]
    def __iter__(self) -> Self: ...
    def __next__(self) -> Any: ...
    @property
    def __name__(self) -> str: ...
    @property
    def __qualname__(self) -> str: ...

@final
class AsyncKeyCursor:
    def next_page(self) -> _Call[list[str]]: ...

@final
class SyncKeyCursor:
    def next_page(self) -> list[str]: ...

class CacheStore:
    @property
    def capability(self) -> Capability: ...
    @property
    def sync(self) -> SyncStore: ...
    def get_exact(self, key: Key) -> _Call[Value | None]: ...
    def add(
        self,
        key: Key,
        value: Value,
        ttl: _Seconds | None = None,
        *,
        tags: Sequence[str] | None = None,
    ) -> _Call[None]: ...
    def delete(self, key: Key) -> _Call[bool]: ...
    def batch_add(
        self, items: _Items, ttl: _Seconds | None = None, *, tags: Sequence[str] | None = None
    ) -> _Call[BatchOutcome]: ...
    def batch_get(self, keys: Iterable[Key]) -> _Call[list[Value | None]]: ...
    def batch_delete(self, keys: Iterable[Key]) -> _Call[int]: ...
    def size(self, *, approximate: bool = False) -> _Call[int]: ...
    def clear(self, *, all: bool = False) -> _Call[int]: ...
    def invalidate_tag(self, tag: str) -> _Call[int]: ...
    def invalidate_prefix(self, prefix: Key) -> _Call[int]: ...
    def get_entry(self, key: Key) -> _Call[Entry | None]: ...
    def get_stats(self) -> _Call[dict[str, Any]]: ...
    def describe(self) -> _Call[Description]: ...
    def close(self) -> _Call[None]: ...
    async def keys(self, match: str = "*") -> list[str]: ...
    def scan(self, match: str = "*") -> AsyncIterator[str]: ...
    async def get_or_compute(
        self,
        key: Key,
        compute: Callable[[], Value | None] | Callable[[], Awaitable[Value | None]],
        ttl: _Seconds | None = None,
        *,
        tags: Sequence[str] | None = None,
    ) -> Value | None: ...
    async def __aenter__(self) -> Self: ...
    async def __aexit__(self, *failure: object) -> None: ...

class SyncStore:
    @property
    def capability(self) -> Capability: ...
    def get_exact(self, key: Key) -> Value | None: ...
    def add(
        self,
        key: Key,
        value: Value,
        ttl: _Seconds | None = None,
        *,
        tags: Sequence[str] | None = None,
    ) -> None: ...
    def delete(self, key: Key) -> bool: ...
    def batch_add(
        self, items: _Items, ttl: _Seconds | None = None, *, tags: Sequence[str] | None = None
    ) -> BatchOutcome: ...
    def batch_get(self, keys: Iterable[Key]) -> list[Value | None]: ...
    def batch_delete(self, keys: Iterable[Key]) -> int: ...
    def size(self, *, approximate: bool = False) -> int: ...
    def clear(self, *, all: bool = False) -> int: ...
    def invalidate_tag(self, tag: str) -> int: ...
    def invalidate_prefix(self, prefix: Key) -> int: ...
    def get_entry(self, key: Key) -> Entry | None: ...
    def get_stats(self) -> dict[str, Any]: ...
    def describe(self) -> Description: ...
    def close(self) -> None: ...
    def keys(self, match: str = "*") -> list[str]: ...
    def scan(self, match: str = "*") -> Iterator[str]: ...
    def get_or_compute(
        self,
        key: Key,
        compute: Callable[[], Value | None],
        ttl: _Seconds | None = None,
        *,
        tags: Sequence[str] | None = None,
    ) -> Value | None: ...
    def __enter__(self) -> Self: ...
    def __exit__(self, *failure: object) -> None: ...

class InMemoryStore(CacheStore):
    def __init__(
        self,
        *,
        max_size: int | None = 10_000,
        max_bytes: int | None = None,
        eviction_policy: str | None = "w_tinylfu",
        default_ttl: _Seconds | None = None,
        time_to_idle: _Seconds | None = None,
        compress_threshold: int | None = None,
        compress_dictionary: int | None = 0,
        snapshot: _Path | None = None,
        shards: int | None = 0,
    ) -> None: ...

# What every networked store takes, each with its default.
class _SharedOptions(TypedDict, total=False):
    key_prefix: str | None  # "semantrix:"; of DynamoDB ""
    default_ttl: _Seconds | None  # none
    compress_threshold: int | None  # off; of DynamoDB what an item cannot hold
    connect_timeout: _Seconds | None  # 1.0
    read_timeout: _Seconds | None  # 0.5
    deadline: _Seconds | None  # 2.0, or what the timeouts and retries need
    retry_attempts: int | None  # 2
    retry_delay: _Seconds | None  # 0.01
    max_pool_connections: int | None  # 4; of DynamoDB 32
    on_error: Literal["raise", "miss"] | None  # "raise"

class DynamoDBCacheStore(CacheStore):
    def __init__(
        self,
        *,
        table_name: str,
        region_name: str | None = None,
        endpoint_url: str | None = None,
        access_key_id: str | None = None,
        secret_access_key: str | None = None,
        session_token: str | None = None,
        profile_name: str | None = None,
        ssl_ca_certs: _Path | None = None,
        create_if_missing: bool | None = True,
        read_capacity_units: int | None = None,
        write_capacity_units: int | None = None,
        ttl_attribute: str | None = "expires_at",
        enable_ttl: bool | None = None,
        consistent_read: bool | None = False,
        auto_batch: bool | None = True,
        **shared: Unpack[_SharedOptions],
    ) -> None: ...

class ElastiCacheStore(CacheStore):
    def __init__(
        self,
        *,
        endpoint: str,
        use_redis: bool | None = True,
        cluster: bool | Literal["auto"] | None = "auto",
        read_from: Literal["primary", "replica", "nearest"] | None = "primary",
        reader_endpoint: str | None = None,
        database: int | None = 0,
        ssl: bool | None = False,
        ssl_ca_certs: _Path | None = None,
        ssl_certificate: _Path | None = None,
        ssl_private_key: _Path | None = None,
        server_name: str | None = None,
        ssl_verification: Literal["full", "chain_only"] | None = "full",
        user: str | None = None,
        password: str | None = None,
        iam: bool | None = False,
        cache_name: str | None = None,
        serverless: bool | None = None,
        region_name: str | None = None,
        profile_name: str | None = None,
        **shared: Unpack[_SharedOptions],
    ) -> None: ...

class GoogleMemorystoreCacheStore(CacheStore):
    def __init__(
        self,
        *,
        project_id: str,
        region: str,
        instance_id: str,
        flavor: Literal["redis", "redis_cluster", "valkey"] | None = "redis",
        endpoint_url: str | None = None,
        credentials_file: _Path | None = None,
        access_token: str | None = None,
        quota_project_id: str | None = None,
        ssl_ca_certs: _Path | None = None,
        connect_to: str | None = None,
        read_from: Literal["primary", "replica", "nearest"] | None = "primary",
        database: int | None = 0,
        iam: bool | None = None,
        create_if_missing: bool | None = False,
        memory_size_gb: int | None = 1,
        tier: Literal["basic", "standard_ha"] | None = "basic",
        redis_version: str | None = None,
        authorized_network: str | None = None,
        **shared: Unpack[_SharedOptions],
    ) -> None: ...
    @staticmethod
    def list_instances(
        project_id: str,
        region: str,
        *,
        endpoint_url: str | None = None,
        credentials_file: _Path | None = None,
    ) -> _Call[MemorystoreInstances]: ...

class Migration:
    def __init__(
        self,
        source: CacheStore,
        destination: CacheStore,
        keeps_failures: bool,
        /,
        *,
        match: str | None = "*",
        if_exists: Literal["overwrite", "skip"] | None = "overwrite",
        dry_run: bool | None = False,
        verify: bool | None = False,
        rate: float | None = 0,
        checkpoint: _Path | None = None,
        identity: str | None = None,
        batch_size: int | None = 64,
        concurrency: int | None = 4,
    ) -> None: ...
    def run(self) -> _Call[MigrateReport]: ...
    def report(self) -> MigrateReport: ...
    def new_failures(self) -> list[tuple[str, CacheError]]: ...
    def stop(self) -> None: ...

def open(url: str) -> CacheStore: ...
