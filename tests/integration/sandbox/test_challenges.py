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


@pytest.mark.fact("6.7/confirmed_later")
@pytest.mark.parametrize("number", ["4000002760003184", "4000000000003220"])
async def test_a_hold_that_wants_the_student_is_confirmed_by_them_later(
    api: Api, number: str
) -> None:
    """By the page, with the same card; no fewer than seven days are left to capture it then."""
    student = await saved_after_challenge(api, number)
    declined = await api.hold(student)
    assert (declined.status, declined.error["code"]) == (402, "authentication_required")
    intent = declined.error["payment_intent"]
    confirmed = await confirm_on_page(api, intent, student.card)
    assert (confirmed.status, confirmed.body["status"]) == (200, "requires_action")
    assert (await finish(api, intent, "complete")).body == {"status": "requires_capture"}
    held = await api.get(f"/v1/payment_intents/{intent['id']}", **{"expand[]": "latest_charge"})
    assert (held.body["amount_capturable"], held.body["last_payment_error"]) == (6500, None)
    charge = held.body["latest_charge"]
    card = charge["payment_method_details"]["card"]
    assert (card["three_d_secure"]["result"], card["capture_before"] - charge["created"]) == (
        "authenticated",
        7 * 86_400,
    )


@pytest.mark.fact("6.7/confirmed_later")
async def test_a_card_that_was_taken_off_confirms_nothing(api: Api) -> None:
    """The intent waits on, for another card."""
    student = await saved_after_challenge(api, "4000002760003184")
    intent = (await api.hold(student)).error["payment_intent"]
    await api.post(f"/v1/payment_methods/{student.card}/detach")
    refused = await confirm_on_page(api, intent, student.card)
    assert (refused.status, refused.error["type"]) == (400, "invalid_request_error")
    seen = (await api.get(f"/v1/payment_intents/{intent['id']}")).body
    assert seen["status"] == "requires_payment_method"


async def confirm_on_page(api: Api, intent: dict[str, Any], card: str) -> Reply:
    """What Stripe.js asks for with a card on file."""
    fields = {"client_secret": intent["client_secret"], "payment_method": card}
    return await api.post(
        f"/v1/payment_intents/{intent['id']}/confirm", fields, key=PUBLISHABLE_KEY
    )


RETURN_URL = "https://shop.test/saved?lesson=1"
OF_THE_SERVER = {
    "confirm": "true",
    "payment_method": "pm_card_authenticationRequired",
    "allowed_payment_method_types[]": "card",
}


@pytest.mark.fact("7.3a")
@pytest.mark.parametrize(
    ("path", "fields"),
    [
        ("/v1/setup_intents", OF_THE_SERVER),
        ("/v1/payment_intents", {**OF_THE_SERVER, "amount": 500, "currency": "usd"}),
    ],
)
async def test_a_server_that_says_where_to_return_to_gets_a_redirect(
    api: Api, url: str, path: str, fields: dict[str, Any]
) -> None:
    """To the page of the challenge, as long as that is open."""
    intent = (await api.post(path, {**fields, "return_url": RETURN_URL})).body
    secret = intent["client_secret"]
    assert intent["next_action"] == {
        "type": "redirect_to_url",
        "redirect_to_url": {
            "return_url": RETURN_URL,
            "url": f"{url}/js/challenge.html?intent={intent['id']}&client_secret={secret}",
        },
    }
    await finish(api, intent, "complete")
    seen = (await api.get(f"{path}/{intent['id']}")).body
    assert (seen["status"], seen["next_action"]) == ("succeeded", None)


@pytest.mark.fact("7.3", "7.3a")
@pytest.mark.parametrize("more", [{}, {"return_url": RETURN_URL, "use_stripe_sdk": "true"}])
async def test_a_server_may_leave_the_challenge_to_stripe_js(
    api: Api, more: dict[str, str]
) -> None:
    intent = (await api.post("/v1/setup_intents", {**OF_THE_SERVER, **more})).body
    assert intent["next_action"]["type"] == "use_stripe_sdk"


@pytest.mark.fact("7.3")
async def test_a_page_is_not_redirected_whatever_it_says(api: Api) -> None:
    """Stripe.js asks over the page and goes to the address itself."""
    made = {"allowed_payment_method_types[]": "card"}
    intent = (await api.post("/v1/setup_intents", made)).body
    fields = {
        "client_secret": intent["client_secret"],
        "payment_method": await api.card("4000002500003155"),
        "return_url": RETURN_URL,
    }
    path = f"/v1/setup_intents/{intent['id']}/confirm"
    confirmed = await api.post(path, fields, key=PUBLISHABLE_KEY)
    assert confirmed.body["next_action"]["type"] == "use_stripe_sdk"


@pytest.mark.parametrize("another_card", [{"payment_method": "pm_card_visa"}, {}])
async def test_a_challenge_that_is_not_needed_any_more_is_gone(
    api: Api, another_card: dict[str, str]
) -> None:
    """Because of another card, or because the shop goes on by itself."""
    card = "pm_card_authenticationRequiredSetupForOffSession"
    fields = {**OF_THE_SERVER, "amount": 500, "currency": "usd", "payment_method": card}
    intent = (await api.post("/v1/payment_intents", fields)).body
    path = f"/v1/payment_intents/{intent['id']}"
    changed = (await api.post(path, another_card)).body
    paid = (await api.post(f"{path}/confirm", {"off_session": "true"})).body
    assert intent["next_action"]["type"] == "use_stripe_sdk"
    assert (changed["next_action"] is None) == bool(another_card)
    assert (paid["status"], paid["next_action"]) == ("succeeded", None)


async def test_an_intent_confirmed_again_forgets_where_it_was_to_return_to(api: Api) -> None:
    fields = {**OF_THE_SERVER, "return_url": RETURN_URL}
    intent = (await api.post("/v1/setup_intents", fields)).body
    again = await api.post(f"/v1/setup_intents/{intent['id']}/confirm")
    assert again.body["next_action"]["type"] == "use_stripe_sdk"


@pytest.mark.parametrize("path", ["/v1/setup_intents", "/v1/payment_intents"])
async def test_where_to_return_to_is_said_when_confirming(api: Api, path: str) -> None:
    """With an address that has a scheme, an app's own included, and not when only creating."""
    fields = {"allowed_payment_method_types[]": "card"}
    if path == "/v1/payment_intents":
        fields |= {"amount": "500", "currency": "usd"}
    early = await api.post(path, {**fields, "return_url": RETURN_URL})
    intent = (await api.post(path, fields)).body
    confirm = f"{path}/{intent['id']}/confirm"
    card = {"payment_method": "pm_card_visa"}
    relative = await api.post(confirm, {**card, "return_url": "/saved"})
    app = await api.post(confirm, {**card, "return_url": "lessons://saved"})
    assert (early.status, early.error["message"]) == (
        400,
        "You may only use `return_url` when `confirm` is true.",
    )
    assert (relative.status, relative.error["code"], relative.error["param"]) == (
        400,
        "url_invalid",
        "return_url",
    )
    assert (app.status, app.body["status"]) == (200, "succeeded")
