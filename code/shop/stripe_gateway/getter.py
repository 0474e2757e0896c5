"""GET over HTTP/1.1, at little processor time for each answer.

For a page, aiohttp's client takes as long as decoding its hundred rows does. A connection here
does one thing: it sends a request, has httptools parse what comes, and gathers the body. Nothing is
followed, remembered or tried again (docs/decisions/0012-own-getter.md).
"""

import asyncio
import ssl
import time
import zlib
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
from typing import cast
from urllib.parse import quote, urlencode, urlsplit

from httptools import HttpParserError, HttpResponseParser

CONNECT_WITHIN = 5.0
"""Seconds until a connection is made, TLS included."""

KEPT_FOR = 15.0
"""Seconds after which an idle connection is not used again; servers close theirs later."""

RECEIVED_AT_ONCE = 512 * 1024
"""Bytes; a page of a hundred wide rows has half as many."""

GZIP = 16 + zlib.MAX_WBITS


@dataclass(frozen=True)
class Answer:
    """What a server answered. Names of headers are in lower case, the body is unpacked."""

    status: int
    headers: dict[str, str]
    body: bytes


class Getter:
    """Asks one server, and keeps the connections to it.

    Args:
        base: the server's address, `https://api.stripe.com`.
    """

    def __init__(self, base: str) -> None:
        url = urlsplit(base)
        self._host, self._netloc = url.hostname or "", url.netloc
        self._prefix = url.path.rstrip("/")
        self._tls = ssl.create_default_context() if url.scheme == "https" else None
        self._port = url.port or (443 if self._tls else 80)
        self._idle: list[_Connection] = []
        self._received = memoryview(bytearray(RECEIVED_AT_ONCE))

    async def get(
        self, path: str, query: Mapping[str, str], headers: Mapping[str, str], *, within: float
    ) -> Answer:
        """Ask once, over a connection that was kept or a new one.

        Args:
            path: percent-encoded where it has to be.
            within: seconds until the answer is there, to its last byte.

        Raises:
            OSError: there is no whole answer; TimeoutError where it took too long.
        """
        request = self._request(path, query, headers)
        async with asyncio.timeout(within):
            connection = self._kept() or await self._connect()
            try:
                return await connection.ask(request)
            finally:
                self._keep_or_close(connection)

    def close(self) -> None:
        """Close the connections that are idle; the others close when their answer is there."""
        while self._idle:
            self._idle.pop().close()

    def _request(self, path: str, query: Mapping[str, str], headers: Mapping[str, str]) -> bytes:
        target = f"{self._prefix}{quote(path, safe='/%')}?{urlencode(query)}"
        lines = {"Host": self._netloc, "Accept-Encoding": "gzip", **headers}
        head = "".join(f"{name}: {value}\r\n" for name, value in lines.items())
        return f"GET {target} HTTP/1.1\r\n{head}\r\n".encode()

    def _kept(self) -> "_Connection | None":
        while self._idle:
            connection = self._idle.pop()
            if connection.is_free and time.monotonic() - connection.free_since < KEPT_FOR:
                return connection
            connection.close()
        return None

    async def _connect(self) -> "_Connection":
        async with asyncio.timeout(CONNECT_WITHIN):
            _, connection = await asyncio.get_running_loop().create_connection(
                lambda: _Connection(self._received), self._host, self._port, ssl=self._tls
            )
        return connection

    def _keep_or_close(self, connection: "_Connection") -> None:
        if connection.is_free:
            self._idle.append(connection)
        else:
            connection.close()


@asynccontextmanager
async def open_getter(base: str) -> AsyncIterator[Getter]:
    """A getter for as long as the context lasts; connections are made when first used."""
    getter = Getter(base)
    try:
        yield getter
    finally:
        getter.close()


class _Connection(asyncio.BufferedProtocol):
    """One connection: free, waiting for an answer, or over. httptools calls the `on_` methods.

    Args:
        received: where bytes arrive. Connections may share it, as each parses them at once.
    """

    def __init__(self, received: memoryview) -> None:
        self._received = received
        self.is_free = True
        self.free_since = 0.0
        self._whole: asyncio.Future[None] | None = None

    async def ask(self, request: bytes) -> Answer:
        """Send a request and wait for all of its answer."""
        self.is_free = False
        self._headers, self._pieces = dict[str, str](), list[bytes]()
        self._parser = HttpResponseParser(self)
        self._whole = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        await self._whole
        body = b"".join(self._pieces)
        self._pieces.clear()
        packed = self._headers.get("content-encoding") == "gzip"
        return Answer(self._status, self._headers, _unpacked(body) if packed else body)

    def close(self) -> None:
        self.is_free = False
        self._transport.abort()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self._transport = cast(asyncio.Transport, transport)

    def connection_lost(self, error: Exception | None) -> None:
        self.is_free = False
        if self._whole and not self._whole.done():
            self._whole.set_exception(ConnectionError(f"no whole answer: {error}"))

    def get_buffer(self, _sizehint: int) -> memoryview:
        return self._received

    def buffer_updated(self, nbytes: int) -> None:
        if self.is_free:  # nobody asked
            self.close()
            return
        try:
            self._parser.feed_data(self._received[:nbytes])
        except HttpParserError as error:
            self.connection_lost(error)

    def on_header(self, name: bytes, value: bytes) -> None:
        self._headers[name.decode("latin-1").lower()] = value.decode("latin-1")

    def on_body(self, body: bytes) -> None:
        self._pieces.append(body)

    def on_message_complete(self) -> None:
        self._status = self._parser.get_status_code()
        self.is_free = self._parser.should_keep_alive()
        self.free_since = time.monotonic()
        if self._whole and not self._whole.done():
            self._whole.set_result(None)


def _unpacked(body: bytes) -> bytes:
    try:
        return zlib.decompress(body, wbits=GZIP)
    except zlib.error as error:
        raise ConnectionError(f"the answer cannot be unpacked: {error}") from error
