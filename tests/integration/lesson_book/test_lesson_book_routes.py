"""The lesson book as the instructor's page gets it."""

import time
from collections.abc import AsyncIterator
from datetime import UTC, datetime

import pytest

from shop.lesson_book.book import LessonBook
from shop.lesson_book.refreshing import refresh_payment
from shop.settings import Settings
from shop.storage import Storage, open_storage
from shop.stripe_gateway import StripeGateway, open_gateway
from tests.integration.conftest import Caller
from tests.integration.lesson_book.conftest import NEW_YORK
from tests.integration.reports import book_is_made
from tests.integration.students import hold, sign_up
from tests.stack import Stack


@pytest.fixture
def settings(stack: Stack) -> Settings:
    """Those of the running shop: its routes and the test see one book."""
    return stack.settings


@pytest.fixture
async def storage(settings: Settings) -> AsyncIterator[Storage]:
    async with open_storage(settings) as opened:
        yield opened


@pytest.fixture
async def gateway(settings: Settings, storage: Storage) -> AsyncIterator[StripeGateway]:
    async with open_gateway(settings, storage) as opened:
        yield opened


def moment(seconds: float) -> str:
    return datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


async def test_the_way_of_a_lesson_through_the_diary(shop: Caller, stripe: Caller):
    """Needs a hold, is held, is captured."""
    at = int(time.time()) + 3 * 3600
    student = await sign_up(
        shop, stripe, first_lesson_at=datetime.fromtimestamp(at, UTC).isoformat()
    )

    async def row() -> dict:
        status, diary = await shop.get("/lesson-book")
        assert status == 200
        (found,) = [r for r in diary["lessons"] if r["student"]["id"] == student["id"]]
        return found

    first = await row()
    assert first == {
        "student": {
            "id": student["id"],
            "name": "Jenny Rosen",
            "email": student["email"],
            "lesson": {"text": "01 Dec 3:00 p.m.", "at": moment(at)},
            "card": student["card"],
        },
        "at": moment(at),
        "text": "01 Dec 3:00 p.m.",
        "needs_hold": True,
        "hold_from": moment(at - 5 * 24 * 3600),
        "payment": None,
    }

    held = await hold(shop, student["id"])
    _, answer = await shop.get(f"/lesson-book/payments/{held['id']}")
    assert answer["payment"]["state"] == "held"
    assert await row() == first | {"needs_hold": False, "payment": answer["payment"]}
    _, diary = await shop.get("/lesson-book")
    assert answer["payment"] in diary["holds"]

    await shop.post("/complete-lesson-payment", {"payment_intent_id": held["id"]})
    _, answer = await shop.get(f"/lesson-book/payments/{held['id']}")
    assert answer["payment"] == {
        "id": held["id"],
        "student": {"id": student["id"], "name": "Jenny Rosen", "email": student["email"]},
        "state": "captured",
        "amount": 6500,
        "captured": 6500,
        "refunded": 0,
        "refund_pending": 0,
        "fee": 219,
        "currency": "usd",
        "description": "Guitar lesson",
        "instructor": None,
        "created": moment(held["created"]),
        "capture_before": None,
        "card": {"brand": "visa", "last4": "4242"},
        "problem": None,
        "confirmation_url": None,
        "refunds": [],
        "dispute": None,
    }
    assert (await row())["payment"] == answer["payment"]
    _, diary = await shop.get("/lesson-book")
    assert held["id"] not in {each["id"] for each in diary["holds"]}


async def test_a_failure_is_listed_until_the_student_has_paid(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway
):
    """With what helps."""
    student = await sign_up(shop, stripe, card="pm_card_chargeCustomerFail")
    body = {"customer_id": student["id"], "amount": 6500, "description": "Guitar lesson"}
    _, declined = await shop.post("/schedule-lesson", body)
    await refresh_payment(storage, gateway, declined["payment_intent_id"], NEW_YORK)

    async def failed() -> list[dict]:
        _, diary = await shop.get("/lesson-book")
        return [each for each in diary["failed"] if each["student"]["id"] == student["id"]]

    (shown,) = await failed()
    assert (shown["id"], shown["state"], shown["problem"]) == (
        declined["payment_intent_id"],
        "failed",
        {
            "code": "card_declined",
            "decline_code": "generic_decline",
            "message": "Your card was declined.",
            "remedy": "try again later",
        },
    )

    started = (await shop.post("/account-update", {"customer_id": student["id"]}))[1]
    setup = started["client_secret"].split("_secret_")[0]
    await stripe.form(f"/v1/setup_intents/{setup}/confirm", payment_method="pm_card_visa")
    await shop.post(f"/update-payment-details/{student['id']}", {"setup_intent_id": setup})
    held = await hold(shop, student["id"])
    await refresh_payment(storage, gateway, held["id"])
    assert await failed() == []


@pytest.mark.usefixtures("no_events")
async def test_finding_students(shop: Caller, stripe: Caller, storage: Storage):
    """By words in any spelling, and by the whole id straight from Stripe."""
    student = await sign_up(shop, stripe, name="Zoë Ångström-Løvland")

    async def found(question: str) -> list[str]:
        status, answer = await shop.get("/lesson-book/students", params={"q": question})
        assert status == 200
        return [each["id"] for each in answer["students"]]

    assert await found(student["id"]) == [student["id"]]
    for question in ("zoe", "ANGSTROM zo", "lov", student["email"][:16], student["id"]):
        assert await found(question) == [student["id"]], question
    for question in ("", "zoe rosen", "oe", "cus_unknown", "%", "[", "\0"):
        assert await found(question) == [], question
    assert await found("  lov  ") == [student["id"]]
    for too_long in ("x" * 301, "lov" + " " * 298):
        status, answer = await shop.get("/lesson-book/students", params={"q": too_long})
        assert (status, answer["error"]["code"]) == (400, "parameter_invalid")

    await shop.post("/account-update", {"customer_id": student["id"], "name": "Bo Lind"})
    assert await found("zoe") == []
    assert await found("bo lind") == [student["id"]]

    await LessonBook(storage).forget_students([student["id"]])
    assert await found("bo lind") == []


@pytest.mark.parametrize("unknown", ["pi_invalid", "ci_invalid"])
async def test_an_unknown_payment(shop: Caller, unknown: str):
    """The contract's message."""
    status, answer = await shop.get(f"/lesson-book/payments/{unknown}")
    assert (status, answer) == (
        404,
        {
            "error": {
                "code": "resource_missing",
                "message": f"No such payment_intent: '{unknown}'",
            }
        },
    )


async def test_a_ticket_is_no_lesson_payment(shop: Caller, stripe: Caller):
    """It is said so."""
    _, ticket = await stripe.form("/v1/payment_intents", amount="1500", currency="usd")
    status, answer = await shop.get(f"/lesson-book/payments/{ticket['id']}")
    assert (status, answer["error"]["code"]) == (404, "not_a_lesson_payment")


@pytest.mark.parametrize("skip", ["-1", "x", "1.5", "12345678"])
async def test_lessons_are_skipped_by_whole_numbers(shop: Caller, skip: str):
    """Anything else is an error."""
    status, answer = await shop.get("/lesson-book", params={"skip": skip})
    assert (status, answer["error"]["code"]) == (400, "parameter_invalid")


async def test_a_worker_makes_the_book(shop: Caller):
    """When it starts, as a whole where the book was never made."""
    await book_is_made(shop)
    _, diary = await shop.get("/lesson-book")
    assert diary["compared_at"] <= diary["now"]
    assert len(diary["lessons"]) > 0
    assert diary["fees"] == {"basis_points": 290, "fixed": 30}
