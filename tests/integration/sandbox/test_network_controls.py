"""Who may use the controls, and what they count."""

import asyncio

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
from aiohttp.typedefs import Handler

from sandbox.app import create_app
from sandbox.service import Service
from tests.integration.sandbox.api import Api


@web.middleware
async def from_elsewhere(request: web.Request, handler: Handler) -> web.StreamResponse:
    """As if the server listened on a network and another machine had called."""
    return await handler(request.clone(remote="192.0.2.7"))


async def test_another_machine_may_call_the_api_but_not_the_controls(service: Service) -> None:
    app = create_app(service)
    app.middlewares.insert(0, from_elsewhere)
    async with TestServer(app) as server, aiohttp.ClientSession(server.make_url("/")) as session:
        api = Api(service, session)
        refused = await api.control("POST", "reset", {})
        called = await api.get("/v1/customers")
    assert (refused.status, called.status) == (403, 200)
    assert refused.body == {"error": {"message": "The controls answer this machine only."}}


async def test_peaks_are_counted(api: Api) -> None:
    await api.control("POST", "latency", {"base_ms": 400})
    await asyncio.gather(*(api.get("/v1/customers") for _ in range(6)))
    counted = (await api.control("GET", "requests")).body
    assert (counted["peak_in_flight"], counted["peak_per_second"]) == (6, 6)


async def test_unknown_addresses_count_as_such(api: Api) -> None:
    await api.get("/v1/transfers")
    counted = (await api.control("GET", "requests")).body
    assert (counted["calls"], counted["statuses"]) == ({"GET unknown": 1}, {"404": 1})


async def test_counting_starts_again_from_zero(api: Api) -> None:
    await api.get("/v1/customers")
    reset = await api.control("POST", "requests/reset", {})
    assert reset.status == 200
    assert (await api.control("GET", "requests")).body == {
        "calls": {},
        "statuses": {},
        "faults": {},
        "peak_in_flight": 0,
        "peak_per_second": 0,
    }
