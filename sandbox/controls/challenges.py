"""What the 3-D Secure page says: the student has completed the challenge, or failed it."""

from typing import Literal

import msgspec
from aiohttp import web

from sandbox.actions import charging, setting_up
from sandbox.controls.answers import answer, refusal
from sandbox.controls.orders import read
from sandbox.ids import client_secret
from sandbox.service import SERVICE, Service
from sandbox.states import IntentStatus

routes = web.RouteTableDef()


class Outcome(msgspec.Struct, forbid_unknown_fields=True):
    """The body of ``POST /_sandbox/challenges/{intent}``."""

    client_secret: str
    outcome: Literal["complete", "fail"]


@routes.post("/_sandbox/challenges/{intent}")
async def challenge(request: web.Request) -> web.Response:
    """What the challenge page says: the student has completed or failed it."""
    outcome = read(await request.read(), Outcome)
    id = request.match_info["intent"]
    status = _finish(request.app[SERVICE], id, outcome)
    if status is None:
        return refusal(400, f"No challenge is open for {id} with that client secret.")
    return answer({"status": status})


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
