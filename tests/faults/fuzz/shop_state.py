"""A shop in the middle of its work, so that requests meet students, payments and reports."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, fields

import aiohttp

from jobs.catalogue import HANDLED_EVENTS, REPORT_KINDS
from shop.mail.postbox import mail_folder
from tests.integration.conftest import Caller
from tests.integration.reports import book_is_made, ready
from tests.integration.students import confirm_card, hold, new_email, sign_up, start_signup
from tests.stack import Stack

GOOD, BANK_ASKS, DECLINED = (
    "pm_card_visa",
    "pm_card_authenticationRequired",
    "pm_card_chargeCustomerFail",
)

PAYMENTS_OF_EACH = 6

Names = Sequence[str]


@dataclass(frozen=True)
class ShopState:
    """What there is when the requests begin; only what is `leaving` may be deleted by them.

    Attributes:
        owners: the students that entered a card, by the SetupIntents that are confirmed.
    """

    students: Names
    leaving_students: Names
    emails: Names
    payments: Names
    owners: Mapping[str, str]
    reports: Names
    leaving_reports: Names
    letters: Names
    event_types: Names

    def dictionaries(self) -> Iterator[tuple[str, Names]]:
        """Every list by its name; `card_entries` are the SetupIntents."""
        yield "card_entries", list(self.owners)
        for field in fields(self):
            if field.name != "owners":
                yield field.name, getattr(self, field.name)


async def prepare(stack: Stack, *, each: int) -> ShopState:
    """`each` of every sort: students by card, payments by state; and a report of every kind."""
    headers = {"Authorization": f"Bearer {stack.settings.secret_key}"}
    async with (
        aiohttp.ClientSession(stack.url) as browser,
        aiohttp.ClientSession(stack.sandbox_url, headers=headers) as secret,
    ):
        shop, stripe = Caller(browser), Caller(secret)
        await book_is_made(shop)
        with_card = [await sign_up(shop, stripe) for _ in range(each)]
        failing = [await sign_up(shop, stripe, card) for card in (BANK_ASKS, DECLINED)]
        without_card = [await start_signup(shop, new_email()) for _ in range(each)]
        leaving = [await sign_up(shop, stripe) for _ in range(each)]
        return ShopState(
            students=[student["id"] for student in with_card + failing]
            + [started["customer_id"] for started in without_card],
            leaving_students=[student["id"] for student in leaving],
            emails=[student["email"] for student in with_card],
            payments=await _payments(shop, with_card) + await _declined(shop, failing),
            owners={
                await confirm_card(stripe, started["client_secret"]): started["customer_id"]
                for started in without_card
            },
            reports=[(await ready(shop, kind))["id"] for kind in REPORT_KINDS],
            leaving_reports=[(await ready(shop))["id"] for _ in range(each)],
            letters=[kept.name for kept in mail_folder(stack.settings).newest(each)],
            event_types=sorted(HANDLED_EVENTS),
        )


async def _payments(shop: Caller, students: Sequence[dict]) -> list[str]:
    """Of each student one that is captured and one that is released, and more that are held."""
    ids = []
    for student in students:
        made = [(await hold(shop, student["id"]))["id"] for _ in range(PAYMENTS_OF_EACH)]
        await shop.post("/complete-lesson-payment", {"payment_intent_id": made[0]})
        await shop.post("/release-lesson", {"payment_intent_id": made[1]})
        ids += made
    return ids


async def _declined(shop: Caller, students: Sequence[dict]) -> list[str]:
    """Of each student a payment that did not come about."""
    lesson = {"amount": 6500, "description": "Guitar lesson"}
    answers = [
        await shop.post("/schedule-lesson", {"customer_id": student["id"], **lesson})
        for student in students
    ]
    return [answer["payment_intent_id"] for status, answer in answers if status == 402]
