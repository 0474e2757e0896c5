"""A Redis that is reached by TLS and a password, as managed ones are."""

import asyncio
import ssl
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime, timedelta
from ipaddress import ip_address
from pathlib import Path

import aiohttp
import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from redis import Redis
from redis.exceptions import RedisError

from shop.settings import load, redis_socket
from shop.storage import open_storage
from tests.integration.conftest import Caller
from tests.integration.reports import ready
from tests.stack import PATIENCE, Stack, free_port

PASSWORD = "managed"


def make_certificate(folder: Path) -> Path:
    """A certificate of 127.0.0.1 that is its own authority, with its key, in one file."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "redis")])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(days=1))
        .not_valid_after(now + timedelta(days=1))
        .add_extension(
            x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))]), critical=False
        )
        .sign(key, hashes.SHA256())
    )
    file = folder / "redis.pem"
    pem = serialization.Encoding.PEM
    file.write_bytes(
        certificate.public_bytes(pem)
        + key.private_bytes(pem, serialization.PrivateFormat.PKCS8, serialization.NoEncryption())
    )
    return file


@contextmanager
def tls_before(socket: Path, certificate: Path) -> Iterator[int]:
    """A port where TLS is spoken, and what comes goes on to a Unix socket."""
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(certificate)
    port = free_port()
    loop = asyncio.new_event_loop()

    async def pass_on(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        theirs, ours = await asyncio.open_unix_connection(socket)
        await asyncio.gather(_pump(reader, ours), _pump(theirs, writer))

    server = loop.run_until_complete(asyncio.start_server(pass_on, "127.0.0.1", port, ssl=context))
    thread = threading.Thread(target=loop.run_forever)
    thread.start()
    try:
        yield port
    finally:
        asyncio.run_coroutine_threadsafe(_end(server), loop).result(PATIENCE)
        loop.call_soon_threadsafe(loop.stop)
        thread.join()
        loop.close()


async def _pump(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
    try:
        while piece := await reader.read(65536):
            writer.write(piece)
            await writer.drain()
        writer.close()
    except (ConnectionError, asyncio.CancelledError):
        writer.transport.abort()


async def _end(server: asyncio.Server) -> None:
    """Close it and all that goes through it, and wait until that is done."""
    others = asyncio.all_tasks() - {asyncio.current_task()}
    closed = asyncio.create_task(server.wait_closed())  # which must not begin after the closing
    await asyncio.sleep(0)
    server.close()
    for task in others:
        task.cancel()
    await asyncio.gather(*others, return_exceptions=True)
    await closed


@pytest.fixture
def certificate(tmp_path: Path) -> Path:
    return make_certificate(tmp_path)


@pytest.fixture
def port(stack: Stack, certificate: Path) -> Iterator[int]:
    """Where the stack's Redis is reached by TLS."""
    with tls_before(redis_socket(stack.settings.var_dir), certificate) as port:
        yield port


@pytest.fixture
def managed(stack: Stack, port: int, certificate: Path) -> Iterator[Stack]:
    """A web server and a worker that know of Redis what a provider tells its customers."""
    with Redis.from_url(stack.settings.redis_url) as redis:
        rights = {"keys": "*", "channels": "*", "commands": ["+@all"]}
        redis.acl_setuser("shop", enabled=True, passwords=[f"+{PASSWORD}"], **rights)
        place = f"rediss://shop:{PASSWORD}@127.0.0.1:{port}/0?ssl_ca_certs={certificate}"
        stack.kill("worker")
        try:
            with stack.second_web(REDIS_URL=place) as other:
                other.start("second worker")
                yield other
        finally:
            stack.start("worker")
            redis.acl_deluser("shop")


async def test_the_shop_works_over_tls(managed: Stack):
    """Web server, worker, queue and the news of reports."""
    async with aiohttp.ClientSession(managed.url) as session:
        report = await ready(Caller(session), "open-holds")
    assert len(report["files"]) == 3


async def test_a_redis_that_cannot_prove_itself_is_not_spoken_to(port: int):
    """Its certificate is of nobody whom this machine knows."""
    settings = load(environment={"REDIS_URL": f"rediss://127.0.0.1:{port}/0"})
    async with open_storage(settings) as storage:
        with pytest.raises(RedisError, match="CERTIFICATE_VERIFY_FAILED"):
            await storage.redis.ping()
