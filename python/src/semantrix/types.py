"""What the verbs of a store answer, where it is more than a value, a number or a list."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Iterable, List, Optional, Union

if TYPE_CHECKING:
    from .errors import CacheError

__all__ = [
    "BatchFailure",
    "BatchOutcome",
    "Capability",
    "Description",
    "Entry",
    "Key",
    "MemorystoreInstance",
    "MemorystoreInstances",
    "MigrateReport",
    "Value",
]

#: Keys are text or bytes; `"a"` and `b"a"` are the same key.
Key = Union[str, bytes]

#: What went in as `str` comes out as `str`, what went in as `bytes` as `bytes`.
Value = Union[str, bytes]


@dataclass(frozen=True)
class Entry:
    """An entry with what belongs to it: all that a migration needs."""

    value: Value
    ttl: Optional[float]  #: Seconds that remain; None: does not expire.
    tags: List[str] = field(default_factory=list)


@dataclass(frozen=True)
class BatchFailure:
    """One item of a `batch_add` that was not stored."""

    index: int  #: Its position in the batch.
    error: CacheError


@dataclass(frozen=True)
class BatchOutcome:
    """What became of a `batch_add`. Items that are not named in `failures` are stored."""

    stored: int
    failures: List[BatchFailure] = field(default_factory=list)

    @property
    def ok(self) -> bool:
        """Whether all of them are stored."""
        return not self.failures

    def raise_for_failures(self) -> None:
        """Raises the error of the first item that was not stored."""
        if self.failures:
            raise self.failures[0].error


@dataclass(frozen=True)
class Capability:
    """What a store can do. Limits are in bytes; None: there is none."""

    store: str
    networked: bool
    keeps_across_processes: bool
    can_ttl: bool
    can_list_keys: bool
    can_size: bool
    can_clear: bool
    can_tag: bool
    invalidates_lazily: bool  #: `invalidate_tag` gives 1 for a tag in use, else 0.
    can_invalidate_prefix: bool
    can_evict: bool
    can_subscribe_invalidations: bool
    synchronous: bool
    max_key_bytes: Optional[int]
    max_value_bytes: Optional[int]


@dataclass(frozen=True)
class Description:
    """What is known of a store after it has been reached."""

    capability: Capability
    server: str  #: What the server says of itself; empty in memory.
    warning: Optional[CacheError]  #: What went wrong at start without stopping the store.


@dataclass(frozen=True)
class MemorystoreInstance:
    """An instance as Google describes it. What a flavor does not know is empty or 0."""

    name: str  #: "projects/P/locations/R/instances/I"
    instance_id: str
    region: str
    flavor: str  #: "redis", "redis_cluster", "valkey"
    display_name: str
    host: str  #: Empty while the instance is being created.
    port: int
    read_host: str
    read_port: int
    state: str  #: "READY", "CREATING", …: open, since Google adds to them.
    status_message: str
    tier: str
    version: str
    memory_size_gb: int
    replica_count: int
    auth_enabled: bool
    iam_enabled: bool
    tls_enabled: bool
    cluster: bool
    authorized_network: str
    ca_certs: List[str]  #: PEM: the authorities that sign for this instance.


@dataclass(frozen=True)
class MigrateReport:
    """What a migration has done so far."""

    copied: int  #: In the destination now; in a dry run: would be.
    skipped: int  #: Copied by an earlier run, or left alone by if_exists="skip".
    expired: int  #: Gone from the source between listing and reading.
    failed: int  #: Could not be read or stored.
    untagged: int  #: Of `copied`: without their tags, which the destination lacks.
    verified: int  #: Read again on both sides and found equal.
    differing: int  #: Missing there, another value, or a ttl more than 2 s off.
    stopped: bool  #: It was asked to end early.


class MemorystoreInstances(List[MemorystoreInstance]):
    """What `list_instances` found: a list that also knows which regions did not answer."""

    def __init__(
        self, instances: Iterable[MemorystoreInstance] = (), unreachable: Iterable[str] = ()
    ) -> None:
        super().__init__(instances)
        self.unreachable = list(unreachable)
