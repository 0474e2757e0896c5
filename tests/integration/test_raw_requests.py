"""What comes over a connection when no well-behaved client is at the other end."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pytest

from tests.stack import Stack

HOST = b"Host: localhost\r\n"
FORM = b"Content-Type: application/x-www-form-urlencoded\r\n"
JSON = b"Content-Type: application/json\r\n"
CLOSE = b"Connection: close\r\n"
HOLD = b"POST /schedule-lesson HTTP/1.1\r\n" + HOST


@asynccontextmanager
async def connection(
    stack: Stack,
) -> AsyncIterator[tuple[asyncio.StreamReader, asyncio.StreamWriter]]:
    reader, writer = await asyncio.open_connection("127.0.0.1", stack.settings.port)
    try:
        yield reader, writer
    finally:
        writer.close()


async def answer(reader: asyncio.StreamReader) -> tuple[int, dict[str, str], bytes]:
    """Status, headers by their names in small letters, and body of the next answer."""
    async with asyncio.timeout(10):
        head = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
        headers = {
            name.lower(): value for name, _, value in (line.partition(": ") for line in head[1:-2])
        }
        return (
            int(head[0].split()[1]),
            headers,
            await reader.readexactly(int(headers.get("content-length", 0))),
        )


async def sent(stack: Stack, request: bytes) -> tuple[int, str]:
    """Status and code of the error that a request gets."""
    async with connection(stack) as (reader, writer):
        writer.write(request)
        status, headers, body = await answer(reader)
    assert headers["content-type"] == "application/json; charset=utf-8", body
    error = json.loads(body)["error"]
    assert error.keys() == {"code", "message"}
    assert error["message"].endswith((".", "'"))
    return status, error["code"]


@pytest.mark.parametrize(
    ("request_line", "found"),
    [
        (b"GET /payment-method/" + b"x" * 9000 + b" HTTP/1.1\r\n", (431, "head_too_large")),
        (b"GET /lesson-book/students?q=" + b"x" * 9000 + b" HTTP/1.1\r\n", (431, "head_too_large")),
        (b"PROPFIND /lessons HTTP/1.1\r\n", (405, "method_not_allowed")),
        (b"TRACE / HTTP/1.1\r\n", (405, "method_not_allowed")),
        (b"get / HTTP/1.1\r\n", (400, "unreadable_request")),
        (b"G\x00T / HTTP/1.1\r\n", (400, "unreadable_request")),
        (b"GET /no where HTTP/1.1\r\n", (400, "unreadable_request")),
        (b"GET /\x00 HTTP/1.1\r\n", (400, "unreadable_request")),
        (b"GET /payment-method/%00 HTTP/1.1\r\n", (404, "resource_missing")),
        (b"GET /payment-method/%ff%fe HTTP/1.1\r\n", (404, "resource_missing")),
        (b"GET / HTTP/3.7\r\n", (400, "unreadable_request")),
        (b"\x16\x03\x01\x02\x00\x01\x00\x01\xfc\r\n", (400, "unreadable_request")),
        (b"GET http://[::1/ HTTP/1.1\r\n", (400, "unreadable_request")),
        (b"GET //[/ HTTP/1.1\r\n", (404, "not_found")),
        (b"OPTIONS * HTTP/1.1\r\n", (404, "not_found")),
        (b"CONNECT localhost:80 HTTP/1.1\r\n", (404, "not_found")),
    ],
)
async def test_lines_that_nobody_should_send(
    stack: Stack, request_line: bytes, found: tuple[int, str]
):
    """Too long, unknown, broken, with null bytes, not even HTTP: a sentence in JSON."""
    assert await sent(stack, request_line + HOST + CLOSE + b"\r\n") == found


@pytest.mark.parametrize(
    ("headers", "found"),
    [
        (HOST + b"X-Long: " + b"x" * 9000 + b"\r\n", (431, "head_too_large")),
        (HOST + b"X-Null: \x00\r\n", (400, "unreadable_request")),
        (HOST + b"No colon\r\n", (400, "unreadable_request")),
        (HOST + b"Expect: miracles\r\n", (417, "expectation_failed")),
        (b"Host: [\r\n", (403, "foreign_request")),
        (b"Host: evil.example\r\n", (403, "foreign_request")),
        (HOST + b"Content-Length: many\r\n", (400, "unreadable_request")),
        (HOST + b"Content-Length: -1\r\n", (400, "unreadable_request")),
        (HOST + b"Content-Length: 2\r\nContent-Length: 3\r\n", (400, "unreadable_request")),
        (
            HOST + b"Content-Length: 2\r\nTransfer-Encoding: chunked\r\n",
            (400, "unreadable_request"),
        ),
    ],
)
async def test_headers_that_nobody_should_send(
    stack: Stack, headers: bytes, found: tuple[int, str]
):
    """The same, for what comes after the first line."""
    assert await sent(stack, b"GET /config HTTP/1.1\r\n" + headers + b"\r\n") == found


async def test_an_origin_that_is_no_address_is_another_site(stack: Stack):
    """It is compared, never trusted to be readable."""
    request = b"POST /sign-out HTTP/1.1\r\n" + HOST + b"Origin: http://[\r\nContent-Length: 0\r\n"
    assert await sent(stack, request + b"\r\n") == (403, "foreign_request")


async def test_more_headers_than_anybody_sends(stack: Stack):
    """A thousand small ones are refused as one large one is."""
    many = b"".join(b"X-%d: 1\r\n" % number for number in range(1000))
    status, code = await sent(stack, b"GET /lesson-book HTTP/1.1\r\n" + HOST + many + b"\r\n")
    assert (status, code) in {(431, "head_too_large"), (400, "unreadable_request")}


@pytest.mark.parametrize(
    ("body", "found"),
    [
        (b"zz\r\n{}\r\n0\r\n\r\n", (400, "unreadable_request")),
        (b"-1\r\n{}\r\n0\r\n\r\n", (400, "unreadable_request")),
        (b"fffffffffffffffff\r\n{}", (400, "unreadable_request")),
        (b"2\r\n{}\r\n0\r\n\r\n", (400, "parameter_missing")),
    ],
)
async def test_chunks_that_do_not_fit(stack: Stack, body: bytes, found: tuple[int, str]):
    """Sizes that are none, or not the chunk's; the last one is whole and lacks its fields."""
    head = HOLD + JSON + b"Transfer-Encoding: chunked\r\n\r\n"
    async with connection(stack) as (reader, writer):
        writer.write(head + body)
        status, _, said = await answer(reader)
    assert (status, json.loads(said)["error"]["code"]) == found


async def test_pipelined_requests_are_answered_in_their_order(stack: Stack):
    """Three at once over one connection, the second of them wrong."""
    async with connection(stack) as (reader, writer):
        writer.write(
            b"".join(
                b"GET " + path + b" HTTP/1.1\r\n" + HOST + b"\r\n"
                for path in (b"/config", b"/nowhere", b"/report-kinds")
            )
        )
        found = [await answer(reader) for _ in range(3)]
    assert [status for status, _, _ in found] == [200, 404, 200]
    assert [type(json.loads(body)) for _, _, body in found] == [dict, dict, list]


async def test_http_1_0_is_answered_and_the_connection_closed(stack: Stack):
    """Without a Host header, too."""
    async with connection(stack) as (reader, writer):
        writer.write(b"GET /config HTTP/1.0\r\n" + HOST + b"\r\n")
        status, _, body = await answer(reader)
        assert (status, list(json.loads(body))) == (200, ["key"])
        assert await reader.read() == b""


async def test_what_cannot_be_read_is_not_logged(stack: Stack):
    """A broken request may hold a token."""
    broken = b"GET /reports HTTP/1.1\r\n" + HOST + b"Authorization: Bearer secret-7\x00\r\n\r\n"
    assert await sent(stack, broken) == (400, "unreadable_request")
    assert "secret-7" not in stack.log("web")
    assert "Traceback" not in stack.log("web")
