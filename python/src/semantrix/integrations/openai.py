"""OpenAI's client with its chat completions kept in any store, streams included.

    from openai import AsyncOpenAI
    from semantrix.integrations.openai import wrap

    client = wrap(AsyncOpenAI(), semantrix.open("redis://localhost"), ttl=86_400)
    answer = await client.chat.completions.create(model="...", messages=[...])

Requests are the same when everything that reaches the model is. A stream is stored once it has been
read to its end, chunk by chunk, and replayed so; one that was left or broke off is not. All that is
not `chat.completions.create` goes to the client as it is.
"""

from __future__ import annotations

import json
from datetime import timedelta
from typing import Any, TypeVar, cast

from openai import AsyncOpenAI, AsyncStream, OpenAI
from openai.types.chat import ChatCompletion, ChatCompletionChunk

from .. import CacheStore
from ..identity import digest
from ..single_flight import compute_once, compute_once_blocking

__all__ = ["wrap"]

# How a request travels, not what it asks.
NOT_ASKED = {"extra_headers", "extra_query", "timeout"}


_Client = TypeVar("_Client", OpenAI, AsyncOpenAI)


def wrap(
    client: _Client,
    store: CacheStore,
    *,
    ttl: float | timedelta | None = None,
    prefix: str = "openai:",
) -> _Client:
    """The client, with a cache around `chat.completions.create`.

    client: an `OpenAI` or an `AsyncOpenAI` (or a client derived from them, Azure's say).
    store: any `CacheStore`; a blocking client uses its blocking twin.
    ttl: seconds or a timedelta. None: the store's `default_ttl`.
    """
    if isinstance(client, AsyncOpenAI):
        create = _AsyncCreate(client, store, ttl, prefix)
    elif isinstance(client, OpenAI):
        create = _Create(client, store.sync, ttl, prefix)
    else:
        raise TypeError(f"wrap() takes an OpenAI or AsyncOpenAI, not {type(client).__name__}")
    completions = _Instead(client.chat.completions, create=create)
    # Not of its class, but with all that it has.
    return cast(Any, _Instead(client, chat=_Instead(client.chat, completions=completions)))


class _Instead:
    """An object with some attributes replaced."""

    def __init__(self, wrapped, **replaced):
        self._wrapped = wrapped
        self.__dict__.update(replaced)

    def __getattr__(self, name):
        return getattr(self._wrapped, name)

    def __enter__(self):
        self._wrapped.__enter__()
        return self

    def __exit__(self, *failure):
        return self._wrapped.__exit__(*failure)

    async def __aenter__(self):
        await self._wrapped.__aenter__()
        return self

    async def __aexit__(self, *failure):
        return await self._wrapped.__aexit__(*failure)


def _plain(value):
    """What was asked as plain data: messages may be models of the library."""
    if hasattr(value, "model_dump"):
        return _plain(value.model_dump(exclude_unset=True))
    if isinstance(value, dict):
        return {str(key): _plain(item) for key, item in value.items() if not _is_absent(item)}
    if isinstance(value, (list, tuple)) or type(value).__name__ in ("SerializationIterator", "set"):
        return [_plain(item) for item in value]
    return value


def _is_absent(value):
    return type(value).__name__ in ("NotGiven", "Omit")


class _Creating:
    def __init__(self, client, store, ttl, prefix):
        self.create = client.chat.completions.create
        self.where = str(client.base_url)
        self.store = store
        self.ttl = ttl
        self.prefix = prefix

    def key(self, asked):
        request = {name: value for name, value in asked.items() if name not in NOT_ASKED}
        return self.prefix + digest([self.where, _plain(request)])


def _completion(text):
    return ChatCompletion.model_validate_json(text)


def _chunks(text):
    return [ChatCompletionChunk.model_validate(chunk) for chunk in json.loads(text)]


def _chunks_text(chunks):
    return json.dumps([chunk.model_dump(mode="json", exclude_unset=True) for chunk in chunks])


def _is_complete(chunks):
    return any(choice.finish_reason for chunk in chunks for choice in chunk.choices)


class _Create(_Creating):
    def __call__(self, **asked):
        key = self.key(asked)
        if asked.get("stream") is True:
            found = self.store.get_exact(key)
            if found is not None:
                return _Replay(_chunks(found))
            return _Recording(self.create(**asked), self.store, key, self.ttl)

        def compute():
            return self.create(**asked).model_dump_json(exclude_unset=True)

        found = self.store.get_exact(key)
        if found is None:
            found = compute_once_blocking(self.store, key, compute, self.ttl)
        return _completion(found)


class _AsyncCreate(_Creating):
    async def __call__(self, **asked):
        key = self.key(asked)
        found = await self.store.get_exact(key)
        if asked.get("stream") is True:
            if found is not None:
                return _AsyncReplay(_chunks(found))
            return _AsyncRecording(await self.create(**asked), self.store, key, self.ttl)

        async def compute():
            return (await self.create(**asked)).model_dump_json(exclude_unset=True)

        if found is None:
            found = await compute_once(self.store, key, compute, self.ttl)
        return _completion(found)


class _Replay:
    """A stored stream, as the library's own is used."""

    def __init__(self, chunks):
        self._chunks = iter(chunks)

    def __iter__(self):
        return self

    def __next__(self):
        return next(self._chunks)

    def __enter__(self):
        return self

    def __exit__(self, *failure):
        self.close()

    def close(self):
        self._chunks = iter(())


class _AsyncReplay:
    def __init__(self, chunks):
        self._chunks = iter(chunks)

    def __aiter__(self):
        return self

    async def __anext__(self):
        try:
            return next(self._chunks)
        except StopIteration:
            raise StopAsyncIteration from None

    async def __aenter__(self):
        return self

    async def __aexit__(self, *failure):
        await self.close()

    async def close(self):
        self._chunks = iter(())


class _Recording(_Replay):
    """A stream under way, which is stored at its end."""

    def __init__(self, stream, store, key, ttl):
        self._stream, self._store, self._key, self._ttl = stream, store, key, ttl
        self._seen = []

    def __getattr__(self, name):
        return getattr(self._stream, name)

    def __next__(self):
        try:
            chunk = next(self._stream)
        except StopIteration:
            if _is_complete(self._seen):
                self._store.add(self._key, _chunks_text(self._seen), self._ttl)
                self._seen = []
            raise
        self._seen.append(chunk)
        return chunk

    def close(self):
        self._stream.close()


class _AsyncRecording(_AsyncReplay):
    def __init__(self, stream: AsyncStream[Any], store, key, ttl):
        self._stream, self._store, self._key, self._ttl = stream, store, key, ttl
        self._seen = []

    def __getattr__(self, name):
        return getattr(self._stream, name)

    async def __anext__(self):
        try:
            chunk = await self._stream.__anext__()
        except StopAsyncIteration:
            if _is_complete(self._seen):
                await self._store.add(self._key, _chunks_text(self._seen), self._ttl)
                self._seen = []
            raise
        self._seen.append(chunk)
        return chunk

    async def close(self):
        await self._stream.close()
