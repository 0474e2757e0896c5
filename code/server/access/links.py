"""The links of students, as the web process makes and follows them."""

from aiohttp import web

from server.access.actor import ACTOR
from server.keys import SETTINGS, STAFF
from shop.student_links import StudentLinks

ENDED = 0
"""Unix seconds: whoever was let in by nothing gets links that open nothing."""


def student_links(request: web.Request) -> StudentLinks:
    """The links of this shop, with the staff file's key of now.

    Those that staff get last their full time, those of a visitor as long as the link that let them
    in to what the address names.
    """
    actor = request[ACTOR]
    ends = None if actor.is_staff else actor.grants.get(named(request) or "", ENDED)
    return StudentLinks(request.app[SETTINGS].domain, request.app[STAFF].staff().key, ends=ends)


def named(request: web.Request) -> str | None:
    """The id of the student or payment that the address names, if it names one."""
    parts = request.match_info
    return parts.get("customer_id") or parts.get("payment_intent_id")
