"""What faults do to a connection and to an answer on its way back."""

import asyncio
import socket
import struct
from contextlib import suppress
from math import ceil

from aiohttp import web

from sandbox.network import Network

CUT = 128 * 1024
"""Bytes of a wide list after which its JSON breaks off."""

LOOK_AGAIN = 0.2
"""Seconds between two looks at whether the client is still there."""

DRIPS = 20
LINGER_NOT = struct.pack("ii", 1, 0)
"""``SO_LINGER`` on, for zero seconds: closing sends RST instead of FIN."""


def reset(request: web.Request) -> None:
    """Reset the connection, so that the client sees ``ECONNRESET``."""
    if request.transport is not None:
        connection = request.transport.get_extra_info("socket")
        connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, LINGER_NOT)
        request.transport.abort()


async def fall_silent(request: web.Request, network: Network) -> None:
    """Say nothing until the client leaves, but no longer than ``network.silence``; then close."""
    deadline = asyncio.get_running_loop().time() + network.silence
    while request.transport is not None and not network.closing.is_set():
        left = deadline - asyncio.get_running_loop().time()
        if left <= 0:
            break
        await _pause(network, min(left, LOOK_AGAIN))
    if request.transport is not None:
        request.transport.close()


def truncate(response: web.StreamResponse) -> None:
    """Cut the body at 128 KiB, or in half where it is no longer; its length says the cut one."""
    if isinstance(response, web.Response) and isinstance(response.body, bytes):
        whole = len(response.body)
        response.body = response.body[: CUT if whole > CUT else whole // 2]


async def trickle(
    request: web.Request, response: web.StreamResponse, network: Network
) -> web.StreamResponse:
    """Send the headers at once and the body drip by drip over ``network.trickle`` seconds."""
    if not isinstance(response, web.Response) or not isinstance(response.body, bytes):
        return response
    body = response.body
    slow = web.StreamResponse(status=response.status, headers=response.headers)
    slow.content_length = len(body)
    await slow.prepare(request)
    size = ceil(len(body) / DRIPS) or 1
    drips = [body[start : start + size] for start in range(0, len(body), size)]
    with suppress(ConnectionError):  # the client has left
        for drip in drips:
            await _pause(network, network.trickle / len(drips))
            await slow.write(drip)
    return slow


async def _pause(network: Network, seconds: float) -> None:
    """Wait, but not while the server is stopping."""
    with suppress(TimeoutError):
        await asyncio.wait_for(network.closing.wait(), seconds)
