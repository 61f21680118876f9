"""One exception class for each kind of failure, all of them `CacheError`s.

The classes are made from the library's own table of error codes: `connect_failed` is
`ConnectFailedError`. Where Python has a word for it they are that, too: a `TimeoutError` of this
module is a built-in `TimeoutError`, an `InvalidArgumentError` a `ValueError`.
"""

from . import _core

__all__ = list(_core.error_names)

globals().update({name: getattr(_core, name) for name in _core.error_names})
