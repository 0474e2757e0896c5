"""`python -m server`: the web process."""

import sys

from aiohttp import web

from server.app import create_app
from shop import logs
from shop.errors import SettingsError
from shop.settings import load

FINISH_WITHIN = 4.0
"""Seconds that requests under way have to finish after the process was told to stop."""


def main() -> int:
    """Serve until told to stop; answers with the exit code."""
    logs.set_up()
    try:
        settings = load()
    except SettingsError as error:
        print(error.message, file=sys.stderr)
        return 2
    try:
        web.run_app(
            create_app(settings),
            host=settings.host,
            port=settings.port,
            shutdown_timeout=FINISH_WITHIN,
            print=None,
        )
    except OSError as error:
        print(
            f"The web server cannot listen on {settings.host}:{settings.port} "
            f"({error.strerror}). PORT and HOST say where it listens.",
            file=sys.stderr,
        )
        return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
