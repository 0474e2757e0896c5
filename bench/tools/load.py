"""Requests sent over raw connections, so that the one who measures costs little of the time.

Every request is a few bytes made beforehand; an answer is read by its Content-Length.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable, Sequence
from typing import TypeVar
from urllib.parse import urlencode

Answer = TypeVar("Answer")

KEY = "Authorization: Bearer sk_test_sandbox\r\n"


def get(path: str) -> bytes:
    """The bytes of a GET; the key is the sandbox's, the shop takes no notice of it."""
    return f"GET {path} HTTP/1.1\r\nHost: localhost\r\n{KEY}\r\n".encode()


def post(path: str, attempt: str | None = None, **fields: object) -> bytes:
    """The bytes of a POST of a form, with an Idempotency-Key where an attempt is named."""
    body = urlencode(fields, doseq=True)
    key = f"Idempotency-Key: {attempt}\r\n" if attempt else ""
    kind = "Content-Type: application/x-www-form-urlencoded\r\n"
    head = f"POST {path} HTTP/1.1\r\nHost: localhost\r\n{KEY}{kind}{key}"
    return f"{head}Content-Length: {len(body)}\r\n\r\n{body}".encode()


class Refused(RuntimeError):
    """The answer's status is not 200."""

    def __init__(self, head: bytes, body: bytes) -> None:
        super().__init__(f"{head.decode()}\n{body[:500].decode()}")
        self.status = int(head[9:12])


class Connection(asyncio.Protocol):
    """One connection that stays open; one request at a time."""

    def __init__(self) -> None:
        self._buffer = b""
        self._length = 0
        self._answer: asyncio.Future[bytes] | None = None
        self._transport: asyncio.Transport | None = None

    @classmethod
    async def to(cls, port: int) -> "Connection":
        """A new connection to this machine's port."""
        loop = asyncio.get_running_loop()
        _, connection = await loop.create_connection(cls, "127.0.0.1", port)
        return connection

    async def ask(self, request: bytes) -> bytes:
        """The body of the answer.

        Raises:
            Refused: the status is not 200.
            RuntimeError: the connection was closed.
        """
        if self._transport is None:
            raise RuntimeError("this connection was closed")
        self._answer = asyncio.get_running_loop().create_future()
        self._transport.write(request)
        return await self._answer

    def close(self) -> None:
        """Let it go."""
        if self._transport:
            self._transport.close()

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """The connection stands."""
        self._transport = transport if isinstance(transport, asyncio.Transport) else None

    def data_received(self, data: bytes) -> None:
        """A part of an answer came, perhaps the last one."""
        self._buffer += data
        head, end, body = self._buffer.partition(b"\r\n\r\n")
        if not end or self._answer is None or len(body) < self._length_in(head):
            return
        self._buffer, self._length = b"", 0
        if head[9:12] == b"200":
            self._answer.set_result(body)
        else:
            self._answer.set_exception(Refused(head, body))

    def connection_lost(self, _: Exception | None) -> None:
        """It is closed; whoever waits for an answer gets none."""
        self._transport = None
        if self._answer and not self._answer.done():
            self._answer.set_exception(RuntimeError("the connection was closed"))

    def _length_in(self, head: bytes) -> int:
        if not self._length:
            _, _, rest = head.lower().partition(b"content-length:")
            self._length = int(rest.partition(b"\r\n")[0])
        return self._length


async def as_many_as_possible(
    port: int, request: bytes, *, connections: int, seconds: float
) -> float:
    """Answers a second, where every connection asks again as soon as it has its answer."""
    over = time.perf_counter() + seconds
    answered = 0

    async def ask_on() -> None:
        nonlocal answered
        connection = await Connection.to(port)
        while time.perf_counter() < over:
            await connection.ask(request)
            answered += 1
        connection.close()

    began = time.perf_counter()
    await asyncio.gather(*(ask_on() for _ in range(connections)))
    return answered / (time.perf_counter() - began)


Call = Callable[[Connection], Awaitable[object]]
"""What somebody does over one connection, such as two requests after each other."""


async def at_a_pace(port: int, calls: Sequence[Call], *, per_second: float) -> list[float]:
    """Begin the calls at even distances, whether or not earlier ones are over.

    Answers with the seconds each took, counted from when it was due: whoever comes while the
    server is busy waits, too.
    """
    idle: list[Connection] = []
    began = asyncio.get_running_loop().time()

    async def made(n: int, call: Call) -> float:
        due = began + n / per_second
        await asyncio.sleep(due - asyncio.get_running_loop().time())
        connection = idle.pop() if idle else await Connection.to(port)
        await call(connection)
        idle.append(connection)
        return asyncio.get_running_loop().time() - due

    waits = await asyncio.gather(*(made(n, call) for n, call in enumerate(calls)))
    for connection in idle:
        connection.close()
    return waits
