"""From one store into another: `semantrix.migrate`."""

from __future__ import annotations

import asyncio

from ._core import CacheStore, Migration

__all__ = ["migrate"]

#: Seconds between two calls of `on_progress`.
EVERY = 0.1


async def migrate(source, destination, *, on_progress=None, on_failure=None, **options):
    """Copies the entries of one store into another, each with the ttl that remains and its tags.

    match: a glob of keys ("*"). if_exists: "overwrite" (default) or "skip". dry_run: lists and
    looks, but stores nothing. verify: afterwards compares every entry on both sides.
    rate: entries a second (0: as fast as the stores go).
    checkpoint: a file that remembers what is copied, so that a migration that was cut off goes on
    where it was; removed when all is done. identity: a text that the file belongs to.
    batch_size (64), concurrency (4): entries of a batch, and batches at once.
    on_progress(report): called by the loop about ten times a second, and at the end.
    on_failure(key, error): called by the loop for each entry that could not be copied.

    The source is only read. Memory holds batch_size * concurrency entries, and 8 bytes a key with
    a checkpoint. An entry that cannot be copied is counted and the rest goes on; a store that is
    out of reach ends it with a CacheError. Cancelling it, or a hook that raises, ends it after the
    entries that are on their way; its checkpoint stays.

    Gives a MigrateReport. Errors: CacheError of the stores; IoError, InvalidArgumentError of a
    checkpoint; TypeError for an unknown option, ValueError for a bad value.
    """
    for store in (source, destination):
        if not isinstance(store, CacheStore):
            raise TypeError(f"migrate() takes two stores, not {type(store).__name__}")
    migration = Migration(source, destination, on_failure is not None, **options)

    def tell():
        if on_failure is not None:
            for key, error in migration.new_failures():
                on_failure(key, error)
        if on_progress is not None:
            on_progress(migration.report())

    running = asyncio.ensure_future(migration.run())
    try:
        every = EVERY if on_progress or on_failure else None
        while not (await asyncio.wait({running}, timeout=every))[0]:
            tell()
        tell()
        return running.result()
    finally:
        migration.stop()
        await asyncio.wait({running})
