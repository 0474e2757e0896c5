"""What lives as long as the server: the account of the moment and what surrounds it."""

import asyncio
import gc
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

from aiohttp import web

from sandbox import snapshot
from sandbox.account import Account, Listener
from sandbox.clock import Clock
from sandbox.history import History, generating
from sandbox.ids import Ids
from sandbox.money import DAY
from sandbox.network import Network
from sandbox.records import WebhookEndpoint
from sandbox.resources import RENDERERS
from sandbox.resources.webhook_endpoints import register
from sandbox.scheduled import ACTIONS
from sandbox.slices import in_slices
from sandbox.webhooks import Deliverer

OWED_FOR = 3 * DAY
"""How long Stripe goes on trying to deliver an event."""


@dataclass(frozen=True)
class Webhook:
    """The endpoint registered from the start, and again after every reset."""

    url: str
    secret: str


class Service:
    """The account, the delivery of its events, and the network in front of it."""

    def __init__(
        self,
        webhook: Webhook | None = None,
        deliverer: Deliverer | None = None,
        network: Network | None = None,
    ) -> None:
        self.clock = Clock()
        self.deliverer = deliverer or Deliverer()
        self.network = network or Network()
        self._webhook = webhook
        self.account = self._new_account()

    def reset(self) -> None:
        """Forget everything but the configured webhook endpoint and the latency.

        Ids go on, as a receiver may remember the events it had before.
        """
        self.clock.offset = 0
        self.deliverer.forget()
        self.account = self._new_account(self.account.ids)
        self.network.calm()

    def restore(self, path: Path) -> None:
        """Continue with the account that was saved to ``path``.

        Raises:
            SnapshotError: there is nothing usable there; the message says why and what to do.
        """
        account = new_account(self.clock, self.deliverer.hear)
        with sparing_the_collector():
            snapshot.load(account, path)
        self._listen(account)
        self.account = account

    async def add_history(self, order: History) -> bool:
        """Generate a history while others are served; ``False`` if a reset came in between."""
        account = self.account
        with sparing_the_collector():
            await in_slices(generating(account, order))
        return account is self.account

    def configured_endpoint(self) -> WebhookEndpoint | None:
        """The webhook endpoint of the settings file, unless there is none or it was deleted."""
        return None if self._webhook is None else _endpoint_at(self.account, self._webhook.url)

    def advance(self, seconds: int) -> None:
        """Let time pass, and everything happen that falls due in it, each at its own time."""
        self.clock.advance(seconds)
        self._catch_up()

    async def tick(self) -> None:
        """Once a second, let happen what is due, so that webhooks need no request to go out."""
        self._deliver_owed()
        while True:
            await asyncio.sleep(1)
            self._catch_up()

    def _catch_up(self) -> None:
        self.account.timers.run_due(self.account)
        self.account.forget_old()

    def _deliver_owed(self) -> None:
        """Send what had not arrived everywhere when the saved account was last served."""
        since = self.clock.now() - OWED_FOR
        for event in self.account.events.rows():
            if event.pending_webhooks and event.created >= since:
                event.pending_webhooks = 0
                self.deliverer.hear(self.account, event)

    def _new_account(self, ids: Ids | None = None) -> Account:
        account = new_account(self.clock, self.deliverer.hear, ids)
        self._listen(account)
        return account

    def _listen(self, account: Account) -> None:
        """Have events delivered to the configured endpoint, which may be there already."""
        if self._webhook is None:
            return
        url, secret = self._webhook.url, self._webhook.secret
        endpoint = _endpoint_at(account, url)
        if endpoint is None:
            register(account, url, secret)
        elif secret not in {former.secret for former in endpoint.former_secrets}:
            endpoint.secret = secret  # the settings changed; a secret rolled away stays away


def _endpoint_at(account: Account, url: str) -> WebhookEndpoint | None:
    endpoints = account.webhook_endpoints.rows()
    return next((each for each in endpoints if each.url == url and not each.deleted), None)


@contextmanager
def sparing_the_collector() -> Iterator[None]:
    """For the length of a ``with`` block that makes millions of objects which are here to stay.

    The garbage collector does not look through them meanwhile, and never will.
    """
    gc.disable()
    try:
        yield
    finally:
        gc.freeze()
        gc.enable()


def new_account(clock: Clock, listener: Listener | None, ids: Ids | None = None) -> Account:
    """An empty account with everything wired that acts on it."""
    return Account(renderers=RENDERERS, actions=ACTIONS, listener=listener, clock=clock, ids=ids)


SERVICE = web.AppKey("service", Service)
