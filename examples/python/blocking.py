"""The same store without an event loop, in a file that outlives the process."""

import tempfile
from pathlib import Path

from semantrix import InMemoryStore, errors

with tempfile.TemporaryDirectory() as folder:
    snapshot = Path(folder) / "answers.snapshot"
    with InMemoryStore(snapshot=snapshot).sync as cache:
        cache.batch_add({"key1": "value1", "key2": b"\x00\x01"}, ttl=60).raise_for_failures()

    with InMemoryStore(snapshot=snapshot).sync as cache:
        print(cache.batch_get(["key1", "key2", "key3"]))
        try:
            cache.add("key4", "value4", ttl=0)
        except errors.InvalidArgumentError as error:
            print(error.code)

# > ['value1', b'\x00\x01', None]
# > invalid_argument
