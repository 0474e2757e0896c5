"""Every request the shop sends to Stripe has the parameters that stripe-python types for it.

mypy checks the calls that go through its typed services. Here all are checked as they arrive,
the lists that reports read among them, which the shop asks for by hand.
"""

import inspect
import time
import uuid
from collections.abc import AsyncIterator, Mapping
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import stripe as stripe_python

from jobs.catalogue import REPORT_KINDS
from jobs.events.desk import Desk
from jobs.events.letters import Letters
from jobs.events.table import HANDLERS
from jobs.reading import Reading
from jobs.report import report_module
from shop.errors import StripeRefused
from shop.lesson_book.rebuilding import rebuild
from shop.reports.results import open_results
from shop.reports.table import Cell
from shop.rules.window import Window, last_36_hours
from shop.settings import Settings
from shop.storage import open_storage
from shop.stripe_gateway import StripeGateway, listings
from shop.stripe_gateway.bulk import Bulk
from shop.stripe_gateway.events import Events
from shop.stripe_gateway.history import History
from shop.stripe_gateway.listings import Listing
from shop.stripe_gateway.pager.parts import KeptInMemory
from shop.stripe_gateway.payments import Payments
from shop.stripe_gateway.students import Students
from tests.integration.conformance.parameters import PARAMETERS
from tests.integration.conformance.recorder import Recorder
from tests.integration.conftest import Caller
from tests.integration.students import confirm_card, hold, new_email, sign_up

PUBLIC = {
    f"{room.__name__}.{name}"
    for room in (Students, Payments, History, Bulk, Events)
    for name, _ in inspect.getmembers(room, inspect.isfunction)
    if not name.startswith("_")
}


LISTINGS = [value for value in vars(listings).values() if isinstance(value, Listing)]


class Noted:
    """A room of the gateway that notes which of its methods are used."""

    def __init__(self, room: object, used: set[str]) -> None:
        self._room = room
        self._used = used

    def __getattr__(self, name: str) -> Any:
        self._used.add(f"{type(self._room).__name__}.{name}")
        return getattr(self._room, name)


async def test_every_method_of_the_gateway(
    gateway: StripeGateway, recorder: Recorder, stripe: Caller
) -> None:
    """Whoever adds a method uses it here, and names its parameters in PARAMETERS."""
    used: set[str] = set()
    students = Noted(gateway.students, used)
    payments = Noted(gateway.payments, used)
    customer, card = await sign_up_by_hand(students, stripe)
    held, charge = await pay(payments, customer, card)
    await look_back(Noted(gateway.history, used), customer, held, stripe)
    await leave(students, customer, card)
    await read_lists(Noted(gateway.bulk, used), held, charge)
    await read_events(Noted(gateway.events, used), Noted(gateway.bulk, used), charge)
    assert used == PUBLIC
    assert any("starting_after=" in asked.encoded for asked in recorder.asked)
    assert recorder.problems() == []
    assert recorder.operations == PARAMETERS.keys()


async def read_events(events: Any, bulk: Any, charge: str) -> None:
    """What happened of late, and the payments behind a charge, a refund and a dispute."""
    found = await events.since(0, ["refund.created", "charge.dispute.created"])
    refund = next(event.object_id for event in found if event.type == "refund.created")
    assert await events.payment_behind("charges", charge)
    assert await events.payment_behind("refunds", refund)
    with pytest.raises(StripeRefused):
        await events.payment_behind("disputes", "du_unknown")
    await bulk.read_one("/v1/events", "GET /v1/events", dict, {"limit": "1"})


async def test_the_key_of_an_attempt_and_the_version_are_sent(
    gateway: StripeGateway, recorder: Recorder
) -> None:
    """The version is the one that stripe-python's parameters are typed for."""
    key = attempt()
    await gateway.students.create(name="Ada", email=new_email(), metadata={}, attempt=key)
    await drain(gateway.bulk.newest_customers(int(time.time())))
    write, *reads = recorder.asked
    assert write.headers["Idempotency-Key"] == key
    versions = {asked.headers["Stripe-Version"] for asked in (write, *reads)}
    assert (len(reads) > 0, versions) == (True, {stripe_python.api_version})


async def test_whole_flows_through_the_routes(
    recorded_shop: Caller, recorder: Recorder, stripe: Caller
) -> None:
    """From sign-up to a deleted account, with each thing staff can do to a payment."""
    student = (await sign_up(recorded_shop, stripe))["id"]
    changed = {"name": "Ada King", "email": new_email()}
    answers = [
        await recorded_shop.get(f"/payment-method/{student}"),
        await recorded_shop.post(f"/account-update/{student}", changed),
    ]
    for amount in ({}, {"amount": 5000}):
        payment = {"payment_intent_id": (await hold(recorded_shop, student))["id"], **amount}
        answers.append(await recorded_shop.post("/complete-lesson-payment", payment))
        answers.append(await recorded_shop.post("/refund-lesson", payment))
    held = {"payment_intent_id": (await hold(recorded_shop, student))["id"]}
    answers.append(await recorded_shop.post("/hold-lesson-again", held))
    held = {"payment_intent_id": answers[-1][1]["payment"]["id"]}
    confirmation = f"/payment-confirmation/{held['payment_intent_id']}"
    answers.append(await recorded_shop.get(confirmation))
    answers.append(await recorded_shop.post("/release-lesson", held))
    held = {"payment_intent_id": (await hold(recorded_shop, student))["id"]}
    answers.append(await recorded_shop.post("/refund-lesson", held))
    answers.append(await recorded_shop.post(f"/delete-account/{student}"))
    assert [status for status, _ in answers] == [200] * len(answers)
    assert recorder.problems() == []


async def test_every_write_names_its_attempt(
    recorded_shop: Caller, recorder: Recorder, stripe: Caller
) -> None:
    """By the caller's own key and the step, and a capture names its amount even if it is all."""

    async def attempted(path: str, **body: object) -> Any:
        """The answer to an attempt, once the keys of what it wrote at Stripe are looked at."""
        key, before = attempt(), len(recorder.asked)
        status, answer = await recorded_shop.post(path, body, headers={"Idempotency-Key": key})
        keys = [
            asked.headers["Idempotency-Key"]
            for asked in recorder.asked[before:]
            if asked.method == "POST"
        ]
        assert (status, len(keys) > 0, len(set(keys))) == (200, True, len(keys)), answer
        assert [name for name in keys if not name.startswith(f"{key}-")] == []
        return answer

    started = await attempted("/lessons", name="Lena", email=new_email(), first_lesson="x")
    student = started["customer_id"]
    setup = await confirm_card(stripe, started["client_secret"])
    await attempted(f"/update-payment-details/{student}", setup_intent_id=setup)
    changed = await attempted(f"/account-update/{student}", name="Lena Ost", email=new_email())
    setup = await confirm_card(stripe, changed["client_secret"], "pm_card_mastercard")
    await attempted(f"/update-payment-details/{student}", setup_intent_id=setup)
    lesson = {"customer_id": student, "amount": 6500, "description": "Guitar lesson"}
    for steps in (
        ("/complete-lesson-payment", "/refund-lesson"),
        ("/release-lesson",),
        ("/refund-lesson",),
    ):
        held = await attempted("/schedule-lesson", **lesson)
        again = await attempted("/hold-lesson-again", payment_intent_id=held["payment"]["id"])
        for step in steps:
            await attempted(step, payment_intent_id=again["payment"]["id"])
    [capture] = [asked for asked in recorder.asked if asked.path.endswith("/capture")]
    assert "amount_to_capture=6500" in capture.encoded


async def test_everything_that_a_worker_runs(
    settings: Settings, gateway: StripeGateway, recorder: Recorder, stripe: Caller
) -> None:
    """What an event asks for, the lesson book, and every report."""
    customer = await gateway.students.create(
        name="Ada", email=new_email(), metadata={}, attempt=attempt()
    )
    setup = await gateway.students.start_card_setup(customer.id, metadata={}, attempt=attempt())
    await confirm_card(stripe, setup.client_secret)
    async with open_storage(settings) as storage:
        letters = Letters(settings, None)
        desk = Desk(settings=settings, storage=storage, gateway=gateway, letters=letters)
        await HANDLERS["setup_intent.succeeded"](desk, setup.id)
        await HANDLERS["customer.updated"](desk, customer.id)
        await rebuild(storage, gateway, settings.shop_zone, whole=True)
    for kind in REPORT_KINDS:
        module = report_module(kind)
        reading = Reading(
            gateway=gateway,
            results=open_results(settings),
            report_id=attempt(),
            window=last_36_hours(int(time.time())),
            zone=ZoneInfo("America/New_York"),
            domain=settings.domain,
            listings=len(module.LISTINGS),
        )
        await module.make(reading, write_nothing)
    assert recorder.problems() == []


async def sign_up_by_hand(students: Any, stripe: Caller) -> tuple[str, str]:
    """A student with two cards; answers with the ids of the customer and the newer card."""
    email = new_email()
    metadata = {"first_lesson": "01 Dec 3:00 p.m."}
    student = await students.create(name="Ada", email=email, metadata=metadata, attempt=attempt())
    for card in ("pm_card_visa", "pm_card_mastercard"):
        setup = await students.start_card_setup(student.id, metadata={}, attempt=attempt())
        await confirm_card(stripe, setup.client_secret, card)
        saved = (await students.card_setup(setup.id)).payment_method.id
    await students.update(
        student.id,
        name="Ada King",
        email=email,
        metadata={**metadata, "first_lesson_at": ""},
        default_card=saved,
        attempt=attempt(),
    )
    await students.write_billing_details(saved, name="Ada", email=email, attempt=attempt())
    await students.get(student.id)
    await students.with_email(email)
    return student.id, saved


async def pay(payments: Any, customer: str, card: str) -> tuple[str, str]:
    """A hold released and one captured and refunded; answers with the last one and its charge."""
    lesson = {
        "customer": customer,
        "payment_method": card,
        "amount": 6500,
        "description": "Guitar lesson",
        "metadata": {"type": "lessons-payment"},
    }
    released = await payments.authorize(**lesson, attempt=attempt())
    await payments.release(released.id, attempt=attempt())
    held = await payments.authorize(**lesson, attempt=attempt())
    await payments.at_hand(held.id)
    await payments.uncaptured_of(customer)
    await payments.of_student_since(customer, held.created)
    await payments.capture(held.id, amount=6000, attempt=attempt())
    for amount in (1000, None):
        await payments.refund(held.id, amount=amount, attempt=attempt())
    await payments.at_hand(held.id)
    charge: str = (await payments.get(held.id)).document["latest_charge"]
    return held.id, charge


async def look_back(history: Any, customer: str, payment: str, stripe: Caller) -> None:
    """What became of a student's cards and payments, a dispute among them."""
    await history.payments_of(customer)
    await history.card_setups_of(customer)
    assert await history.dispute_of(await history.payment(payment)) is None
    _, disputed = await stripe.form(
        "/v1/payment_intents",
        **{"amount": "6500", "currency": "usd", "confirm": "true"},
        **{"payment_method": "pm_card_createDispute", "payment_method_types[]": "card"},
    )
    assert await history.dispute_of(await history.payment(disputed["id"])) is not None


async def leave(students: Any, customer: str, card: str) -> None:
    """The cards go, then the customer."""
    assert card in [attached.id for attached in await students.cards(customer)]
    await students.detach_card(card, attempt=attempt())
    await students.delete(customer)


async def read_lists(bulk: Any, payment: str, charge: str) -> None:
    """All that reports read; the history's payments fill more pages than one."""
    window = Window(0, int(time.time()))
    for listing in LISTINGS:
        await drain(bulk.walk(listing, window, KeptInMemory()).pages())
    await bulk.narrowed(listings.CUSTOMERS, window)
    await drain(bulk.newest_customers(0))
    await bulk.charge(charge)
    await bulk.payment(payment)
    customer = (await anext(bulk.newest_customers(0)))[0].id
    await bulk.newest_card(customer)
    await bulk.newest_payments(customer)


async def drain(pages: AsyncIterator[Any]) -> None:
    async for _ in pages:
        pass


def write_nothing(_row: Mapping[str, Cell]) -> None:
    """A report's rows, which they need not know either."""


def attempt() -> str:
    """An idempotency key."""
    return uuid.uuid4().hex
