"""Counting a try of a request, and noting that it was one and passed."""

from collections.abc import Mapping

from aiohttp import web

from server.access.rate_limits import By, Tried
from server.keys import RATE_LIMITS

COUNTED = web.RequestKey("counted", bool)
"""Set on requests whose try was counted: of these there are only so many."""


async def count(request: web.Request, tried: Tried, by: Mapping[By, str]) -> None:
    """Count one try.

    Raises:
        TooManyRequests: there is none left.
    """
    await request.app[RATE_LIMITS].take(tried, by)
    request[COUNTED] = True
