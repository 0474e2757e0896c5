"""A shop that hears of events."""

import asyncio
import json
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any, NamedTuple

from aiohttp import web
from aiohttp.test_utils import TestServer

PATIENCE = 20
"""Seconds until a delivery that should come is missed."""


class Heard(NamedTuple):
    """One delivery as it arrived."""

    headers: Mapping[str, str]
    body: bytes


class Receiver:
    """Remembers what it is told, and answers with ``answers`` one by one, then with 200."""

    def __init__(self) -> None:
        self.address = ""
        self.answers: list[int] = []
        self._deliveries: asyncio.Queue[Heard] = asyncio.Queue()

    async def delivery(self) -> Heard:
        """The next delivery."""
        async with asyncio.timeout(PATIENCE):
            return await self._deliveries.get()

    async def next(self) -> dict[str, Any]:
        """The event of the next delivery."""
        return json.loads((await self.delivery()).body)

    async def types(self, count: int) -> list[str]:
        """The types of the next events."""
        return [(await self.next())["type"] for _ in range(count)]

    def heard_nothing(self) -> bool:
        """Whether there is no delivery that was not taken yet."""
        return self._deliveries.empty()

    async def take(self, request: web.Request) -> web.Response:
        """The route deliveries go to."""
        self._deliveries.put_nowait(Heard(request.headers, await request.read()))
        status = self.answers.pop(0) if self.answers else 200
        moved = {"Location": self.address} if 300 <= status < 400 else {}
        return web.Response(status=status, headers=moved)


@asynccontextmanager
async def listening() -> AsyncIterator[Receiver]:
    """A receiver on a real socket."""
    receiver = Receiver()
    app = web.Application()
    app.router.add_route("*", "/webhook", receiver.take)
    async with TestServer(app) as server:
        receiver.address = str(server.make_url("/webhook"))
        yield receiver
