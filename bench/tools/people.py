"""What people do with the shop, over raw connections, so that they cost little of the time."""

import itertools
import json
import random
import time
from collections import deque
from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass, field
from uuid import uuid4

from bench.tools.load import Connection, Refused, get, post

SAID = frozenset({429, 503})
"""Refusals that tell whoever asks to come again."""

SEED = 6

Action = Callable[["Crowd", Connection], Awaitable[None]]


@dataclass
class Seen:
    """The answers of one route: the seconds each took, and what was refused."""

    waits: list[float] = field(default_factory=list)
    said: int = 0
    errors: int = 0


class Crowd:
    """Students, instructors and an accountant, who know of each other's lessons.

    Attributes:
        seen: the answers since the last `begin`, by route.
        errors: requests that failed so far, all in all, and were not told to come again.
    """

    def __init__(self, students: Sequence[str], sandbox_port: int) -> None:
        self.seen: dict[str, Seen] = {}
        self.errors = 0
        self._students = itertools.cycle(students)
        self._sandbox_port = sandbox_port
        self._held: deque[str] = deque()
        self._captured: deque[str] = deque()
        self._chance = random.Random(SEED)  # noqa: S311 - no secret

    def begin(self) -> None:
        """Forget the answers so far."""
        self.seen = {}

    async def do_something(self, connection: Connection) -> None:
        """The next thing that somebody does."""
        (action,) = self._chance.choices(list(SHARES), list(SHARES.values()))
        await action(self, connection)

    async def ask(self, connection: Connection, route: str, request: bytes) -> bytes | None:
        """One request; None where it was refused, and counted."""
        seen = self.seen.setdefault(route, Seen())
        sent = time.perf_counter()
        try:
            return await connection.ask(request)
        except Refused as refused:
            seen.said += refused.status in SAID
            seen.errors += refused.status not in SAID
            self.errors += refused.status not in SAID
            return None
        finally:
            seen.waits.append(time.perf_counter() - sent)

    async def sign_up(self, connection: Connection) -> None:
        """A new student with a card: two requests, and Stripe.js between them."""
        fields = {"name": "Jenny Rosen", "email": f"{uuid4().hex}@example.com"}
        body = post("/lessons", str(uuid4()), first_lesson="Monday", **fields)
        answer = await self.ask(connection, "POST /lessons", body)
        if answer is None:
            return
        started = json.loads(answer)
        intent = started["client_secret"].split("_secret_")[0]
        stripe_js = await Connection.to(self._sandbox_port)
        await stripe_js.ask(
            post(f"/v1/setup_intents/{intent}/confirm", payment_method="pm_card_visa")
        )
        stripe_js.close()
        path = "/update-payment-details"
        saved = post(f"{path}/{started['customer_id']}", str(uuid4()), setup_intent_id=intent)
        await self.ask(connection, f"POST {path}", saved)

    async def look_at_account(self, connection: Connection) -> None:
        """The page, and the card on it."""
        student = next(self._students)
        await self.ask(connection, "GET /account-update", get(f"/account-update/{student}"))
        await self.ask(connection, "GET /payment-method", get(f"/payment-method/{student}"))

    async def hold(self, connection: Connection) -> None:
        """A hold for a lesson."""
        lesson = {"customer_id": next(self._students), "amount": 6_500, "description": "Guitar"}
        body = post("/schedule-lesson", str(uuid4()), **lesson)
        answer = await self.ask(connection, "POST /schedule-lesson", body)
        if answer is not None:
            self._held.append(json.loads(answer)["payment"]["id"])

    async def capture(self, connection: Connection) -> None:
        """The oldest hold, if there is one."""
        if self._held:
            payment = self._held.popleft()
            await self._change(connection, "/complete-lesson-payment", payment)
            self._captured.append(payment)

    async def release(self, connection: Connection) -> None:
        """The newest hold, if there is one."""
        if self._held:
            await self._change(connection, "/release-lesson", self._held.pop())

    async def refund(self, connection: Connection) -> None:
        """The lesson that was captured first, if there is one."""
        if self._captured:
            await self._change(connection, "/refund-lesson", self._captured.popleft())

    async def read_book(self, connection: Connection) -> None:
        """The instructor's page asks for its list."""
        await self.ask(connection, "GET /lesson-book", get("/lesson-book"))

    async def read_reports(self, connection: Connection) -> None:
        """The accountant's page asks for its list."""
        await self.ask(connection, "GET /reports", get("/reports"))

    async def _change(self, connection: Connection, path: str, payment: str) -> None:
        body = post(path, str(uuid4()), payment_intent_id=payment)
        await self.ask(connection, f"POST {path}", body)


SHARES: dict[Action, int] = {
    Crowd.look_at_account: 30,
    Crowd.read_book: 15,
    Crowd.read_reports: 10,
    Crowd.hold: 20,
    Crowd.capture: 12,
    Crowd.release: 4,
    Crowd.refund: 4,
    Crowd.sign_up: 5,
}
"""How often each is done, of a hundred."""
