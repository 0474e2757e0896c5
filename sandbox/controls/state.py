"""What the sandbox holds: forget it, add a history, let time pass, ask what the figures must be."""

from typing import Annotated

import msgspec
from aiohttp import web

from sandbox.controls.answers import answer, refusal
from sandbox.controls.orders import NOTHING_SAID, Nothing, read
from sandbox.history import History, Shape
from sandbox.money import DAY
from sandbox.service import SERVICE
from sandbox.truth import FailedAttempt

routes = web.RouteTableDef()

LARGEST_HISTORY = 1_000_000
FURTHEST_ADVANCE = 3_650 * DAY
LATEST = 4_102_444_800
"""The year 2100."""

Count = Annotated[int, msgspec.Meta(ge=0, le=LARGEST_HISTORY)]


class HistoryOrder(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /_sandbox/history``."""

    students: Count = 2_000
    payments: Count = 5_000
    days: Annotated[int, msgspec.Meta(ge=1, le=3_650)] = 90
    seed: int = 1
    shape: Shape = Shape.EVEN


class ClockOrder(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /_sandbox/clock``."""

    advance_seconds: Annotated[int, msgspec.Meta(ge=0, le=FURTHEST_ADVANCE)]


@routes.post("/_sandbox/reset")
async def reset(request: web.Request) -> web.Response:
    """Forget everything."""
    read(await request.read() or NOTHING_SAID, Nothing)
    request.app[SERVICE].reset()
    return answer({"reset": True})


@routes.post("/_sandbox/history")
async def history(request: web.Request) -> web.Response:
    """Add a generated history that ends now."""
    order = read(await request.read() or NOTHING_SAID, HistoryOrder)
    if order.payments and not order.students:
        return refusal(400, "Payments need students to make them: give students a number above 0.")
    service = request.app[SERVICE]
    added = await service.add_history(History(**msgspec.structs.asdict(order)))
    if not added:
        return refusal(409, "A reset came while the history was made, so none of it was added.")
    account = service.account
    return answer(
        {
            "customers": len(account.customers),
            "payment_intents": len(account.payment_intents),
            "balance_transactions": len(account.balance_transactions),
        }
    )


@routes.get("/_sandbox/clock")
async def clock(request: web.Request) -> web.Response:
    """What time it is."""
    return answer({"now": request.app[SERVICE].clock.now()})


@routes.post("/_sandbox/clock")
async def advance(request: web.Request) -> web.Response:
    """Let time pass, with all that falls due in it."""
    order = read(await request.read(), ClockOrder)
    service = request.app[SERVICE]
    if service.clock.now() + order.advance_seconds > LATEST:
        return refusal(400, "The clock cannot go beyond the year 2100.")
    service.advance(order.advance_seconds)
    return answer({"now": service.clock.now()})


@routes.get("/_sandbox/truth")
async def truth(request: web.Request) -> web.Response:
    """What the lesson figures of a window must be, by the sandbox's own bookkeeping."""
    account = request.app[SERVICE].account
    account.timers.run_due(account)
    try:
        start = int(request.query["from"])
        end = int(request.query.get("to", account.now()))
    except (KeyError, ValueError):
        return refusal(400, "Give the window as from= and to= in unix seconds.")
    if start > end:
        return refusal(400, "The window ends before it begins: from= must not be after to=.")
    failed = account.truth.failures(start, end)
    on_file = {attempt.customer for attempt in failed if _still_on_file(request, attempt)}
    first = account.settings.settlement_currencies[0]
    currencies = {
        currency: account.truth.totals(start, end, currency)
        for currency in sorted({first, *account.truth.currencies()})
    }
    return answer(
        {
            **msgspec.structs.asdict(currencies[first]),
            "failed_customers": sorted(on_file),
            "currencies": currencies,
        }
    )


def _still_on_file(request: web.Request, attempt: FailedAttempt) -> bool:
    account = request.app[SERVICE].account
    customer = account.customers.get(attempt.customer)
    if customer is None or customer.deleted:
        return False
    on_file = customer.default_payment_method
    if on_file is None:
        cards = account.payment_methods.where("customer", customer.id)
        on_file = cards[-1].id if cards else None
    return on_file == attempt.payment_method
