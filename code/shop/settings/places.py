"""Where things are on this machine."""

import hashlib
import os
import re
import tempfile
from pathlib import Path

PROJECT = Path(__file__).resolve().parents[3]
ENV_FILE = PROJECT / "code" / "server" / ".env"

LONGEST_SOCKET_PATH = 100
"""Bytes. Unix socket addresses end at 104 to 108 bytes, depending on the system."""


def redis_socket(var_dir: Path) -> Path:
    """Where the shop's own Redis listens: under `var_dir`, or else in the temp folder.

    redis-py reads a client's address up to the first blank or "=", so no path may have one.
    """
    socket = var_dir / "redis" / "redis.sock"
    plain = re.fullmatch(r"[\w./+-]+", str(socket), re.ASCII)
    if plain and len(str(socket)) <= LONGEST_SOCKET_PATH:
        return socket
    name = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"ipsum-street-{name}.sock"


def path(value: str, base: Path) -> Path:
    """The path that a setting names; relative ones begin at `base`."""
    return (base / Path(value).expanduser()).resolve()
