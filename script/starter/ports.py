"""Whether the ports are free, asked before anything is started."""

import errno
import socket

from script.starter.cannot_start import CannotStart
from shop.settings import Settings


def check_free(settings: Settings) -> None:
    """Raise CannotStart, naming the setting, if a port cannot be listened on."""
    _check("PORT", settings.host, settings.port)
    if settings.uses_sandbox:
        _check("SANDBOX_PORT", settings.sandbox_host, settings.sandbox_port)


def _check(setting: str, host: str, port: int) -> None:
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.create_server((host, port), family=family).close()
    except OSError as error:
        if error.errno == errno.EADDRINUSE:
            raise CannotStart(
                f"Port {port} is taken by another program. "
                f"Stop that one, or give {setting} another value."
            ) from None
        raise CannotStart(
            f"Cannot listen on HOST {host}, {setting} {port}: {error.strerror}."
        ) from None
