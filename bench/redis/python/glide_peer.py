"""Valkey GLIDE's asyncio client: one multiplexed connection, a core in Rust on threads of its own.
Only the timeout is longer than the default (250 ms), as everybody's is here."""
import pathlib

from glide import (AdvancedGlideClientConfiguration, GlideClient, GlideClientConfiguration,
                   NodeAddress, TlsAdvancedConfiguration)

from harness import run_peer


async def connect(arguments):
    advanced = None
    if arguments.ca:
        authority = pathlib.Path(arguments.ca).read_bytes()
        advanced = AdvancedGlideClientConfiguration(
            tls_config=TlsAdvancedConfiguration(root_pem_cacerts=authority))
    return await GlideClient.create(GlideClientConfiguration(
        [NodeAddress(arguments.host, arguments.port)], use_tls=bool(arguments.ca),
        request_timeout=10_000, advanced_config=advanced))


async def close(client):
    await client.close()


if __name__ == "__main__":
    run_peer(connect, close)
