"""Instructors who take and give back money whatever breaks, and write down what they were told.

Each of them has one student. Every request has an Idempotency-Key and is sent again, the same,
until somebody has answered for certain, as the pages do.
"""

import asyncio
import itertools
import uuid
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field

import aiohttp

from tests.faults.stripe_lists import first_second, truth, whole_list
from tests.faults.tally import Outcome
from tests.integration.conftest import Caller
from tests.integration.students import sign_up

PAUSE = 0.1
"""Seconds until a request without an answer is sent again."""

ANSWERED_WITHIN = 100.0
"""Seconds an instructor waits for an answer: the shop itself gives up after as many."""

NOT_CERTAIN = frozenset({"busy", "idempotency_key_in_use"})

STRIPE_FAILED = "stripe_failed"
"""Certain: nothing was done, and the same key would get the same answer; another key may work."""

AMOUNT, PART = 6_500, 1_500


@dataclass
class Asked:
    """One thing that somebody wanted done.

    Attributes:
        statuses: of every answer so far; None where a request got none.
        sentences: what was said to those that were not done.
        answer: the one that was certain.
    """

    name: str
    path: str
    body: dict
    key: str = field(default_factory=lambda: uuid.uuid4().hex)
    statuses: list[int | None] = field(default_factory=list)
    sentences: set[str] = field(default_factory=set)
    answer: dict | None = None

    @property
    def is_done(self) -> bool:
        """Whether somebody was told that it is done."""
        return self.answer is not None and self.statuses[-1] == 200


class Instructor:
    """Gives one lesson after the other to a student, until told to stop."""

    def __init__(self, web: aiohttp.ClientSession, student: str) -> None:
        self._web = web
        self.student = student
        self.asked: list[Asked] = []
        self.slowest = 0.0

    async def teach(self, stop: asyncio.Event) -> None:
        """Hold, capture and refund, or hold and release, until the event; ends what has begun."""
        for lesson in itertools.count():
            held = await self._do(
                "hold",
                "/schedule-lesson",
                {"customer_id": self.student, "amount": AMOUNT, "description": f"Lesson {lesson}"},
            )
            if held is not None:
                await self._finish(lesson, {"payment_intent_id": held["payment"]["id"]})
            if stop.is_set():
                return

    async def _finish(self, lesson: int, payment: dict) -> None:
        if lesson % 3 == 2:
            await self._do("release", "/release-lesson", payment)
            return
        captured = await self._do("capture", "/complete-lesson-payment", payment)
        if captured is not None and lesson % 3 == 1:
            await self._do("refund", "/refund-lesson", {**payment, "amount": PART})

    async def _do(self, name: str, path: str, body: dict) -> dict | None:
        asked = Asked(name, path, body)
        self.asked.append(asked)
        while True:
            if await self._is_certain(asked):
                return asked.answer if asked.is_done else None
            await asyncio.sleep(PAUSE)

    async def _is_certain(self, asked: Asked) -> bool:
        began = asyncio.get_running_loop().time()
        try:
            async with (
                asyncio.timeout(ANSWERED_WITHIN),
                self._web.post(
                    asked.path, json=asked.body, headers={"Idempotency-Key": asked.key}
                ) as response,
            ):
                answer = await response.json()
        except (aiohttp.ClientError, TimeoutError):
            asked.statuses.append(None)
            return False
        finally:
            self.slowest = max(self.slowest, asyncio.get_running_loop().time() - began)
        asked.statuses.append(response.status)
        return self._read(asked, response.status, answer)

    def _read(self, asked: Asked, status: int, answer: dict) -> bool:
        if status == 200:
            asked.answer = answer
            return True
        error = answer["error"]
        asked.sentences.add(error["message"])
        if error["code"] == STRIPE_FAILED:
            asked.key = uuid.uuid4().hex
            return False
        if status in (408, 429) or status >= 500 or error["code"] in NOT_CERTAIN:
            return False
        asked.answer = answer
        return True


class School:
    """Several instructors at once, and what Stripe says of their lessons."""

    def __init__(self, stripe: Caller, instructors: Sequence[Instructor], since: int) -> None:
        self._stripe = stripe
        self._instructors = instructors
        self._stop = asyncio.Event()
        self._since = since
        self._lessons = [asyncio.create_task(each.teach(self._stop)) for each in instructors]

    async def close(self) -> None:
        """Let them end the lessons that have begun."""
        self._stop.set()
        await asyncio.gather(*self._lessons)

    @property
    def student(self) -> str:
        """One of the students."""
        return self._instructors[0].student

    @property
    def asked(self) -> list[Asked]:
        """All that they wanted done."""
        return [asked for each in self._instructors for asked in each.asked]

    @property
    def statuses(self) -> Counter[int | None]:
        """How often each status was answered; None where there was no answer."""
        return Counter(status for asked in self.asked for status in asked.statuses)

    @property
    def sentences(self) -> set[str]:
        """Everything that was said to whoever was not served."""
        return {sentence for asked in self.asked for sentence in asked.sentences}

    @property
    def slowest(self) -> float:
        """Seconds of the longest wait for an answer, or for a connection to break."""
        return max(each.slowest for each in self._instructors)

    async def judged(self) -> Outcome:
        """Hold all notes against Stripe's lists and books; nobody teaches any more."""
        found = await _done_at_stripe(self._stripe, self._since)
        told = Counter(told for asked in self.asked if asked.is_done for told in _told(asked))
        refused = sum(asked.answer is not None and not asked.is_done for asked in self.asked)
        return Outcome(
            attempts=sum(len(asked.statuses) for asked in self.asked),
            done=found.total(),
            duplicates=(found - told).total(),
            lost=(told - found).total() + refused,
            wrong=await self._wrong_totals(),
        )

    async def _wrong_totals(self) -> int:
        """Sums of what was taken and given back that differ from Stripe's own books."""
        _, clock = await self._stripe.get("/_sandbox/clock")
        booked = await truth(self._stripe, self._since, int(clock["now"]))
        charges = whole_list(
            self._stripe,
            "/v1/balance_transactions",
            **{"type": "charge", "created[gte]": self._since},
        )
        fees = sum([row["fee"] async for row in charges])
        done = Counter(asked.name for asked in self.asked if asked.is_done)
        taken, given_back = done["capture"] * AMOUNT, done["refund"] * PART
        return (booked["payment_total"] != taken) + (booked["fee_total"] - fees != given_back)


async def open_school(
    webs: Sequence[aiohttp.ClientSession], stripe: Caller, instructors: int
) -> School:
    """So many instructors, each with a new student, at work from now on.

    Args:
        webs: the web servers; each instructor stays with one of them.
    """
    students = [await sign_up(Caller(webs[0]), stripe) for _ in range(instructors)]
    since = first_second()
    turns = zip(itertools.cycle(webs), students, strict=False)
    return School(stripe, [Instructor(web, student["id"]) for web, student in turns], since)


def _told(asked: Asked) -> list[tuple[str, str]]:
    """(what, whose) as the answer says."""
    answer = asked.answer or {}
    if asked.name == "refund":
        return [("refund", answer["refund"])]
    return [(asked.name, answer["payment"]["id"])]


async def _done_at_stripe(stripe: Caller, since: int) -> Counter[tuple[str, str]]:
    """(what, whose), as often as Stripe's lists have it."""
    window = {"created[gte]": since}
    done: Counter[tuple[str, str]] = Counter()
    of_charge = {}
    async for payment in whole_list(stripe, "/v1/payment_intents", **window):
        done["hold", payment["id"]] += 1
        done["release", payment["id"]] += payment["status"] == "canceled"
        of_charge[payment["latest_charge"]] = payment["id"]
    async for row in whole_list(stripe, "/v1/balance_transactions", type="charge", **window):
        done["capture", of_charge[row["source"]]] += 1
    async for refund in whole_list(stripe, "/v1/refunds", **window):
        done["refund", refund["id"]] += 1
    return +done
