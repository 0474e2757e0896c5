"""Controls of the sandbox itself, under ``/_sandbox/``: JSON in, JSON out, a 400 that says why."""

from typing import Annotated, Literal

import msgspec
from aiohttp import web

from sandbox.actions import charging, setting_up
from sandbox.history import History
from sandbox.ids import client_secret
from sandbox.service import SERVICE, Service
from sandbox.states import IntentStatus
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


class Outcome(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /_sandbox/challenges/{intent}``."""

    client_secret: str
    outcome: Literal["complete", "fail"]


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


@routes.get("/_sandbox/requests")
async def requests(request: web.Request) -> web.Response:
    """How many requests of each kind were served, and how they ended."""
    service = request.app[SERVICE]
    return answer({"calls": service.calls, "statuses": service.statuses})


@routes.post("/_sandbox/challenges/{intent}")
async def challenge(request: web.Request) -> web.Response:
    """What the challenge page says: the student has completed or failed it."""
    outcome = msgspec.json.decode(await request.read(), type=Outcome)
    id = request.match_info["intent"]
    status = _finish(request.app[SERVICE], id, outcome)
    if status is None:
        return refusal(400, f"No challenge is open for {id} with that client secret.")
    return answer({"status": status})


def answer(content: object, status: int = 200) -> web.Response:
    """JSON that any page may read."""
    return web.Response(
        body=msgspec.json.encode(content), status=status, content_type="application/json"
    )


def refusal(status: int, message: str) -> web.Response:
    """A control that was called wrongly."""
    return answer({"error": {"message": message}}, status)


def _finish(service: Service, id: str, outcome: Outcome) -> IntentStatus | None:
    account = service.account
    setup, payment = account.setup_intents.get(id), account.payment_intents.get(id)
    intent = setup or payment
    if intent is None or outcome.client_secret != client_secret(id):
        return None
    if intent.status is not IntentStatus.REQUIRES_ACTION:
        return None
    passed = outcome.outcome == "complete"
    if setup is not None:
        setting_up.finish_challenge(account, setup, passed=passed)
    elif payment is not None:
        charging.finish_challenge(account, payment, passed=passed)
    return intent.status


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
