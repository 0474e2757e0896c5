"""Who says nothing is not waited for."""

import asyncio
from collections.abc import AsyncIterator

import pytest
from aiohttp import web

from server import connections
from server.security_headers import SECURITY_HEADERS, SecurityHeaders
from shop.settings import load

PATIENCE = 0.2


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="hello")


@pytest.fixture
async def port(monkeypatch: pytest.MonkeyPatch) -> AsyncIterator[int]:
    monkeypatch.setattr(connections, "FIRST_REQUEST_WITHIN", PATIENCE)
    app = web.Application()
    app[SECURITY_HEADERS] = SecurityHeaders(load())
    app.router.add_get("/", hello)
    runner = connections.Runner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    yield runner.addresses[0][1]
    await runner.cleanup()


@pytest.mark.parametrize("said", [b"", b"GET / HTTP/1.1\r\nHost: x\r\nX-Part"])
async def test_a_connection_without_a_first_request_is_closed(port: int, said: bytes):
    """Silent, or with half of a request's head."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(said)
    async with asyncio.timeout(PATIENCE + 5):
        assert await reader.read() == b""
    writer.close()


async def test_one_that_has_asked_may_ask_again_later(port: int):
    """A browser keeps its connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    for _ in range(2):
        writer.write(b"GET / HTTP/1.1\r\nHost: x\r\n\r\n")
        assert (await reader.readuntil(b"hello")).startswith(b"HTTP/1.1 200 ")
        await asyncio.sleep(PATIENCE * 1.5)
    writer.close()


async def test_the_answer_to_what_is_no_request_has_its_headers(port: int):
    """As every other answer of the shop: nothing in it runs, and nobody keeps it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(b"GET /no where HTTP/1.1\r\nHost: x\r\n\r\n")
    async with asyncio.timeout(PATIENCE + 5):
        head, _, _ = (await reader.read()).partition(b"\r\n\r\n")
    writer.close()
    assert b" 400 " in head.splitlines()[0]
    for header in (
        b"Content-Security-Policy: default-src 'none'; frame-ancestors 'none'",
        b"X-Content-Type-Options: nosniff",
        b"Cache-Control: no-store",
        b"Server: ipsum",
    ):
        assert header in head.split(b"\r\n")
