"""What a handler knows of its action that its answer does not say, for the audit trail."""

from typing import TypedDict

from aiohttp import web


class Facts(TypedDict, total=False):
    """Parts of `shop.audit.entry.Entry`."""

    customer: str
    amount: int
    currency: str


NOTED = web.RequestKey("audit_noted", Facts)
