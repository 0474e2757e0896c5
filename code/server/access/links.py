"""The links of students, as the web process makes and follows them."""

from aiohttp import web

from server.keys import SETTINGS, STAFF
from shop.student_links import StudentLinks


def student_links(request: web.Request) -> StudentLinks:
    """The links of this shop, with the staff file's key of now."""
    return StudentLinks(request.app[SETTINGS].domain, request.app[STAFF].staff().key)
