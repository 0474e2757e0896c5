"""Posting events to the endpoints that want them."""

import asyncio
import logging
import time
from collections import deque

import aiohttp
import msgspec

from sandbox.account import Account, Json
from sandbox.records import Event, WebhookEndpoint
from sandbox.webhooks.behaviour import Behaviour, in_wrong_order
from sandbox.webhooks.delivery import Delivery, State, wants
from sandbox.webhooks.signing import secrets_of, signature

log = logging.getLogger(__name__)

PATIENCE = aiohttp.ClientTimeout(total=10)
SHUFFLE_WINDOW = 0.1
"""Seconds to gather events in before they are sent in the wrong order."""

LOGGED = 1_000
"""Deliveries remembered for the log."""


class Deliverer:
    """Takes events from the account and posts each to the endpoints that want it.

    First tries go out one at a time for each endpoint, so events arrive in the order they
    happened as long as the receiver answers; a retry does not hold up what comes after it.
    ``behaviour`` says how it goes until a test asks for something else.
    """

    def __init__(self, behaviour: Behaviour | None = None) -> None:
        self._usual = self.behaviour = behaviour or Behaviour()
        self._session: aiohttp.ClientSession | None = None
        self._queues: dict[str, asyncio.Queue[Delivery]] = {}
        self._tasks: set[asyncio.Task[None]] = set()
        self._log: deque[Delivery] = deque(maxlen=LOGGED)
        self._owed: set[tuple[str, str]] = set()
        """Event and endpoint of what counts in ``pending_webhooks``."""

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
        self._log.clear()
        self._owed.clear()
        self.behaviour = self._usual

    def hear(self, account: Account, event: Event) -> None:
        """Send a new event to every endpoint that wants it; returns at once."""
        for endpoint in _listening(account, event):
            event.pending_webhooks += 1
            self._owed.add((event.id, endpoint.id))
            for copy in range(1 + self.behaviour.duplicates):
                self._send(Delivery(account, endpoint, event, copy))

    def resend(self, account: Account, event: Event) -> list[str]:
        """Send an event once more; the ids of the endpoints it goes to."""
        endpoints = _listening(account, event)
        for endpoint in endpoints:
            self._send(Delivery(account, endpoint, event))
        return [endpoint.id for endpoint in endpoints]

    def deliveries(self, limit: int) -> list[Json]:
        """What was sent or is about to be, newest first."""
        newest = list(self._log)[-limit:]
        return [delivery.shown() for delivery in reversed(newest)]

    def _send(self, delivery: Delivery) -> None:
        self._log.append(delivery)
        if self.behaviour.delay_seconds:
            self._spawn(self._send_later(delivery, self.behaviour.delay_seconds))
        else:
            self._queue(delivery.endpoint.id).put_nowait(delivery)

    async def _send_later(self, delivery: Delivery, delay: float) -> None:
        await asyncio.sleep(delay)
        self._queue(delivery.endpoint.id).put_nowait(delivery)

    def _queue(self, id: str) -> asyncio.Queue[Delivery]:
        if id not in self._queues:
            self._queues[id] = asyncio.Queue()
            self._spawn(self._work(self._queues[id]))
        return self._queues[id]

    def _spawn(self, work: "asyncio._CoroutineLike[None]") -> None:
        task = asyncio.get_running_loop().create_task(work)
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _work(self, queue: asyncio.Queue[Delivery]) -> None:
        while True:
            for delivery in await self._next(queue):
                if not await self._try(delivery):
                    self._spawn(self._retry(delivery))

    async def _next(self, queue: asyncio.Queue[Delivery]) -> list[Delivery]:
        waiting = [await queue.get()]
        if not self.behaviour.shuffle:
            return waiting
        await asyncio.sleep(SHUFFLE_WINDOW)
        while not queue.empty():
            waiting.append(queue.get_nowait())
        return in_wrong_order(waiting, self.behaviour.seed)

    async def _retry(self, delivery: Delivery) -> None:
        while (pause := self.behaviour.pause_after(delivery.attempts)) is not None:
            await asyncio.sleep(pause)
            if await self._try(delivery):
                return
        delivery.state = State.GIVEN_UP
        log.warning("gave up delivering %s to %s", delivery.event.id, delivery.endpoint.url)

    async def _try(self, delivery: Delivery) -> bool:
        """Post once; ``False`` if it has to be tried again."""
        if not wants(delivery.endpoint, delivery.event.type):
            delivery.state = State.DROPPED
            return True
        delivery.attempts += 1
        delivery.last_status, delivery.last_error = await self._post(delivery)
        if delivery.last_status is None or not 200 <= delivery.last_status < 300:
            return False
        delivery.state = State.DELIVERED
        self._settle(delivery)
        return True

    async def _post(self, delivery: Delivery) -> tuple[int | None, str | None]:
        """The status of the answer, or why there is none."""
        if self.behaviour.outage or self._session is None:
            return None, "outage"
        account, endpoint = delivery.account, delivery.endpoint
        body = msgspec.json.encode(account.render(delivery.event))
        secrets = secrets_of(endpoint, account.now())
        headers = {
            "Content-Type": "application/json; charset=utf-8",
            "Stripe-Signature": signature(secrets, int(time.time()), body),
            "User-Agent": "Stripe/1.0 (+https://stripe.com/docs/webhooks)",
        }
        try:
            async with self._session.post(
                endpoint.url, data=body, headers=headers, allow_redirects=False
            ) as response:
                return response.status, None
        except TimeoutError:
            return None, "no answer"
        except (aiohttp.ClientError, UnicodeError) as error:  # no host can have such a name
            return None, str(error) or type(error).__name__

    def _settle(self, delivery: Delivery) -> None:
        owed = (delivery.event.id, delivery.endpoint.id)
        if owed in self._owed:
            self._owed.discard(owed)
            delivery.event.pending_webhooks -= 1
            delivery.account.changes += 1


def _listening(account: Account, event: Event) -> list[WebhookEndpoint]:
    return [each for each in account.webhook_endpoints.rows() if wants(each, event.type)]
