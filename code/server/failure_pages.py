"""What went wrong on our side, as a page for people: they cannot do much with JSON."""

from html import escape

from aiohttp import web
from aiohttp.typedefs import Handler

from server.errors import PROBLEM
from server.page_answers import filled_page

FORM = "/sign-in"
"""The page of the forms that are sent without a script."""


@web.middleware
async def failures_as_pages(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer 500 and above with a page where a browser asked for one."""
    answer = await handler(request)
    problem = answer.get(PROBLEM)
    wants_page = "text/html" in request.headers.get("Accept", "")
    if answer.status < web.HTTPInternalServerError.status_code or not (problem and wants_page):
        return answer
    again = "" if request.method == "GET" else FORM  # empty: the address the page is at
    parts = {"problem": escape(problem), "again": again}
    return filled_page(request, "unavailable", parts, status=answer.status)
