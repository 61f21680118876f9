"""One cache for LLM applications.

    from semantrix import InMemoryStore

    cache = InMemoryStore(max_size=1000)
    await cache.add("key1", "value1", ttl=3600)
    value = await cache.get_exact("key1")

Every store has the same verbs (`help(semantrix.CacheStore)`); `store.sync` has them without await;
`semantrix.open(url)` opens the store that a URL names.
"""

from . import errors
from ._core import (
    CacheStore,
    DynamoDBCacheStore,
    ElastiCacheStore,
    GoogleMemorystoreCacheStore,
    InMemoryStore,
    SyncStore,
    __version__,
    open,
)
from ._methods import attach as _attach
from .caching import cached
from .errors import CacheError
from .migration import migrate
from .types import BatchFailure, BatchOutcome, Capability, Description, Entry, MigrateReport

__all__ = [
    "BatchFailure",
    "BatchOutcome",
    "CacheError",
    "CacheStore",
    "Capability",
    "Description",
    "DynamoDBCacheStore",
    "ElastiCacheStore",
    "Entry",
    "GoogleMemorystoreCacheStore",
    "InMemoryStore",
    "MigrateReport",
    "SyncStore",
    "__version__",
    "cached",
    "errors",
    "migrate",
    "open",
]

_attach()
