"""The web server as it is, with a probe that notes how late its event loop is.

    python -m bench.tools.probed_web

The probe asks to be woken after `EVERY` seconds, again and again, and notes how much later it was.
"""

import asyncio
from collections.abc import AsyncIterator

from aiohttp import web

from server.app import create_app
from shop.settings import load
from shop.tasks import end

EVERY = 0.005
"""Seconds."""

LATENESS = "/_bench/lateness"


class Probe:
    """Notes for as long as the application runs."""

    def __init__(self) -> None:
        self._late: list[float] = []

    async def run(self, _: web.Application) -> AsyncIterator[None]:
        """Begin with the application, end with it."""
        watching = asyncio.create_task(self._watch())
        yield
        await end([watching])

    async def told(self, _: web.Request) -> web.Response:
        """What was noted since the last time, in seconds."""
        late, self._late = self._late, []
        return web.json_response(late)

    async def _watch(self) -> None:
        loop = asyncio.get_running_loop()
        while True:
            due = loop.time() + EVERY
            await asyncio.sleep(EVERY)
            self._late.append(loop.time() - due)


def main() -> None:
    """Serve until told to stop."""
    settings = load()
    app, probe = create_app(settings), Probe()
    app.cleanup_ctx.append(probe.run)
    app.router.add_get(LATENESS, probe.told)
    web.run_app(app, host=settings.host, port=settings.port, print=None)


if __name__ == "__main__":
    main()
