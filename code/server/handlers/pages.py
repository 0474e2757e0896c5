"""The pages, the one setting they ask for, and the description of all routes."""

from aiohttp import web

from server.keys import OPENAPI, SETTINGS
from server.page_answers import page, staff_page


async def home(request: web.Request) -> web.Response:
    """What the school is."""
    return page(request, "home")


async def lessons(request: web.Request) -> web.Response:
    """Sign up for a lesson."""
    return page(request, "lessons")


async def account(request: web.Request) -> web.Response:
    """A student's account; the page itself finds out whether there is one."""
    return page(request, "account")


async def confirm_payment(request: web.Request) -> web.Response:
    """Where a student confirms a hold with their bank; the page itself finds out which."""
    return page(request, "confirm-payment")


async def instructor(request: web.Request) -> web.Response:
    """Lessons and their payments, for instructors."""
    return staff_page(request, "instructor")


async def accountant(request: web.Request) -> web.Response:
    """The accountant's reports."""
    return staff_page(request, "accountant")


async def config(request: web.Request) -> web.Response:
    """The publishable key, the only key that ever leaves the server."""
    return web.json_response({"key": request.app[SETTINGS].publishable_key})


async def openapi(request: web.Request) -> web.Response:
    """Every route for programs: what it takes and what it answers (OpenAPI 3.1)."""
    return web.Response(
        body=request.app[OPENAPI],
        content_type="application/json",
        headers={"Cache-Control": "no-cache"},
    )
