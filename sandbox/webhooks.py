"""Delivery of events: signed, in the background, tried again a few times."""

import asyncio
import hashlib
import hmac
import logging
import time
from collections.abc import Sequence

import aiohttp
import msgspec

from sandbox.account import Account
from sandbox.records import Event, WebhookEndpoint

log = logging.getLogger(__name__)

RETRY_AFTER = (1.0, 4.0, 15.0, 60.0)
"""Seconds before each further try; then Stripe, and we, give up."""

PATIENCE = aiohttp.ClientTimeout(total=10)


def signature(secret: str, timestamp: int, body: bytes) -> str:
    """The ``Stripe-Signature`` header: HMAC-SHA256 of ``<timestamp>.<body>``."""
    signed = f"{timestamp}.".encode() + body
    digest = hmac.new(secret.encode(), signed, hashlib.sha256).hexdigest()
    return f"t={timestamp},v1={digest}"


def wants(endpoint: WebhookEndpoint, type: str) -> bool:
    """Whether an endpoint is to hear of events of this type."""
    listening = endpoint.enabled and not endpoint.deleted
    return listening and ("*" in endpoint.enabled_events or type in endpoint.enabled_events)


class Deliverer:
    """Takes events from the account and posts each to the endpoints that want it.

    First tries go out one at a time for each endpoint, so events arrive in the order they
    happened as long as the receiver answers; a retry does not hold up what comes after it.
    """

    def __init__(self, retry_after: Sequence[float] = RETRY_AFTER) -> None:
        self._retry_after = retry_after
        self._session: aiohttp.ClientSession | None = None
        self._queues: dict[str, asyncio.Queue[tuple[Account, WebhookEndpoint, Event]]] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    async def start(self) -> None:
        """Open the connection pool."""
        self._session = aiohttp.ClientSession(timeout=PATIENCE)

    async def stop(self) -> None:
        """Drop what is not delivered yet, and close the connections."""
        self.forget()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        if self._session is not None:
            await self._session.close()

    def forget(self) -> None:
        """Drop what is not delivered yet, and begin anew."""
        for task in self._tasks:
            task.cancel()
        self._queues.clear()

    def hear(self, account: Account, event: Event) -> None:
        """Queue ``event`` for every endpoint that wants it; returns at once."""
        for endpoint in account.webhook_endpoints.rows():
            if wants(endpoint, event.type):
                event.pending_webhooks += 1
                self._queue(endpoint.id).put_nowait((account, endpoint, event))

    def _queue(self, id: str) -> asyncio.Queue[tuple[Account, WebhookEndpoint, Event]]:
        if id not in self._queues:
            self._queues[id] = asyncio.Queue()
            self._spawn(self._work(self._queues[id]))
        return self._queues[id]

    def _spawn(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, queue: asyncio.Queue[tuple[Account, WebhookEndpoint, Event]]) -> None:
        while True:
            account, endpoint, event = await queue.get()
            if not await self._post(account, endpoint, event):
                self._spawn(self._retry(account, endpoint, event))

    async def _retry(self, account: Account, endpoint: WebhookEndpoint, event: Event) -> None:
        for pause in self._retry_after:
            await asyncio.sleep(pause)
            if await self._post(account, endpoint, event):
                return
        log.warning("gave up delivering %s to %s", event.id, endpoint.url)

    async def _post(self, account: Account, endpoint: WebhookEndpoint, event: Event) -> bool:
        if endpoint.deleted or not endpoint.enabled or self._session is None:
            return True
        body = msgspec.json.encode(account.render(event))
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(endpoint.secret, int(time.time()), body),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            async with self._session.post(
                endpoint.url, data=body, headers=headers, allow_redirects=False
            ) as response:
                delivered = 200 <= response.status < 300
        except (aiohttp.ClientError, TimeoutError):
            return False
        event.pending_webhooks -= delivered
        return delivered
