"""A download that breaks off is never taken for a whole file."""

from collections.abc import AsyncIterator

import aiohttp
import pytest
from aiohttp import web
from aiohttp.typedefs import Handler

from server.access.actor import ACTOR, SOMEBODY_HERE
from server.handlers.report_files import download
from server.keys import REPORTS, RESULTS
from shop.reports.record import Report, ReportFile, State
from shop.reports.results import ResultStream

READY = Report(
    id="r1",
    kind="lesson-totals",
    state=State.READY,
    created_at=0.0,
    finished_at=1.0,
    files=(ReportFile(format="csv", name="a.csv", bytes=10, sha256="ab" * 32),),
)


class FakeStore:
    """Knows one report."""

    async def get(self, report_id: str) -> Report:
        assert report_id == "r1"
        return READY


class BrokenResults:
    """Goes away in the middle of a file."""

    async def stream(self, path: str) -> ResultStream:
        async def chunks() -> AsyncIterator[bytes]:
            yield b"12345"
            raise OSError("the bucket is away")

        assert path == "r1/a.csv"
        return ResultStream(path, 10, chunks())


@web.middleware
async def let_in(request: web.Request, handler: Handler) -> web.StreamResponse:
    """What the gate does where nobody has to sign in."""
    request[ACTOR] = SOMEBODY_HERE
    return await handler(request)


async def test_a_store_that_goes_away_breaks_the_connection(aiohttp_server):
    """The caller has half of the bytes and knows it."""
    app = web.Application(middlewares=[let_in])
    app[REPORTS] = FakeStore()  # type: ignore[assignment]
    app[RESULTS] = BrokenResults()  # type: ignore[assignment]
    app.router.add_get("/reports/{report_id}/files/{format}", download)
    server = await aiohttp_server(app)
    async with aiohttp.ClientSession() as session:
        answer = await session.get(server.make_url("/reports/r1/files/csv"))
        assert (answer.status, answer.headers["Content-Length"]) == (200, "10")
        with pytest.raises(aiohttp.ClientError):
            await answer.read()
