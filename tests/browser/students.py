"""Students who exist before a test looks at a page."""

import time
import uuid
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from tests.browser.api import Api, wait_until

LESSON = "01 Dec 3:00 p.m."


@dataclass(frozen=True)
class Student:
    """A student, and their card if they have one."""

    id: str
    name: str
    email: str
    card: str = ""


def new_email() -> str:
    """An address nobody has used."""
    return f"student.{uuid.uuid4().hex[:12]}@example.com"


def student_without_card(shop: Api, name: str = "Jenny Rosen") -> Student:
    """A sign-up that was left when the card was asked for."""
    student, _ = _start(shop, name, new_email())
    return student


def student_with_card(shop: Api, stripe: Api, card: str = "pm_card_visa") -> Student:
    """A complete sign-up, made without a browser."""
    student, setup_intent = _start(shop, "Jenny Rosen", new_email())
    saved = _save_card(shop, stripe, student.id, setup_intent, card)
    return Student(student.id, student.name, student.email, saved)


def student_with_lesson(
    shop: Api, stripe: Api, name: str, at: datetime, card: str = "pm_card_visa"
) -> Student:
    """A complete sign-up for a lesson at a moment, which the lesson book knows of."""
    email = new_email()
    lesson = {"first_lesson": LESSON, "first_lesson_at": at.isoformat(timespec="seconds")}
    started = shop.post("/lessons", name=name, email=email, **lesson)
    customer = started["customer_id"]
    saved = _save_card(shop, stripe, customer, _setup_intent_of(started), card)
    wait_until(lambda: shop.get("/lesson-book/students", q=email)["students"])
    return Student(customer, name, email, saved)


def replace_card(shop: Api, stripe: Api, customer_id: str, card: str = "pm_card_mastercard") -> str:
    """Change a student's card without a browser; answers with the new PaymentMethod's id.

    A second later than the card before: Stripe tells the age of cards in whole seconds, and late
    news of the older one must find it older.
    """
    old = default_card(stripe, customer_id)
    if old is not None:
        wait_until(lambda: time.time() >= old["created"] + 1)
    started = shop.post("/account-update", customer_id=customer_id)
    return _save_card(shop, stripe, customer_id, _setup_intent_of(started), card)


def default_card(stripe: Api, customer_id: str) -> dict[str, Any] | None:
    """The PaymentMethod that the local Stripe would charge, whole."""
    customer = stripe.get(
        f"/v1/customers/{customer_id}", **{"expand[]": "invoice_settings.default_payment_method"}
    )
    card: dict[str, Any] | None = customer["invoice_settings"]["default_payment_method"]
    return card


def cards_of(stripe: Api, customer_id: str) -> list[str]:
    """The ids of all cards attached to a student."""
    listed = stripe.get(f"/v1/customers/{customer_id}/payment_methods", type="card")
    return [card["id"] for card in listed["data"]]


def _start(shop: Api, name: str, email: str) -> tuple[Student, str]:
    started = shop.post("/lessons", name=name, email=email, first_lesson=LESSON)
    return Student(started["customer_id"], name, email), _setup_intent_of(started)


def _setup_intent_of(started: Any) -> str:
    return str(started["client_secret"].split("_secret_")[0])


def _save_card(shop: Api, stripe: Api, customer_id: str, setup_intent: str, card: str) -> str:
    confirmed = stripe.form(f"/v1/setup_intents/{setup_intent}/confirm", payment_method=card)
    if confirmed["status"] == "requires_action":
        stripe.post(
            f"/_sandbox/challenges/{setup_intent}",
            client_secret=confirmed["client_secret"],
            outcome="complete",
        )
    shop.post(f"/update-payment-details/{customer_id}", setup_intent_id=setup_intent)
    return str(confirmed["payment_method"])
