"""Every cache store, by name. None of them needs a package beside this one."""

from .._core import CacheStore, DynamoDBCacheStore, ElastiCacheStore, InMemoryStore, SyncStore

__all__ = [
    "CacheStore",
    "DynamoDBCacheStore",
    "ElastiCacheStore",
    "InMemoryStore",
    "SyncStore",
]
