"""The audit trail: its page, and what the page asks for."""

import time
from contextlib import suppress
from html import escape

from aiohttp import web

from server.audit_documents import page_document
from server.audit_questions import length_of, question_of
from server.audit_trail import troubles
from server.bodies import Fields
from server.keys import RESULTS, SHIPPER, STAFF
from server.page_answers import staff_page
from shop.audit.trail import read_page
from shop.errors import ResultsUnavailable


async def page(request: web.Request) -> web.Response:
    """The audit trail, for owners."""
    names = sorted(request.app[STAFF].staff().accounts)
    accounts = "".join(f'<option value="{escape(name)}"></option>' for name in names)
    return staff_page(request, "owner", {"accounts": accounts})


async def entries(request: web.Request) -> web.Response:
    """GET /audit → who did what, the newest first.

    What this process wrote a moment ago is in it; of other machines, what is five seconds old.
    """
    query = Fields(request.query)
    question, length = question_of(query), length_of(query)
    if request.app[SHIPPER].trouble is None:
        with suppress(ResultsUnavailable):  # which is a trouble from now on, and told below
            await request.app[SHIPPER].ship()
    found = await read_page(request.app[RESULTS], question, length)
    return web.json_response(
        page_document(found, await troubles(request.app), time.time()),
        headers={"Cache-Control": "no-store"},
    )
