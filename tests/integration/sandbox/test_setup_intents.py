"""SetupIntents: saving a card."""

from typing import Any

import pytest

from tests.integration.sandbox.api import PUBLISHABLE_KEY, Api


async def begin(api: Api, **params: Any) -> dict[str, Any]:
    """A customer's SetupIntent, as the sign-up makes it."""
    customer = (await api.post("/v1/customers")).body["id"]
    fields = {"customer": customer, "allowed_payment_method_types[]": "card", **params}
    return (await api.post("/v1/setup_intents", fields)).body


async def confirm(api: Api, intent: dict[str, Any], card: str) -> Any:
    """What the page does."""
    fields = {"client_secret": intent["client_secret"], "payment_method": card}
    path = f"/v1/setup_intents/{intent['id']}/confirm"
    return await api.post(path, fields, key=PUBLISHABLE_KEY)


@pytest.mark.fact("7.1", "7.1a", "11.2/setup")
async def test_confirming_attaches_the_card_to_the_customer(api: Api) -> None:
    intent = await begin(api)
    card = await api.card()
    confirmed = await confirm(api, intent, card)
    method = (await api.get(f"/v1/payment_methods/{card}")).body
    seen = (await api.get(f"/v1/setup_intents/{intent['id']}")).body
    assert intent["status"] == "requires_payment_method"
    assert intent["client_secret"].startswith(f"{intent['id']}_secret_")
    assert (confirmed.status, confirmed.body["status"]) == (200, "succeeded")
    assert method["customer"] == intent["customer"]
    assert method["card"]["checks"]["cvc_check"] == "pass"
    assert seen["latest_attempt"].startswith("setatt_")
    assert (seen["mandate"], seen["usage"]) == (None, "off_session")
    assert await api.events() == [
        "customer.created",
        "setup_intent.created",
        "payment_method.attached",
        "setup_intent.succeeded",
    ]


async def test_a_card_can_be_entered_while_confirming(api: Api) -> None:
    intent = await begin(api)
    reply = await api.post(
        f"/v1/setup_intents/{intent['id']}/confirm",
        {
            "client_secret": intent["client_secret"],
            "payment_method_data[type]": "card",
            "payment_method_data[card][number]": "5555555555554444",
            "payment_method_data[card][exp_month]": "04",
            "payment_method_data[card][exp_year]": "30",
            "payment_method_data[card][cvc]": "123",
            "payment_method_data[billing_details][name]": "Ada",
        },
        key=PUBLISHABLE_KEY,
    )
    card = (await api.get(f"/v1/payment_methods/{reply.body['payment_method']}")).body
    assert (reply.body["status"], card["card"]["exp_year"]) == ("succeeded", 2030)
    assert card["billing_details"]["name"] == "Ada"


@pytest.mark.fact("7.2", "11.2/setup_failed")
async def test_a_refused_card_leaves_the_intent_ready_for_another(api: Api) -> None:
    intent = await begin(api)
    card = await api.card("4000000000000002")
    refused = await confirm(api, intent, card)
    method = (await api.get(f"/v1/payment_methods/{card}")).body
    seen = (await api.get(f"/v1/setup_intents/{intent['id']}")).body
    assert (refused.status, refused.error["code"]) == (402, "card_declined")
    assert refused.error["setup_intent"]["id"] == intent["id"]
    assert (refused.error["payment_method"]["id"], method["customer"]) == (card, None)
    assert (await api.events())[-1] == "setup_intent.setup_failed"
    assert "charge" not in refused.error
    assert (seen["status"], seen["payment_method"]) == ("requires_payment_method", None)
    assert sorted(seen["last_setup_error"]) == [
        "advice_code",
        "code",
        "decline_code",
        "doc_url",
        "message",
        "network_decline_code",
        "payment_method",
        "type",
    ]
    assert (await confirm(api, intent, await api.card())).body["status"] == "succeeded"


@pytest.mark.fact("7.1/0069")
async def test_an_expired_card_names_the_field(api: Api) -> None:
    refused = await confirm(api, await begin(api), await api.card("4000000000000069"))
    error = refused.error
    assert (error["param"], error["advice_code"], error["network_decline_code"]) == (
        "exp_month",
        "confirm_card_data",
        "54",
    )


@pytest.mark.fact("7.1/0341")
async def test_a_card_that_fails_only_when_charged_can_be_saved(api: Api) -> None:
    confirmed = await confirm(api, await begin(api), await api.card("4000000000000341"))
    assert confirmed.body["status"] == "succeeded"


@pytest.mark.fact("7.1")
async def test_a_card_named_at_creation_waits_for_confirmation(api: Api) -> None:
    intent = await begin(api, payment_method="pm_card_visa")
    assert intent["status"] == "requires_confirmation"


async def test_confirming_needs_a_card(api: Api) -> None:
    intent = await begin(api)
    fields = {"client_secret": intent["client_secret"]}
    reply = await api.post(f"/v1/setup_intents/{intent['id']}/confirm", fields)
    assert (reply.status, reply.error["code"]) == (400, "setup_intent_unexpected_state")


@pytest.mark.fact("7.4")
async def test_what_succeeded_can_not_be_confirmed_updated_or_cancelled(api: Api) -> None:
    intent = await begin(api)
    await confirm(api, intent, await api.card())
    path = f"/v1/setup_intents/{intent['id']}"
    again = await confirm(api, intent, await api.card())
    updated = await api.post(path, {"description": "x"})
    cancelled = await api.post(f"{path}/cancel")
    for reply in (again, updated, cancelled):
        assert (reply.status, reply.error["code"]) == (400, "setup_intent_unexpected_state")
        assert reply.error["setup_intent"]["status"] == "succeeded"
    messages = [reply.error["message"] for reply in (again, updated, cancelled)]
    assert messages == [
        "You cannot confirm this SetupIntent because it has already succeeded.",
        "You cannot update this SetupIntent because it has already succeeded.",
        "You cannot cancel this SetupIntent because it has a status of succeeded. Only a "
        "SetupIntent with one of the following statuses may be canceled: "
        "`requires_payment_method`, `requires_confirmation`, or `requires_action`.",
    ]


@pytest.mark.parametrize("reason", ["abandoned", "requested_by_customer", "duplicate"])
@pytest.mark.fact("7.5", "11.2/setup_canceled")
async def test_cancelling_gives_up(api: Api, reason: str) -> None:
    intent = await begin(api)
    fields = {"cancellation_reason": reason}
    reply = await api.post(f"/v1/setup_intents/{intent['id']}/cancel", fields)
    assert (reply.body["status"], reply.body["cancellation_reason"]) == ("canceled", reason)
    assert (await api.events())[1:] == ["setup_intent.created", "setup_intent.canceled"]


async def test_what_was_given_up_takes_no_other_card(api: Api) -> None:
    intent = await begin(api)
    path = f"/v1/setup_intents/{intent['id']}"
    await api.post(f"{path}/cancel")
    reply = await api.post(path, {"payment_method": "pm_card_visa"})
    assert (reply.status, reply.error["code"]) == (400, "setup_intent_unexpected_state")
    assert (await api.get(path)).body["status"] == "canceled"


async def test_an_update_that_is_refused_changes_nothing(api: Api) -> None:
    intent, other = await begin(api), await api.student()
    path = f"/v1/setup_intents/{intent['id']}"
    reply = await api.post(path, {"customer": other.id, "payment_method": "pm_nope"})
    assert (reply.status, reply.error["param"]) == (400, "payment_method")
    assert (await api.get(path)).body == intent


@pytest.mark.fact("7.5")
async def test_other_reasons_to_cancel_are_refused(api: Api) -> None:
    intent = await begin(api)
    fields = {"cancellation_reason": "fraudulent"}
    reply = await api.post(f"/v1/setup_intents/{intent['id']}/cancel", fields)
    assert (reply.status, reply.error["param"]) == (400, "cancellation_reason")


async def test_a_page_must_know_the_client_secret(api: Api) -> None:
    intent = await begin(api)
    path = f"/v1/setup_intents/{intent['id']}"
    known = await api.get(path, key=PUBLISHABLE_KEY, client_secret=intent["client_secret"])
    guessed = await api.get(path, key=PUBLISHABLE_KEY, client_secret="seti_x_secret_y")
    silent = await api.get(path, key=PUBLISHABLE_KEY)
    assert (known.status, guessed.status, silent.status) == (200, 400, 400)


async def test_a_page_sees_no_customer_and_no_metadata(api: Api) -> None:
    intent = await begin(api, **{"metadata[note]": "private"})
    path = f"/v1/setup_intents/{intent['id']}"
    seen = await api.get(path, key=PUBLISHABLE_KEY, client_secret=intent["client_secret"])
    assert {"customer", "metadata"} & set(seen.body) == set()


@pytest.mark.fact("5.5/other_customer")
async def test_another_customers_card_is_refused(api: Api) -> None:
    student = await api.student()
    intent = await begin(api)
    reply = await confirm(api, intent, student.card)
    assert (reply.status, reply.error["message"]) == (
        400,
        f"The PaymentMethod {student.card} does not belong to the Customer you supplied "
        f"{intent['customer']}. Please use this PaymentMethod with the Customer that it belongs "
        "to instead.",
    )


@pytest.mark.fact("5.1/setup_intent")
async def test_an_unknown_intent(api: Api) -> None:
    reply = await api.get("/v1/setup_intents/seti_nope")
    assert (reply.status, reply.error["message"], reply.error["param"]) == (
        404,
        "No such setupintent: 'seti_nope'",
        "intent",
    )
