"""What kind of Stripe account this is: where its money is settled, and what becomes of it."""

import msgspec
from aiohttp import web

from sandbox.account import AccountSettings
from sandbox.actions.paying_out import resume
from sandbox.controls.answers import answer, refusal
from sandbox.controls.orders import NOTHING_SAID, read
from sandbox.service import SERVICE

routes = web.RouteTableDef()


@routes.get("/_sandbox/account")
async def show(request: web.Request) -> web.Response:
    """The settings of the moment."""
    return answer(msgspec.to_builtins(request.app[SERVICE].account.settings))


@routes.post("/_sandbox/account")
async def change(request: web.Request) -> web.Response:
    """How things are booked from now on; what is not named goes as it does by default."""
    settings = read(await request.read() or NOTHING_SAID, AccountSettings)
    if len(set(settings.settlement_currencies)) < len(settings.settlement_currencies):
        return refusal(400, "settlement_currencies names a currency twice.")
    account = request.app[SERVICE].account
    account.timers.run_due(account)
    account.settings = settings
    resume(account)
    return answer(msgspec.to_builtins(settings))
