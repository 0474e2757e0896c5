"""Say where to look, once there is something to see."""

import http.client
import time
from collections.abc import Callable

from shop.settings import Settings

POLL = 0.05
"""Seconds between two attempts."""


def announce(settings: Settings, say: Callable[[str], None]) -> None:
    """Wait until the web server and the sandbox answer, then print their addresses."""
    _wait_for(_reachable(settings.host), settings.port)
    places = {"Home": settings.domain}
    places |= {page.title(): f"{settings.domain}/{page}" for page in ("instructor", "accountant")}
    if settings.uses_sandbox:
        _wait_for(_reachable(settings.sandbox_host), settings.sandbox_port)
        places["Stripe sandbox"] = f"http://localhost:{settings.sandbox_port}"
    lines = [f"  {name:16}{address}" for name, address in places.items()]
    say("\n".join(["The shop is open. Ctrl-C stops it.", *lines]))


def _wait_for(host: str, port: int) -> None:
    while not _answers(host, port):
        time.sleep(POLL)


def _answers(host: str, port: int) -> bool:
    connection = http.client.HTTPConnection(host, port, timeout=5)
    try:
        connection.request("GET", "/")
        return connection.getresponse().status < http.client.INTERNAL_SERVER_ERROR
    except (OSError, http.client.HTTPException):
        return False
    finally:
        connection.close()


def _reachable(host: str) -> str:
    return {"0.0.0.0": "127.0.0.1", "::": "::1"}.get(host, host)
