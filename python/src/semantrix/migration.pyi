from collections.abc import Callable
from os import PathLike
from typing import Literal

from ._core import CacheStore
from .errors import CacheError
from .types import MigrateReport

EVERY: float

async def migrate(
    source: CacheStore,
    destination: CacheStore,
    *,
    on_progress: Callable[[MigrateReport], object] | None = None,
    on_failure: Callable[[str, CacheError], object] | None = None,
    match: str | None = "*",
    if_exists: Literal["overwrite", "skip"] | None = "overwrite",
    dry_run: bool | None = False,
    verify: bool | None = False,
    rate: float | None = 0,
    checkpoint: str | PathLike[str] | None = None,
    identity: str | None = None,
    batch_size: int | None = 64,
    concurrency: int | None = 4,
) -> MigrateReport: ...

__all__ = ["migrate"]
