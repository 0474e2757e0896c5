"""A body that dribbles in is not waited for."""

import asyncio
import json

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from server.bodies import whole_body
from server.errors import errors_as_json

PATIENCE = 0.2


async def echo(request: web.Request) -> web.Response:
    return web.Response(body=await whole_body(request, within=PATIENCE))


@pytest.fixture
async def server(aiohttp_server) -> TestServer:
    app = web.Application(middlewares=[errors_as_json])
    app.router.add_post("/", echo)
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
