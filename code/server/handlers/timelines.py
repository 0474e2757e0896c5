"""What happened to one student."""

from aiohttp import web

from server.access.links import student_links
from server.keys import GATEWAY, SETTINGS
from server.lesson_documents import answer, history_document
from shop.lesson_book.student_history import read_history


async def of_student(request: web.Request) -> web.Response:
    """GET /timeline/{customer_id} → cards, holds, captures, refunds and disputes, newest first."""
    zone = request.app[SETTINGS].shop_zone
    history = await read_history(request.app[GATEWAY], request.match_info["customer_id"], zone)
    return answer(history_document(history, zone, student_links(request)))
