"""The queues, for whoever runs the shop: their page, what it asks for, and failed jobs."""

import asyncio
from collections.abc import Callable

from aiohttp import web

from server.keys import QUEUE
from server.page_answers import staff_page
from server.queue_documents import board_document
from shop.errors import UnknownJob


async def page(request: web.Request) -> web.Response:
    """The queues, for owners."""
    return staff_page(request, "queue")


async def board(request: web.Request) -> web.Response:
    """GET /queue → queues, workers, failed jobs and retries as they are now."""
    queue = request.app[QUEUE]
    states, board = await asyncio.to_thread(lambda: (queue.states(), queue.board.look()))
    return web.json_response(board_document(states, board), headers={"Cache-Control": "no-store"})


async def run_again(request: web.Request) -> web.Response:
    """POST /queue/{job_id}/run-again → the failed job waits for its turn."""
    return await _about(request, request.app[QUEUE].board.run_again)


async def remove(request: web.Request) -> web.Response:
    """POST /queue/{job_id}/remove → the failed job is forgotten."""
    return await _about(request, request.app[QUEUE].board.remove)


async def _about(request: web.Request, change: Callable[[str], str | None]) -> web.Response:
    job_id = request.match_info["job_id"]
    queue = await asyncio.to_thread(change, job_id)
    if queue is None:
        raise UnknownJob
    return web.json_response({"job": job_id, "queue": queue})
