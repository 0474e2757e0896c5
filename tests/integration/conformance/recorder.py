"""Stands between the shop and Stripe: keeps what was asked and hands it on."""

from typing import NamedTuple

import aiohttp
from aiohttp import web

from tests.integration.conformance.parameters import operation, wrong_parameters

OF_THIS_HOP = frozenset({"host", "connection", "content-length", "transfer-encoding"})
"""Headers that are about a connection and not about the request."""


class Asked(NamedTuple):
    """One request; `encoded` is its query, or the form of a POST."""

    method: str
    path: str
    encoded: str
    headers: dict[str, str]


class Recorder:
    """Every request that went through, in order."""

    def __init__(self, stripe: aiohttp.ClientSession) -> None:
        self._stripe = stripe
        self.asked: list[Asked] = []

    def app(self) -> web.Application:
        """The server that the shop is told is Stripe."""
        app = web.Application()
        app.router.add_route("*", "/{path:.*}", self._hand_on)
        return app

    @property
    def operations(self) -> set[str]:
        """The calls made, as `PARAMETERS` names them."""
        return {operation(asked.method, asked.path) for asked in self.asked}

    def problems(self) -> list[str]:
        """What is wrong with the parameters of all requests."""
        return [
            str(problem)
            for asked in self.asked
            for problem in wrong_parameters(asked.method, asked.path, asked.encoded)
        ]

    async def _hand_on(self, request: web.Request) -> web.Response:
        body = await request.text()
        headers = {
            name: value
            for name, value in request.headers.items()
            if name.lower() not in OF_THIS_HOP
        }
        encoded = body if request.method == "POST" else request.rel_url.raw_query_string
        self.asked.append(Asked(request.method, request.path, encoded, headers))
        async with self._stripe.request(
            request.method, request.rel_url, data=body or None, headers=headers
        ) as answer:
            return web.Response(
                status=answer.status,
                body=await answer.read(),
                headers={"Content-Type": answer.headers["Content-Type"]},
            )
