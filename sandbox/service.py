"""What lives as long as the server: the account of the moment and what surrounds it."""

import asyncio
import gc
from collections import Counter
from dataclasses import dataclass

from aiohttp import web

from sandbox.account import Account, Listener
from sandbox.clock import Clock
from sandbox.history import History, generate
from sandbox.resources import RENDERERS
from sandbox.resources.webhook_endpoints import register
from sandbox.scheduled import ACTIONS
from sandbox.webhooks import Deliverer


@dataclass(frozen=True)
class Webhook:
    """The endpoint registered from the start, and again after every reset."""

    url: str
    secret: str


class Service:
    """The account, the delivery of its events, and a count of the requests served."""

    def __init__(self, webhook: Webhook | None = None, deliverer: Deliverer | None = None) -> None:
        self.clock = Clock()
        self.deliverer = deliverer or Deliverer()
        self.calls: Counter[str] = Counter()
        self.statuses: Counter[str] = Counter()
        self._webhook = webhook
        self.account = self._new_account()

    def reset(self) -> None:
        """Forget everything but the webhook endpoint that was configured."""
        self.deliverer.forget()
        self.account = self._new_account()
        self.calls.clear()
        self.statuses.clear()

    def add_history(self, order: History) -> None:
        """Generate a history, and spare the garbage collector a look at it ever after."""
        generate(self.account, order)
        gc.freeze()

    async def tick(self) -> None:
        """Once a second, let happen what is due, so that webhooks need no request to go out."""
        while True:
            await asyncio.sleep(1)
            self.account.timers.run_due(self.account)

    def _new_account(self) -> Account:
        account = new_account(self.clock, self.deliverer.hear)
        if self._webhook is not None:
            register(account, self._webhook.url, self._webhook.secret)
        return account


def new_account(clock: Clock, listener: Listener) -> Account:
    """An empty account with everything wired that acts on it."""
    return Account(renderers=RENDERERS, actions=ACTIONS, listener=listener, clock=clock)


SERVICE = web.AppKey("service", Service)
