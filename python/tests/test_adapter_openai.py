"""The wrapper around the real client, which talks to a server of this test."""

import asyncio
import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from openai import AsyncOpenAI, OpenAI
from semantrix import InMemoryStore
from semantrix.integrations.openai import wrap

ASKED = {"model": "m", "messages": [{"role": "user", "content": "why?"}]}
WORDS = ["be", "cau", "se"]


def chunk(content=None, finish=None):
    return {"id": "c1", "object": "chat.completion.chunk", "created": 1, "model": "m",
            "choices": [{"index": 0, "delta": {"content": content} if content else {},
                         "finish_reason": finish}]}


class Model(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def log_message(self, *words):
        pass

    def do_POST(self):
        asked = json.loads(self.rfile.read(int(self.headers["content-length"])))
        self.server.requests.append(asked)
        kind = "text/event-stream" if asked.get("stream") else "application/json"
        body = self.stream() if asked.get("stream") else self.completion(len(self.server.requests))
        self.send_response(200)
        self.send_header("content-type", kind)
        self.send_header("content-length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def completion(self, number):
        return json.dumps({
            "id": f"c{number}", "object": "chat.completion", "created": 1, "model": "m",
            "choices": [{"index": 0, "finish_reason": "stop",
                         "message": {"role": "assistant", "content": f"answer {number}"}}],
            "usage": {"prompt_tokens": 1, "completion_tokens": 2, "total_tokens": 3}}).encode()

    def stream(self):
        lines = [json.dumps(chunk(word)) for word in WORDS]
        lines += [json.dumps(chunk(finish=self.server.finish)), "[DONE]"]
        return "".join(f"data: {line}\n\n" for line in lines).encode()


@pytest.fixture
def server():
    with ThreadingHTTPServer(("127.0.0.1", 0), Model) as server:
        server.requests, server.finish = [], "stop"
        server.daemon_threads = True
        thread = threading.Thread(target=server.serve_forever)
        thread.start()
        yield server
        server.shutdown()
        thread.join()


@pytest.fixture
def options(server):
    return {"api_key": "none", "base_url": f"http://127.0.0.1:{server.server_port}/v1"}


def text_of(chunks):
    return "".join(part.choices[0].delta.content or "" for part in chunks)


def test_completion(server, options):
    with wrap(OpenAI(**options), InMemoryStore(), ttl=60) as client:
        first = client.chat.completions.create(**ASKED)
        again = client.chat.completions.create(**ASKED, timeout=3)
        assert again.choices[0].message.content == "answer 1"
        assert again.model_dump() == first.model_dump()
        other = client.chat.completions.create(**ASKED, temperature=1)
        assert other.choices[0].message.content == "answer 2"
        assert len(server.requests) == 2


def test_stream_is_replayed_chunk_by_chunk(server, options):
    with wrap(OpenAI(**options), InMemoryStore()) as client:
        first = list(client.chat.completions.create(**ASKED, stream=True))
        with client.chat.completions.create(**ASKED, stream=True) as stream:
            again = list(stream)
        assert text_of(first) == "because"
        assert [part.model_dump() for part in again] == [part.model_dump() for part in first]
        assert len(server.requests) == 1
        assert client.chat.completions.create(**ASKED).choices[0].message.content == "answer 2"


def test_only_complete_streams_are_stored(server, options):
    store = InMemoryStore()
    with wrap(OpenAI(**options), store) as client:
        stream = client.chat.completions.create(**ASKED, stream=True)
        next(stream)
        stream.close()
        assert store.sync.size() == 0
        server.finish = None
        assert text_of(client.chat.completions.create(**ASKED, stream=True)) == "because"
        assert store.sync.size() == 0


def test_asynchronous_client(server, options):
    async def body():
        async with wrap(AsyncOpenAI(**options), InMemoryStore()) as client:
            create = client.chat.completions.create
            answers = await asyncio.gather(*(create(**ASKED) for _ in range(5)))
            assert {answer.choices[0].message.content for answer in answers} == {"answer 1"}
            for _ in range(2):
                stream = await create(**ASKED, stream=True)
                assert text_of([part async for part in stream]) == "because"
            assert len(server.requests) == 2

    asyncio.run(body())


def test_answers_may_be_asked_with(server, options):
    """What the library returned may go into the next request."""
    with wrap(OpenAI(**options), InMemoryStore()) as client:
        message = client.chat.completions.create(**ASKED).choices[0].message
        messages = [*ASKED["messages"], message, {"role": "user", "content": "sure?"}]
        for _ in range(2):
            client.chat.completions.create(model="m", messages=messages)
        assert len(server.requests) == 2


def test_other_objects_are_refused():
    with pytest.raises(TypeError, match="OpenAI"):
        wrap(object(), InMemoryStore())
