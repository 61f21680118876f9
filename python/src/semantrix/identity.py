"""When two calls are the same: a canonical text of plain data, and keys made of it.

The text keeps apart what differs (1, 1.0, True and "1"; a list and a tuple; a str and bytes) and
leaves out what does not count (the order of a dict's keys). It is the same in every process and
every version of Python.
"""

from __future__ import annotations

import hashlib
import inspect
import json

__all__ = ["canonical", "default_key", "digest"]


def canonical(value):
    """The canonical text of plain data. TypeError for anything else."""
    kind = type(value)
    if value is None or kind is bool or kind is int:
        return str(value)
    if kind is str:
        return json.dumps(value)
    if kind is float:
        return repr(value)
    if kind is bytes:
        return f"b:{value.hex()}"
    if kind is list:
        return "[" + ",".join(map(canonical, value)) + "]"
    if kind is tuple:
        return "(" + ",".join(map(canonical, value)) + ")"
    if kind is dict:
        items = sorted((canonical(key), canonical(item)) for key, item in value.items())
        return "{" + ",".join(f"{key}:{item}" for key, item in items) + "}"
    raise TypeError(
        f"{kind.__module__}.{kind.__qualname__} is no plain data, so a key cannot be made of it; "
        "name the key: cached(store, key=...)"
    )


def digest(value):
    """SHA-256 of the canonical text, in hexadecimal: 64 characters."""
    return hashlib.sha256(canonical(value).encode("utf-8", "surrogatepass")).hexdigest()


def default_key(function):
    """A function of the same arguments that gives their key."""
    signature = inspect.signature(function)
    name = f"{function.__module__}.{function.__qualname__}"

    def key_of(*args, **kwargs):
        bound = signature.bind(*args, **kwargs)
        bound.apply_defaults()
        return f"{name}:{digest(dict(bound.arguments))}"

    return key_of
