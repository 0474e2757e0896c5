"""What the sandbox holds: forget it, add a history, ask what the figures must be."""

from typing import Annotated, Literal

import msgspec
from aiohttp import web

from sandbox.controls.answers import answer, refusal
from sandbox.history import History
from sandbox.service import SERVICE
from sandbox.truth import FailedAttempt

routes = web.RouteTableDef()

LARGEST_HISTORY = 1_000_000
Count = Annotated[int, msgspec.Meta(ge=0, le=LARGEST_HISTORY)]


class HistoryOrder(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /_sandbox/history``."""

    students: Count = 2_000
    payments: Count = 5_000
    days: Annotated[int, msgspec.Meta(ge=1, le=3_650)] = 90
    seed: int = 1
    shape: Literal["even"] = "even"


@routes.post("/_sandbox/reset")
async def reset(request: web.Request) -> web.Response:
    """Forget everything."""
    request.app[SERVICE].reset()
    return answer({"reset": True})


@routes.post("/_sandbox/history")
async def history(request: web.Request) -> web.Response:
    """Add a generated history that ends now."""
    order = msgspec.json.decode(await request.read() or b"{}", type=HistoryOrder)
    if order.payments and not order.students:
        return refusal(400, "Payments need students to make them: give students a number above 0.")
    service = request.app[SERVICE]
    service.add_history(History(order.students, order.payments, order.days, order.seed))
    account = service.account
    return answer(
        {
            "customers": len(account.customers),
            "payment_intents": len(account.payment_intents),
            "balance_transactions": len(account.balance_transactions),
        }
    )


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
    totals = account.truth.totals(start, end)
    failed = account.truth.failures(start, end)
    on_file = {attempt.customer for attempt in failed if _still_on_file(request, attempt)}
    return answer({**msgspec.structs.asdict(totals), "failed_customers": sorted(on_file)})


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
