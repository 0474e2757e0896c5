"""The letters that were kept for want of a mail server, for whoever tries the shop out."""

import asyncio

from aiohttp import web

from server.keys import SETTINGS
from server.mail_pages import list_of_letters, one_letter
from server.page_answers import staff_page
from shop.mail.folder import MailFolder
from shop.mail.postbox import mail_folder

MOST_LISTED = 100

HEADERS = {
    "Cache-Control": "no-store",
    # A letter repeats what students typed: nothing in it may run or load anything. Its frame is
    # sandboxed without forms; the page's own is the one to sign out.
    "Content-Security-Policy": "default-src 'none'; img-src 'self'; style-src 'self' "
    "'unsafe-inline'; base-uri 'none'; form-action 'self'; frame-ancestors 'none'",
}


async def letters(request: web.Request) -> web.Response:
    """GET /dev/mail → the letters, newest first."""
    kept = await asyncio.to_thread(_folder(request).newest, MOST_LISTED)
    return _page(request, list_of_letters(kept))


async def letter(request: web.Request) -> web.Response:
    """GET /dev/mail/{name} → one letter: its headers, its text and its HTML."""
    kept = await asyncio.to_thread(_folder(request).get, request.match_info["name"])
    if kept is None:
        raise web.HTTPNotFound
    return _page(request, one_letter(kept))


def _folder(request: web.Request) -> MailFolder:
    """The letters, which only a shop shows that has the sandbox's keys and no mail server.

    Raises:
        web.HTTPNotFound: this one has not.
    """
    settings = request.app[SETTINGS]
    if not settings.uses_sandbox or settings.mail_server is not None:
        raise web.HTTPNotFound
    return mail_folder(settings)


def _page(request: web.Request, content: str) -> web.Response:
    answer = staff_page(request, "mail", {"content": content})
    answer.headers.update(HEADERS)
    return answer
