"""redis-py's asyncio client as its documentation opens it: a pool of connections, one for each call
under way, and hiredis, which it takes by itself where that is installed, to parse."""
import redis.asyncio

from harness import run_peer


async def connect(arguments):
    tls = {"ssl": True, "ssl_ca_certs": arguments.ca} if arguments.ca else {}
    return redis.asyncio.Redis(host=arguments.host, port=arguments.port, **tls)


async def close(client):
    await client.aclose()


if __name__ == "__main__":
    run_peer(connect, close)
