"""Who is at work on a request, so that nobody outlives the connections that the work needs.

Whatever is done aside waits for the answer.
"""

import asyncio
from typing import Any, cast

from aiohttp import web
from aiohttp.typedefs import Handler

from server.keys import UNDER_WAY
from shop.asides import answering
from shop.tasks import end


@web.middleware
async def under_way(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Note the task until its answer is there."""
    task = cast("asyncio.Task[Any]", asyncio.current_task())
    at_work = request.app[UNDER_WAY]
    at_work.add(task)
    try:
        with answering():
            return await handler(request)
    finally:
        at_work.discard(task)


async def end_all(app: web.Application) -> None:
    """Cut off whoever has not finished in time, and wait until locks and keys are let go."""
    at_work = app[UNDER_WAY]
    await end(at_work)
