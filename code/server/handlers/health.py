"""What orchestrators and load balancers ask: is the process alive, and should it get requests?"""

from aiohttp import web

from server.keys import QUEUE, STORAGE, STRIPE_KEY
from server.readiness import Status, look, overall

NOT_KEPT = {"Cache-Control": "no-store"}


async def alive(_: web.Request) -> web.Response:
    """GET /healthz → `{"status": "ok"}`, as long as the process answers at all."""
    return web.json_response({"status": "ok"}, headers=NOT_KEPT)


async def ready(request: web.Request) -> web.Response:
    """GET /readyz → each check by name; 503 where one has failed."""
    app = request.app
    checks = await look(app[STORAGE], app[QUEUE], app[STRIPE_KEY])
    status = overall(checks)
    shown = {
        name: {"status": check.status.word, "message": check.message}
        for name, check in checks.items()
    }
    return web.json_response(
        {"status": status.word, "checks": shown},
        status=503 if status is Status.FAILED else 200,
        headers=NOT_KEPT,
    )
