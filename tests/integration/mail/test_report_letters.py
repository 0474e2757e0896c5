"""The letters of a failed-payments report: previewed, sent once each, and only where still true."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from datetime import UTC, datetime
from email import message_from_bytes
from email.policy import SMTP

import pytest

from jobs.send_letters import IN_A_ROW, NOT_NEEDED, LetterRounds, send_letters
from shop.errors import StripeUnavailable
from shop.mail.failed_payments import FailedPayment
from shop.mail.postbox import open_postbox
from shop.mail.sending import Outcome, Sending
from shop.rules.decline_reasons import Remedy
from shop.storage import Storage, open_storage
from shop.stripe_gateway import StripeGateway, open_gateway
from shop.student_links import StudentLinks
from tests.integration.conftest import Caller
from tests.integration.mail.conftest import WithMail
from tests.integration.mail.inbox import Inbox, open_inbox
from tests.integration.reports import PATIENCE, ask, finished, ready
from tests.integration.students import confirm_card, new_email, sign_up, start_signup
from tests.integration.test_openapi import Described
from tests.stack import Stack, free_port

LESSON = {"amount": 6500, "description": "Guitar lesson"}


async def failed(shop: Caller, stripe: Caller) -> FailedPayment:
    """A student whose card was just refused."""
    student = await sign_up(shop, stripe, "pm_card_chargeCustomerFail")
    return await refused(shop, student["id"], student["email"])


async def unconfirmed(shop: Caller, stripe: Caller) -> FailedPayment:
    """A student whose bank wants a confirmation."""
    email = new_email()
    customer_id = (await start_signup(shop, email))["customer_id"]
    card = "/v1/payment_methods/pm_card_threeDSecure2Required/attach"
    await stripe.form(card, customer=customer_id)
    return await refused(shop, customer_id, email)


async def refused(shop: Caller, customer_id: str, email: str) -> FailedPayment:
    """A hold that the student's card does not take."""
    status, answer = await shop.post("/schedule-lesson", {"customer_id": customer_id, **LESSON})
    assert status == 402, answer
    return FailedPayment(
        payment_intent_id=answer["payment_intent_id"],
        customer_id=customer_id,
        customer_name="Jenny Rosen",
        customer_email=email,
        what_helps=Remedy.NEW_CARD,
        amount=6500,
        currency="usd",
        description="Guitar lesson",
    )


def now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")


async def report_since(shop: Caller, moment: str) -> str:
    """The id of a failed-payments report, ready."""
    return str((await ready(shop, "failed-payments", **{"from": moment}))["id"])


async def when_over(described: Described, report_id: str) -> dict:
    """The letters once nothing is under way."""
    async with asyncio.timeout(PATIENCE):
        while True:
            answer = await described.ask("GET", "/reports/{report_id}/letters", report_id=report_id)
            if not answer["under_way"]:
                return answer
            await asyncio.sleep(0.05)


@pytest.fixture(autouse=True)
async def no_events(stripe: Caller) -> AsyncIterator[None]:
    """Stripe's events would have the same letters sent at once."""
    await stripe.post("/_sandbox/webhooks", {"outage": True, "retry_after": []})
    yield
    await stripe.post("/_sandbox/webhooks", {})


@pytest.fixture
async def described(shop: Caller) -> Described:
    _, openapi = await shop.get("/openapi.json")
    return Described(shop, openapi)


def letters_to(stack: Stack, payment: FailedPayment) -> list[str]:
    """The texts of the letters about a payment that lie in the folder."""
    found = (stack.settings.var_dir / "mail").glob(f"*{payment.payment_intent_id}*.eml")
    return [
        message_from_bytes(file.read_bytes(), policy=SMTP)
        .get_body(("plain",))
        .get_content()
        .replace("\r\n", "\n")
        for file in found
    ]


async def test_letters_are_shown_first_and_then_sent_once(
    described: Described, shop: Caller, stripe: Caller, stack: Stack
):
    """To everybody on the report; what was shown is what is sent."""
    since = now()
    declined = await failed(shop, stripe)
    to_confirm = await unconfirmed(shop, stripe)
    report_id = await report_since(shop, since)
    route = "/reports/{report_id}/letters"

    shown = await described.ask("GET", route, report_id=report_id)
    by_payment = {letter["payment_intent_id"]: letter for letter in shown["letters"]}
    first = by_payment[declined.payment_intent_id]
    second = by_payment[to_confirm.payment_intent_id]
    assert (shown["under_way"], shown["unsendable"]) == (False, [])
    assert {name: value for name, value in first.items() if name != "text"} == {
        "payment_intent_id": declined.payment_intent_id,
        "student": {
            "id": declined.customer_id,
            "name": "Jenny Rosen",
            "email": declined.customer_email,
        },
        "to": declined.customer_email,
        "subject": "Your lesson payment of $65.00 did not go through",
        "state": "unsent",
        "sent_at": None,
        "problem": None,
    }
    account = f"{stack.url}/account-update/{declined.customer_id}"
    confirmation = f"{stack.url}/confirm-payment/{to_confirm.payment_intent_id}"
    assert f"Your account page:\n{account}\n" in first["text"]
    assert f"Confirm the payment:\n{confirmation}\n" in second["text"]
    assert letters_to(stack, declined) == []

    accepted = await described.ask("POST", route, status=202, report_id=report_id)
    assert accepted["under_way"] is True
    sent = await when_over(described, report_id)
    assert {letter["payment_intent_id"]: letter["state"] for letter in sent["letters"]} == (
        dict.fromkeys(by_payment, "sent")
    )
    progress = await described.ask("GET", f"{route}/progress", report_id=report_id)
    told = ("payment_intent_id", "state", "sent_at")
    assert progress == {
        "under_way": False,
        "letters": [{name: letter[name] for name in told} for letter in sent["letters"]],
    }
    assert letters_to(stack, declined) == [first["text"]]
    assert letters_to(stack, to_confirm) == [second["text"]]

    await described.ask("POST", route, status=202, report_id=report_id)
    again = await when_over(described, report_id)
    assert again == sent
    other = await described.ask("GET", route, report_id=await report_since(shop, since))
    assert other["letters"] == sent["letters"]


async def test_many_who_ask_at_once_send_once(
    described: Described, shop: Caller, stripe: Caller, stack: Stack
):
    """Whoever asks while letters are under way queues nothing."""
    since = now()
    payment = await failed(shop, stripe)
    report_id = await report_since(shop, since)
    with stack.frozen("worker"):
        async with asyncio.TaskGroup() as group:
            for _ in range(10):
                group.create_task(shop.post(f"/reports/{report_id}/letters"))
        async with open_storage(stack.settings) as storage:
            assert await storage.redis.llen("rq:queue:events") <= 1
    await when_over(described, report_id)
    assert len(letters_to(stack, payment)) == 1


async def test_a_student_whose_trouble_is_over_gets_no_letter(
    described: Described, shop: Caller, stripe: Caller, stack: Stack
):
    """Stripe is asked right before: another card, another payment, or no student any more."""
    since = now()
    paid, changed, gone, still = [await failed(shop, stripe) for _ in range(4)]
    report_id = await report_since(shop, since)
    await change_card(shop, stripe, changed.customer_id)
    await change_card(shop, stripe, paid.customer_id)
    hold = {"customer_id": paid.customer_id, **LESSON}
    assert (await shop.post("/schedule-lesson", hold))[0] == 200
    assert (await shop.post(f"/delete-account/{gone.customer_id}"))[0] == 200

    await described.ask("POST", "/reports/{report_id}/letters", status=202, report_id=report_id)
    answer = await when_over(described, report_id)
    outcomes = {
        letter["payment_intent_id"]: (letter["state"], letter["problem"])
        for letter in answer["letters"]
    }
    for payment in (paid, changed, gone):
        assert outcomes[payment.payment_intent_id] == ("not_needed", NOT_NEEDED)
        assert letters_to(stack, payment) == []
    assert outcomes[still.payment_intent_id] == ("sent", None)


async def change_card(shop: Caller, stripe: Caller, customer_id: str) -> None:
    _, started = await shop.post("/account-update", {"customer_id": customer_id})
    setup_intent = await confirm_card(stripe, started["client_secret"])
    body = {"setup_intent_id": setup_intent}
    assert (await shop.post(f"/update-payment-details/{customer_id}", body))[0] == 200


async def test_a_student_without_an_address_is_named(
    described: Described, shop: Caller, stripe: Caller
):
    """Nobody is forgotten silently."""
    since = now()
    payment = await failed(shop, stripe)
    await stripe.form(f"/v1/customers/{payment.customer_id}", email="")
    answer = await described.ask(
        "GET", "/reports/{report_id}/letters", report_id=await report_since(shop, since)
    )
    student = {"id": payment.customer_id, "name": "Jenny Rosen", "email": None}
    unsendable = {"payment_intent_id": payment.payment_intent_id, "student": student}
    assert unsendable in answer["unsendable"]
    assert payment.payment_intent_id not in {
        letter["payment_intent_id"] for letter in answer["letters"]
    }


@pytest.mark.parametrize("method", ["GET", "POST"])
async def test_reports_that_have_no_letters(
    described: Described, shop: Caller, stack: Stack, method: str
):
    """Unknown ones, other kinds, and those that are not ready."""
    route = "/reports/{report_id}/letters"
    other = (await ready(shop, "open-holds"))["id"]
    unknown = await described.ask(method, route, status=404, report_id="none")
    assert unknown["error"]["code"] == "no_such_report"
    no_letters = await described.ask(method, route, status=404, report_id=other)
    assert no_letters["error"]["code"] == "no_letters"
    with stack.frozen("worker"):
        queued = (await ask(shop, "failed-payments"))["id"]
        not_ready = await described.ask(method, route, status=409, report_id=queued)
    await finished(shop, queued)  # nothing is left running when the shop stops
    assert not_ready["error"]["code"] == "not_ready"


async def test_a_job_whose_report_is_gone_leaves_nothing_under_way(
    stack: Stack, monkeypatch: pytest.MonkeyPatch
):
    """The report was deleted while the job waited."""
    monkeypatch.setattr("jobs.send_letters.load", lambda: stack.settings)
    async with open_storage(stack.settings) as storage:
        sending = Sending(storage, "gone")
        assert await sending.begin() is True
        await send_letters("gone")
        assert await sending.is_under_way() is False


class Rounds:
    """The job's rounds for these payments, over a real mail server."""

    def __init__(
        self, storage: Storage, gateway: StripeGateway, with_mail: WithMail, port: int
    ) -> None:
        self._storage = storage
        self._gateway = gateway
        self._settings = with_mail(f"smtp://127.0.0.1:{port}")

    async def send(self, *payments: FailedPayment, pauses: tuple[float, ...] = ()) -> list[str]:
        """Ids of the payments whose letters were not taken."""
        async with open_postbox(self._settings, self._storage) as postbox:
            links = StudentLinks("http://localhost", "")
            rounds = LetterRounds(self._storage, self._gateway, postbox, "report", links)
            left = await rounds.send(payments, pauses)
        return [payment.payment_intent_id for payment in left]

    async def notes(self) -> Mapping[str, Outcome]:
        notes = await Sending(self._storage, "report").notes()
        return {name: note.outcome for name, note in notes.items()}


@pytest.fixture
async def gateway(stack: Stack, storage: Storage) -> AsyncIterator[StripeGateway]:
    async with open_gateway(stack.settings, storage) as opened:
        yield opened


def recipients(inbox: Inbox) -> list[str]:
    return [recipient for arrived in inbox.arrived for recipient in arrived.recipients]


async def test_a_refused_recipient_stops_nobody_else(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway, with_mail: WithMail
):
    """It is not tried again."""
    unknown, fine = [await failed(shop, stripe) for _ in range(2)]
    async with open_inbox() as inbox:
        inbox.to_recipient.append("550 no such user")
        rounds = Rounds(storage, gateway, with_mail, inbox.port)
        assert await rounds.send(unknown, fine, pauses=(0, 0)) == []
        assert recipients(inbox) == [fine.customer_email]
        assert await rounds.notes() == {unknown.payment_intent_id: Outcome.REFUSED}


async def test_the_letter_goes_to_the_address_of_now(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway, with_mail: WithMail
):
    """The one on the report may be somebody else's by now."""
    payment, email = await failed(shop, stripe), new_email()
    await shop.post(f"/account-update/{payment.customer_id}", {"email": email})
    async with open_inbox() as inbox:
        assert await Rounds(storage, gateway, with_mail, inbox.port).send(payment) == []
        assert recipients(inbox) == [email]


async def test_what_is_put_off_is_sent_in_a_later_round(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway, with_mail: WithMail
):
    """Without a second letter to those who have theirs."""
    put_off, fine = [await failed(shop, stripe) for _ in range(2)]
    async with open_inbox() as inbox:
        inbox.to_recipient.append("451 greylisted")
        rounds = Rounds(storage, gateway, with_mail, inbox.port)
        assert await rounds.send(put_off, fine, pauses=(0,)) == []
        assert recipients(inbox) == [fine.customer_email, put_off.customer_email]


async def test_full_mailboxes_keep_nobody_else_from_a_letter(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway, with_mail: WithMail
):
    """So many in a row put off the rest of a round; the next one begins with those."""
    *full, fine = [await failed(shop, stripe) for _ in range(IN_A_ROW + 1)]
    async with open_inbox() as inbox:
        inbox.full = {str(payment.customer_email) for payment in full}
        rounds = Rounds(storage, gateway, with_mail, inbox.port)
        left = await rounds.send(*full, fine, pauses=(0,))
        assert left == [payment.payment_intent_id for payment in full]
        assert recipients(inbox) == [fine.customer_email]


async def test_a_server_that_is_away_is_tried_again(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway, with_mail: WithMail
):
    """And what is left after the last round can be sent by another job."""
    payments = [await failed(shop, stripe) for _ in range(4)]
    ids = [payment.payment_intent_id for payment in payments]
    port = free_port()
    rounds = Rounds(storage, gateway, with_mail, port)
    assert sorted(await rounds.send(*payments, pauses=(0,))) == sorted(ids)
    assert await rounds.notes() == dict.fromkeys(ids, Outcome.FAILED)
    async with open_inbox(port) as inbox:
        assert await rounds.send(*payments) == []
        assert recipients(inbox) == [payment.customer_email for payment in payments]


async def test_two_jobs_at_once_send_each_letter_once(
    shop: Caller, stripe: Caller, storage: Storage, gateway: StripeGateway, with_mail: WithMail
):
    """As after a job that was thought dead."""
    payments = [await failed(shop, stripe) for _ in range(3)]
    async with open_inbox() as inbox:
        rounds = Rounds(storage, gateway, with_mail, inbox.port)
        assert await asyncio.gather(*(rounds.send(*payments) for _ in range(3))) == [[]] * 3
        assert sorted(recipients(inbox)) == sorted(
            str(payment.customer_email) for payment in payments
        )


async def test_where_stripe_cannot_be_asked_nothing_is_sent(
    shop: Caller,
    stripe: Caller,
    storage: Storage,
    gateway: StripeGateway,
    with_mail: WithMail,
    monkeypatch: pytest.MonkeyPatch,
):
    """Nobody knows whether the letter would still be true."""

    async def away(*_: object) -> bool:
        raise StripeUnavailable("Stripe cannot be reached.")

    payment = await failed(shop, stripe)
    monkeypatch.setattr("jobs.send_letters.still_failing", away)
    async with open_inbox() as inbox:
        rounds = Rounds(storage, gateway, with_mail, inbox.port)
        assert await rounds.send(payment) == [payment.payment_intent_id]
        assert inbox.arrived == []
        assert await rounds.notes() == {payment.payment_intent_id: Outcome.FAILED}
