"""Connections from inside another network namespace, where the local Stripe takes orders."""

import ctypes
import os
import socket
from pathlib import Path

import aiohttp

from tests.namespaces import Namespace

CLONE_NEWNET = 0x40000000

OURS = Path("/proc/thread-self/ns/net")


def connector_within(namespace: Namespace) -> aiohttp.TCPConnector:
    """For a session of that machine with itself: a socket stays where it was made."""

    def made(address: tuple) -> socket.socket:
        family, kind, protocol, *_ = address
        home = os.open(OURS, os.O_RDONLY)
        try:
            _enter(Path("/run/netns") / namespace.name)
            try:
                return socket.socket(family, kind, protocol)
            finally:
                _set(home)
        finally:
            os.close(home)

    return aiohttp.TCPConnector(local_addr=("127.0.0.1", 0), socket_factory=made)


def _enter(place: Path) -> None:
    handle = os.open(place, os.O_RDONLY)
    try:
        _set(handle)
    finally:
        os.close(handle)


def _set(handle: int) -> None:
    library = ctypes.CDLL(None, use_errno=True)
    if library.setns(handle, CLONE_NEWNET):
        raise OSError(ctypes.get_errno(), "setns")
