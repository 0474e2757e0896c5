"""The getter against servers that answer in every way that HTTP/1.1 has, and break off."""

import asyncio
import gzip
import ssl
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding, NoEncryption, PrivateFormat
from cryptography.x509.oid import NameOID

from shop.stripe_gateway import getter
from shop.stripe_gateway.getter import Answer, open_getter
from tests.stack import free_port

BODY = b'{"object": "list"}'
SIZED = b"HTTP/1.1 200 OK\r\nContent-Length: 18\r\n\r\n" + BODY
CHUNKS = b"6\r\n%b\r\nc\r\n%b\r\n0\r\n\r\n" % (BODY[:6], BODY[6:])
CHUNKED = b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n" + CHUNKS
PACKED = b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n%b"


class Server:
    """Sends one of its answers after each request; a connection ends with the last one."""

    def __init__(self, *answers: bytes) -> None:
        self.requests: list[bytes] = []
        self.connections = 0
        self._answers = answers

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        self.connections += 1
        try:
            for answer in self._answers:
                self.requests.append(await reader.readuntil(b"\r\n\r\n"))
                writer.write(answer)
                await writer.drain()
        except (asyncio.IncompleteReadError, ConnectionError):
            pass
        finally:
            writer.close()


@asynccontextmanager
async def asking(
    server: Server, within: float = 20
) -> AsyncIterator[Callable[[], Awaitable[Answer]]]:
    """Call what this gives to ask the server once; it has so many seconds."""
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening, open_getter(f"http://127.0.0.1:{port}") as one:
        yield lambda: one.get(
            "/v1/x", {"created[gte]": "7"}, {"Authorization": "me"}, within=within
        )


@pytest.mark.parametrize(
    "sent",
    [
        SIZED,
        CHUNKED,
        PACKED % (len(gzip.compress(BODY)), gzip.compress(BODY)),
    ],
    ids=["sized", "chunked", "packed"],
)
async def test_every_framing_gives_the_body_over_one_connection(sent: bytes):
    """Answers follow each other over the connection that was kept."""
    server = Server(sent, sent)
    async with asking(server) as ask:
        answers = [await ask(), await ask()]
    assert [(answer.status, answer.body) for answer in answers] == [(200, BODY)] * 2
    assert server.connections == 1


async def test_a_body_that_arrives_in_pieces(monkeypatch: pytest.MonkeyPatch):
    """Answers to two requests at once, which arrive in turn in the same memory, stay apart."""
    monkeypatch.setattr(getter, "RECEIVED_AT_ONCE", 8)
    bodies = [bytes([number]) * 1000 for number in range(2)]
    sent = (b"HTTP/1.1 200 OK\r\nContent-Length: 1000\r\n\r\n" + body for body in bodies)

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        answer = next(sent)
        await reader.readuntil(b"\r\n\r\n")
        for start in range(0, len(answer), 100):
            writer.write(answer[start : start + 100])
            await asyncio.sleep(0)
        writer.close()

    listening = await asyncio.start_server(serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening, open_getter(f"http://127.0.0.1:{port}") as one:
        answers = await asyncio.gather(*(one.get("/", {}, {}, within=5) for _ in bodies))
    assert sorted(answer.body for answer in answers) == bodies


async def test_what_is_sent():
    """Brackets are escaped, and the caller's headers come along."""
    server = Server(SIZED)
    async with asking(server) as ask:
        await ask()
    lines = server.requests[0].decode().split("\r\n")
    assert lines[0] == "GET /v1/x?created%5Bgte%5D=7 HTTP/1.1"
    assert lines[1].startswith("Host: 127.0.0.1:")
    assert lines[2:] == ["Accept-Encoding: gzip", "Authorization: me", "", ""]


async def test_a_path_cannot_add_lines():
    """Ids in paths are escaped, whatever is in them."""
    server = Server(SIZED)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0)
    port = listening.sockets[0].getsockname()[1]
    async with listening, open_getter(f"http://127.0.0.1:{port}") as one:
        await one.get("/v1/a?b\r\nX: y", {}, {}, within=1)
    assert server.requests[0].startswith(b"GET /v1/a%3Fb%0D%0AX%3A%20y? HTTP/1.1\r\nHost: ")


@pytest.mark.parametrize(
    "sent",
    [
        b"",
        SIZED[:20],
        SIZED[:-3],
        CHUNKED[:-5],
        b"SSH-2.0\r\n\r\n",
    ],
    ids=["nothing", "half a head", "half a body", "chunks without end", "no HTTP"],
)
async def test_an_answer_that_is_not_whole(sent: bytes):
    """It is an error, and the next request goes over a new connection."""
    server = Server(sent)
    async with asking(server) as ask:
        for _ in range(2):
            with pytest.raises(ConnectionError):
                await ask()
    assert server.connections == 2


async def test_an_answer_that_is_not_packed_as_it_says():
    """It counts as not whole."""
    async with asking(Server(PACKED % (5, b"12345"))) as ask:
        with pytest.raises(ConnectionError, match="cannot be unpacked"):
            await ask()


async def test_an_answer_that_takes_too_long():
    """Its connection is not used again: the answer may still come."""
    server = Server(SIZED[:-3], b"")
    async with asking(server, within=0.3) as ask:
        for _ in range(2):
            with pytest.raises(TimeoutError):
                await ask()
    assert server.connections == 2


async def test_a_connection_that_its_server_closes_is_not_used_again():
    """Whether it says so in the answer or just does it."""
    for sent in (SIZED, SIZED.replace(b"OK\r\n", b"OK\r\nConnection: close\r\n")):
        server = Server(sent)
        async with asking(server) as ask:
            for _ in range(2):
                assert (await ask()).body == BODY
                await asyncio.sleep(0.01)
        assert server.connections == 2


async def test_a_connection_that_was_idle_for_long_is_not_used_again(
    monkeypatch: pytest.MonkeyPatch,
):
    """Its server may be about to close it."""
    monkeypatch.setattr(getter, "KEPT_FOR", 0.0)
    server = Server(SIZED, SIZED)
    async with asking(server) as ask:
        await ask()
        await ask()
    assert server.connections == 2


async def test_nobody_listens():
    """It is an OSError like every other failure."""
    async with open_getter(f"http://127.0.0.1:{free_port()}") as one:
        with pytest.raises(OSError, match="Connect call failed"):
            await one.get("/", {}, {}, within=1)


async def test_a_server_over_tls_must_be_vouched_for(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
):
    """By somebody whom the machine trusts, and for its own name."""
    certificate, key = certify("localhost", tmp_path)
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate, key)
    server = Server(SIZED)
    listening = await asyncio.start_server(server.serve, "127.0.0.1", 0, ssl=context)
    port = listening.sockets[0].getsockname()[1]
    async with listening:
        async with open_getter(f"https://localhost:{port}") as stranger:
            with pytest.raises(ssl.SSLCertVerificationError):
                await stranger.get("/", {}, {}, within=5)
        monkeypatch.setenv("SSL_CERT_FILE", str(certificate))
        async with open_getter(f"https://localhost:{port}") as one:
            assert (await one.get("/", {}, {}, within=5)).body == BODY


def certify(name: str, folder: Path) -> tuple[Path, Path]:
    """A certificate for a host that only itself vouches for, and its key."""
    key = ec.generate_private_key(ec.SECP256R1())
    subject = x509.Name([x509.NameAttribute(NameOID.COMMON_NAME, name)])
    now = datetime.now(UTC)
    certificate = (
        x509.CertificateBuilder(subject, subject, key.public_key())
        .serial_number(x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(x509.SubjectAlternativeName([x509.DNSName(name)]), critical=False)
        .sign(key, hashes.SHA256())
    )
    files = folder / "certificate.pem", folder / "key.pem"
    files[0].write_bytes(certificate.public_bytes(Encoding.PEM))
    files[1].write_bytes(key.private_bytes(Encoding.PEM, PrivateFormat.PKCS8, NoEncryption()))
    return files
