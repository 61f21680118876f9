"""Answers every request with the same item, as quickly as Python can: fixed_reply_server.py BYTES

Prints its port on 127.0.0.1 and serves until its standard input ends."""
import asyncio
import base64
import json
import sys
import zlib

STDIN_ENDS = b""


def reply_of(value_bytes):
    value = base64.b64encode(b"x" * value_bytes).decode()
    body = json.dumps({"Item": {"key": {"S": "key1"}, "value": {"B": value}}}).encode()
    head = (f"HTTP/1.1 200 OK\r\nContent-Type: application/x-amz-json-1.0\r\n"
            f"x-amz-crc32: {zlib.crc32(body)}\r\nContent-Length: {len(body)}\r\n\r\n")
    return head.encode() + body


class FixedReply(asyncio.Protocol):
    reply = b""

    def connection_made(self, transport):
        self.transport = transport
        self.unread = b""

    def data_received(self, data):
        self.unread += data
        while (end := self.unread.find(b"\r\n\r\n")) >= 0:
            head = self.unread[:end].lower()
            at = head.find(b"content-length:")
            length = int(head[at + 15:].split(b"\r\n", 1)[0]) if at >= 0 else 0
            if len(self.unread) < end + 4 + length:
                return
            self.unread = self.unread[end + 4 + length:]
            self.transport.write(self.reply)


async def serve():
    FixedReply.reply = reply_of(int(sys.argv[1]))
    loop = asyncio.get_running_loop()
    server = await loop.create_server(FixedReply, "127.0.0.1", 0)
    print(server.sockets[0].getsockname()[1], flush=True)
    ended = asyncio.Event()

    def input_came():
        if sys.stdin.buffer.read1(4096) == STDIN_ENDS:
            loop.remove_reader(sys.stdin.fileno())
            ended.set()

    loop.add_reader(sys.stdin.fileno(), input_came)
    await ended.wait()
    server.close()


if __name__ == "__main__":
    asyncio.run(serve())
