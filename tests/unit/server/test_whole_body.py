"""A body that dribbles in is not waited for, and what is left of one is not taken for a whole."""

import asyncio
import json
from collections.abc import AsyncIterator
from contextlib import suppress

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from server.bodies import whole_body
from server.errors import errors_as_json

PATIENCE = 0.2


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await whole_body(request, within=PATIENCE))


async def echo_at_second_try(request: web.Request) -> web.Response:
    """As the audit trail does: whoever looks first leaves it to the handler to refuse a body."""
    with suppress(web.HTTPException):
        await whole_body(request, within=PATIENCE)
    return await echo(request)


@pytest.fixture
async def server(aiohttp_server) -> TestServer:
    app = web.Application(middlewares=[errors_as_json])
    app.router.add_post("/", echo)
    app.router.add_post("/twice", echo_at_second_try)
    return await aiohttp_server(app)


async def test_a_body_that_arrives_in_time_is_read(server: TestServer):
    """In two parts, as networks deliver."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nConnection: close\r\nContent-Length: 4\r\n\r\nab")
    await writer.drain()
    writer.write(b"cd")
    assert (await reader.read()).endswith(b"\r\n\r\nabcd")
    writer.close()


@pytest.mark.parametrize("part", [b"", b"a"])
async def test_one_that_does_not_is_answered_with_408(server: TestServer, part: bytes):
    """Whether nothing comes or a part of it; nothing more is read from the connection."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(b"POST / HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\n" + part)
    async with asyncio.timeout(PATIENCE + 5):
        head = await reader.readuntil(b"\r\n\r\n")
        assert head.startswith(b"HTTP/1.1 408 ")
        assert b"Connection: close" in head
        length = next(line for line in head.split(b"\r\n") if line.startswith(b"Content-Length"))
        body = json.loads(await reader.readexactly(int(length.split()[1])))
    assert body == {
        "error": {"code": "body_too_slow", "message": "The body did not arrive in time."}
    }
    writer.close()


@pytest.mark.parametrize("chunks", [(b"x" * 2**20, b"yz"), (b"x" * 2**21,)])
async def test_the_end_of_a_body_that_is_too_large_is_no_body(
    aiohttp_client, server: TestServer, chunks: tuple[bytes, ...]
):
    """Though the first to ask has read all but the end of it."""
    client = await aiohttp_client(server)

    async def slowly() -> AsyncIterator[bytes]:
        for chunk in chunks:
            yield chunk
            await asyncio.sleep(PATIENCE / 4)

    answer = await client.post("/twice", data=slowly())
    assert (answer.status, (await answer.json())["error"]["code"]) == (413, "body_too_large")


async def test_the_end_of_a_body_that_came_too_late_is_no_body(server: TestServer):
    """It comes after the first to ask has given up, and is not taken for the whole."""
    reader, writer = await asyncio.open_connection(server.host, server.port)
    writer.write(b"POST /twice HTTP/1.1\r\nHost: x\r\nContent-Length: 4\r\n\r\nab")
    await asyncio.sleep(PATIENCE * 1.3)
    writer.write(b"cd")
    async with asyncio.timeout(PATIENCE + 5):
        assert (await reader.read()).startswith(b"HTTP/1.1 408 ")
    writer.close()
