"""Every cache store, by name. None of them needs a package beside this one."""

from .._core import (
    CacheStore,
    DynamoDBCacheStore,
    ElastiCacheStore,
    GoogleMemorystoreCacheStore,
    InMemoryStore,
    SyncStore,
)

__all__ = [
    "CacheStore",
    "DynamoDBCacheStore",
    "ElastiCacheStore",
    "GoogleMemorystoreCacheStore",
    "InMemoryStore",
    "SyncStore",
]
