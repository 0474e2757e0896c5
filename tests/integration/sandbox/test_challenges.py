"""3-D Secure: passed and failed, and what it changes off session."""

from typing import Any
from urllib.parse import parse_qs, urlsplit

import pytest

from tests.integration.sandbox.api import PUBLISHABLE_KEY, Api, Reply, Student

ON_SESSION = {"off_session": "false", "capture_method": "automatic"}


async def challenged_setup(api: Api, number: str) -> dict[str, Any]:
    """A SetupIntent that waits for the student."""
    customer = (await api.post("/v1/customers")).body["id"]
    fields = {"customer": customer, "allowed_payment_method_types[]": "card"}
    intent = (await api.post("/v1/setup_intents", fields)).body
    fields = {"client_secret": intent["client_secret"], "payment_method": await api.card(number)}
    path = f"/v1/setup_intents/{intent['id']}/confirm"
    reply = await api.post(path, fields, key=PUBLISHABLE_KEY)
    assert reply.body["status"] == "requires_action"
    return {**reply.body, "customer": customer}


async def finish(api: Api, intent: dict[str, Any], outcome: str) -> Reply:
    """What the challenge page posts."""
    body = {"client_secret": intent["client_secret"], "outcome": outcome}
    return await api.control("POST", f"challenges/{intent['id']}", body)


async def saved_after_challenge(api: Api, number: str) -> Student:
    intent = await challenged_setup(api, number)
    assert (await finish(api, intent, "complete")).body == {"status": "succeeded"}
    return Student(intent["customer"], intent["payment_method"])


@pytest.mark.fact("7.3")
async def test_the_page_is_sent_to_the_challenge(api: Api, url: str) -> None:
    intent = await challenged_setup(api, "4000002500003155")
    action = intent["next_action"]
    address = urlsplit(action["use_stripe_sdk"].pop("stripe_js"))
    assert action == {
        "type": "use_stripe_sdk",
        "use_stripe_sdk": {"type": "three_d_secure_redirect"},
    }
    assert f"{address.scheme}://{address.netloc}{address.path}" == f"{url}/js/challenge.html"
    assert parse_qs(address.query) == {
        "intent": [intent["id"]],
        "client_secret": [intent["client_secret"]],
    }


@pytest.mark.fact("7.1/3155", "11.2/setup_challenged")
async def test_passing_saves_the_card(api: Api) -> None:
    intent = await challenged_setup(api, "4000002500003155")
    assert (await finish(api, intent, "complete")).body == {"status": "succeeded"}
    card = (await api.get(f"/v1/payment_methods/{intent['payment_method']}")).body
    assert card["customer"] == intent["customer"]
    assert (await api.events())[1:] == [
        "setup_intent.created",
        "setup_intent.requires_action",
        "payment_method.attached",
        "setup_intent.succeeded",
    ]


@pytest.mark.fact("7.3b", "11.2/setup_failed")
async def test_failing_asks_for_another_card(api: Api) -> None:
    intent = await challenged_setup(api, "4000002500003155")
    assert (await finish(api, intent, "fail")).body == {"status": "requires_payment_method"}
    seen = (await api.get(f"/v1/setup_intents/{intent['id']}")).body
    assert seen["next_action"] is None
    assert seen["last_setup_error"]["code"] == "setup_intent_authentication_failure"
    assert seen["last_setup_error"]["message"] == (
        "The latest attempt to set up the payment method has failed because authentication failed."
    )
    assert (await api.events())[-1] == "setup_intent.setup_failed"


async def test_a_challenge_can_be_answered_once_and_with_its_secret(api: Api) -> None:
    intent = await challenged_setup(api, "4000002500003155")
    wrong = await finish(api, {**intent, "client_secret": "seti_secret"}, "complete")
    await finish(api, intent, "complete")
    again = await finish(api, intent, "fail")
    assert (wrong.status, again.status) == (400, 400)


@pytest.mark.fact("7.1/1629")
async def test_a_card_can_still_be_declined_after_the_challenge(api: Api) -> None:
    intent = await challenged_setup(api, "4000008400001629")
    assert (await finish(api, intent, "complete")).body == {"status": "requires_payment_method"}
    seen = (await api.get(f"/v1/setup_intents/{intent['id']}")).body
    assert seen["last_setup_error"]["code"] == "card_declined"


@pytest.mark.fact("7.1/3155")
async def test_a_card_set_up_with_a_challenge_can_be_held_off_session(api: Api) -> None:
    held = await api.hold(await saved_after_challenge(api, "4000002500003155"))
    assert held.body["status"] == "requires_capture"


@pytest.mark.fact("5.7b", "6.7/authentication", "7.1/3220", "11.2/decline_without_charge")
async def test_stripe_may_want_the_student_without_asking_the_bank(api: Api) -> None:
    """The error names the intent, and there is no charge."""
    held = await api.hold(await saved_after_challenge(api, "4000000000003220"))
    error = held.error
    assert (held.status, error["code"], error["decline_code"]) == (
        402,
        "authentication_required",
        "authentication_required",
    )
    assert error["message"] == "Your card was declined. This transaction requires authentication."
    assert "charge" not in error
    assert error["payment_intent"]["latest_charge"] is None
    assert (await api.events())[-2:] == [
        "payment_intent.created",
        "payment_intent.payment_failed",
    ]


@pytest.mark.fact("6.7/authentication_by_bank", "7.1/3184")
async def test_the_bank_may_want_the_student(api: Api) -> None:
    """The same error, and a failed charge."""
    held = await api.hold(await saved_after_challenge(api, "4000002760003184"))
    error = held.error
    charge = (await api.get(f"/v1/charges/{error['charge']}")).body
    assert (held.status, error["code"], error["decline_code"]) == (
        402,
        "authentication_required",
        "authentication_required",
    )
    assert error["payment_intent"]["latest_charge"] == charge["id"]
    assert (charge["status"], charge["failure_code"]) == ("failed", "authentication_required")
    assert charge["outcome"]["reason"] == "authentication_required"
    assert charge["outcome"]["seller_message"] == (
        "The bank returned the decline code `authentication_required`."
    )
    assert (await api.events())[-3:] == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
    ]


@pytest.mark.fact("7.1/3178")
async def test_a_card_may_lack_funds_whatever_the_challenge_said(api: Api) -> None:
    held = await api.hold(await saved_after_challenge(api, "4000008260003178"))
    assert held.error["decline_code"] == "insufficient_funds"


@pytest.mark.fact("7.1/0446", "11.2/challenge")
async def test_a_card_already_set_up_is_challenged_on_session_only(api: Api) -> None:
    student = await api.student("pm_card_authenticationRequiredSetupForOffSession")
    off_session = await api.hold(student)
    on_session = await api.hold(student, **ON_SESSION)
    assert off_session.body["status"] == "requires_capture"
    assert on_session.body["status"] == "requires_action"
    assert (await api.events())[-2:] == [
        "payment_intent.created",
        "payment_intent.requires_action",
    ]


async def test_a_payment_continues_after_the_challenge(api: Api) -> None:
    student = await saved_after_challenge(api, "4000002760003184")
    intent = (await api.hold(student, **ON_SESSION)).body
    assert (await finish(api, intent, "complete")).body == {"status": "succeeded"}
    paid = await api.get(f"/v1/payment_intents/{intent['id']}", **{"expand[]": "latest_charge"})
    details = paid.body["latest_charge"]["payment_method_details"]["card"]
    assert details["three_d_secure"]["result"] == "authenticated"


async def test_a_payment_whose_challenge_fails_asks_for_another_card(api: Api) -> None:
    student = await saved_after_challenge(api, "4000002760003184")
    intent = (await api.hold(student, **ON_SESSION)).body
    assert (await finish(api, intent, "fail")).body == {"status": "requires_payment_method"}
    seen = (await api.get(f"/v1/payment_intents/{intent['id']}")).body
    assert seen["last_payment_error"]["code"] == "payment_intent_authentication_failure"
