"""Connections: what is no HTTP is answered as JSON too, and nobody is waited for without end.

aiohttp answers a request that its parser cannot read in plain text, before any middleware, and logs
it with all its headers, tokens among them. It also waits for a first request for ever.
"""

import asyncio
import logging
import signal
from typing import Any

import uvloop
from aiohttp import web
from aiohttp.http_exceptions import LineTooLong
from aiohttp.web_protocol import RequestHandler

from server.errors import errors_as_json, json_error
from server.security_headers import SECURITY_HEADERS, SecurityHeaders

log = logging.getLogger(__name__)

FIRST_REQUEST_WITHIN = 30.0
"""Seconds in which the head of a connection's first request has to be there. Between two requests
aiohttp waits 75 seconds of its own."""


class Connection(RequestHandler):
    """One connection.

    Attributes:
        headers: those of every answer, for what never comes as far as the application.
    """

    headers: SecurityHeaders

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        """Somebody has called."""
        super().connection_made(transport)
        self._loop.call_later(FIRST_REQUEST_WITHIN, self._close_if_silent)

    def handle_error(
        self,
        request: web.BaseRequest,
        status: int = 500,
        exc: BaseException | None = None,
        message: str | None = None,  # noqa: ARG002 (it quotes what was sent)
    ) -> web.StreamResponse:
        """The answer to what is no request, after which the connection is closed.

        Raises:
            ConnectionError: an answer is on its way already.
        """
        if request.writer.output_size > 0:
            raise ConnectionError("an answer was begun already")
        if status >= web.HTTPInternalServerError.status_code:
            log.error("a request failed outside of the application", exc_info=exc)
            answer = json_error(500, "internal_error", "Something went wrong on our side.")
        elif isinstance(exc, LineTooLong):
            answer = json_error(
                431, "head_too_large", "The address or a header is longer than the shop accepts."
            )
        else:
            log.info("no HTTP from %s: %s", request.remote, type(exc).__name__)
            answer = json_error(400, "unreadable_request", "The shop cannot read this request.")
        self.headers.complete(answer)
        answer.force_close()
        return answer

    def _close_if_silent(self) -> None:
        if self._request_count == 0:
            self.force_close()


class Server(web.Server):
    """Makes a `Connection` for each caller."""

    headers: SecurityHeaders

    def __call__(self) -> RequestHandler:
        """A new connection."""
        connection = Connection(self, loop=self._loop, **self._kwargs)
        connection.headers = self.headers
        return connection


class Runner(web.AppRunner):
    """aiohttp's, with our connections; what is refused before the middlewares is JSON as well."""

    async def _make_server(self) -> web.Server:
        made = await super()._make_server()

        async def answer(request: Any) -> web.StreamResponse:
            return await errors_as_json(request, made.request_handler)

        server = Server(
            answer,
            request_factory=made.request_factory,
            handler_cancellation=made.handler_cancellation,
            **made._kwargs,
        )
        server.headers = self.app[SECURITY_HEADERS]
        return server


def run_app(app: web.Application, *, host: str, port: int, **options: Any) -> None:
    """Serve until SIGINT or SIGTERM, as `web.run_app` does; `options` are those of its runner.

    Raises:
        OSError: the port cannot be listened on.
    """
    uvloop.run(_serve(app, host, port, options))


async def _serve(app: web.Application, host: str, port: int, options: dict[str, Any]) -> None:
    told_to_stop = asyncio.Event()
    for number in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(number, told_to_stop.set)
    runner = Runner(app, **options)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
        await told_to_stop.wait()
    finally:
        await runner.cleanup()
