"""PaymentIntents: holds placed and refused."""

import pytest

from tests.integration.sandbox.api import HOLD, Api

FOUR_DAYS_EIGHTEEN_HOURS = 410_400
SEVEN_DAYS = 604_800
USED_UP = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
    "attachment, shared with a connected account without Customer attachment, or was detached from "
    "a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach "
    "it to a Customer first."
)
WITH_A_HOLD = {
    "amount_authorized": 6500,
    "brand": "visa",
    "checks": {
        "address_line1_check": None,
        "address_postal_code_check": None,
        "cvc_check": "pass",
    },
    "country": "US",
    "extended_authorization": {"status": "disabled"},
    "funding": "credit",
    "incremental_authorization": {"status": "unavailable"},
    "last4": "4242",
    "multicapture": {"status": "unavailable"},
    "network": "visa",
    "network_token": {"used": False},
    "overcapture": {"maximum_amount_capturable": 6500, "status": "unavailable"},
    "three_d_secure": None,
    "wallet": None,
}
"""What the charge of a hold tells about the card."""


@pytest.mark.fact("6.1", "13/2022-11-15")
async def test_a_hold_takes_nothing_yet(api: Api) -> None:
    student = await api.student()
    reply = await api.hold(student, 6500, **{"expand[]": "latest_charge"})
    intent = reply.body
    intent.pop("latest_charge")
    id = intent.pop("id")
    assert reply.status == 200
    assert intent.pop("client_secret").startswith(f"{id}_secret_")
    assert intent.pop("created") > 0
    assert intent == {
        "object": "payment_intent",
        "allowed_payment_method_types": ["card"],
        "amount": 6500,
        "amount_capturable": 6500,
        "amount_details": {"tip": {}},
        "amount_received": 0,
        "application": None,
        "application_fee_amount": None,
        "automatic_payment_methods": None,
        "canceled_at": None,
        "cancellation_reason": None,
        "capture_method": "manual",
        "confirmation_method": "automatic",
        "currency": "usd",
        "customer": student.id,
        "customer_account": None,
        "description": "Guitar lesson",
        "excluded_payment_method_types": None,
        "last_payment_error": None,
        "livemode": False,
        "managed_payments": None,
        "metadata": {"type": "lessons-payment"},
        "next_action": None,
        "on_behalf_of": None,
        "payment_method": student.card,
        "payment_method_configuration_details": None,
        "payment_method_options": {
            "card": {
                "installments": None,
                "mandate_options": None,
                "network": None,
                "request_three_d_secure": "automatic",
            }
        },
        "payment_method_types": ["card"],
        "processing": None,
        "receipt_email": None,
        "review": None,
        "setup_future_usage": None,
        "shipping": None,
        "source": None,
        "statement_descriptor": None,
        "statement_descriptor_suffix": None,
        "status": "requires_capture",
        "transfer_data": None,
        "transfer_group": None,
    }


@pytest.mark.fact("6.1a", "8.14")
async def test_the_charge_of_a_hold(api: Api) -> None:
    student = await api.student()
    charge = (await api.hold(student, 6500, **{"expand[]": "latest_charge"})).body["latest_charge"]
    amounts = ("amount", "amount_captured", "amount_refunded")
    assert [charge[name] for name in amounts] == [6500, 0, 0]
    assert (charge["status"], charge["paid"], charge["captured"]) == ("succeeded", True, False)
    assert (charge["refunded"], charge["disputed"]) == (False, False)
    assert (charge["failure_code"], charge["failure_message"], charge["fraud_details"]) == (
        None,
        None,
        {},
    )
    assert charge["receipt_url"].startswith("https://pay.stripe.com/receipts/")
    assert charge["balance_transaction"] is None
    assert (await api.get("/v1/balance_transactions")).body["data"] == []
    score = charge["outcome"].pop("risk_score")
    assert 0 <= score < 65
    assert charge["outcome"] == {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "approved_by_network",
        "reason": None,
        "risk_level": "normal",
        "seller_message": "Payment complete.",
        "type": "authorized",
    }
    card = charge["payment_method_details"]["card"]
    assert len(card["authorization_code"]) == 6
    assert {name: card[name] for name in WITH_A_HOLD} == WITH_A_HOLD


@pytest.mark.parametrize("off_session", ["true", "one_off", "recurring"])
@pytest.mark.fact("6.1b")
async def test_the_words_for_off_session(api: Api, off_session: str) -> None:
    """None of them needs an address to return to."""
    held = await api.hold(await api.student(), **{"off_session": off_session})
    fields = {"amount": 500, "currency": "usd", "off_session": off_session}
    unconfirmed = await api.post("/v1/payment_intents", fields)
    assert (held.body["status"], unconfirmed.status) == ("requires_capture", 400)


@pytest.mark.fact("11.2/authorize")
async def test_the_events_of_a_hold(api: Api) -> None:
    """The charge succeeds on mere authorization."""
    await api.hold(await api.student())
    assert (await api.events())[2:] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
    ]


@pytest.mark.fact("6.8")
async def test_what_is_copied_to_the_charge_when_it_is_made_and_never_again(api: Api) -> None:
    given = {
        "description": "Guitar lesson",
        "metadata[type]": "lessons-payment",
        "receipt_email": "ada@example.com",
        "shipping[address][city]": "New York",
        "shipping[name]": "Ada",
        "statement_descriptor_suffix": "GUITAR",
    }
    intent = (await api.hold(await api.student(), **given)).body
    path = f"/v1/charges/{intent['latest_charge']}"
    first = (await api.get(path)).body
    later = {name: "Later" for name in given if name != "receipt_email"}
    await api.post(f"/v1/payment_intents/{intent['id']}", later)
    changed = (await api.get(f"/v1/payment_intents/{intent['id']}")).body
    copied = ("description", "metadata", "receipt_email", "shipping", "statement_descriptor_suffix")
    assert {name: first[name] for name in copied} == {name: intent[name] for name in copied}
    assert first["shipping"] == {
        "address": {
            "city": "New York",
            "country": None,
            "line1": None,
            "line2": None,
            "postal_code": None,
            "state": None,
        },
        "carrier": None,
        "name": "Ada",
        "phone": None,
        "tracking_number": None,
    }
    assert changed["description"] == "Later"
    assert (await api.get(path)).body == first


@pytest.mark.fact("6.8b")
async def test_billing_details_on_the_charge_are_the_cards_at_that_time(api: Api) -> None:
    student = await api.student()
    card = f"/v1/payment_methods/{student.card}"
    await api.post(card, {"billing_details[name]": "Ada"})
    intent = (await api.hold(student)).body
    await api.post(card, {"billing_details[name]": "Ida"})
    charge = (await api.get(f"/v1/charges/{intent['latest_charge']}")).body
    assert charge["billing_details"]["name"] == "Ada"


@pytest.mark.parametrize(
    ("card", "off_session", "lasts"),
    [
        ("pm_card_visa", "true", FOUR_DAYS_EIGHTEEN_HOURS),
        ("pm_card_visa", "false", SEVEN_DAYS),
        ("pm_card_mastercard", "true", SEVEN_DAYS),
        ("pm_card_amex", "true", SEVEN_DAYS),
        ("pm_card_discover", "true", SEVEN_DAYS),
    ],
)
@pytest.mark.fact("6.5")
async def test_how_long_a_hold_lasts(api: Api, card: str, off_session: str, lasts: int) -> None:
    student = await api.student(card)
    extra = {"off_session": off_session, "expand[]": "latest_charge"}
    charge = (await api.hold(student, **extra)).body["latest_charge"]
    details = charge["payment_method_details"]["card"]
    assert details["capture_before"] - charge["created"] == lasts


@pytest.mark.fact("5.7", "6.7", "11.2/decline")
async def test_a_declined_hold_keeps_its_intent(api: Api) -> None:
    student = await api.student("pm_card_chargeCustomerFail")
    reply = await api.hold(student)
    error = reply.error
    assert reply.status == 402
    assert sorted(reply.body["error"]) == [
        "advice_code",
        "charge",
        "code",
        "decline_code",
        "doc_url",
        "message",
        "network_decline_code",
        "payment_intent",
        "payment_method",
        "request_log_url",
        "type",
    ]
    intent = (await api.get(f"/v1/payment_intents/{error['payment_intent']['id']}")).body
    assert intent == error["payment_intent"]
    assert (intent["status"], intent["payment_method"]) == ("requires_payment_method", None)
    assert (intent["amount_capturable"], intent["amount_received"]) == (0, 0)
    assert intent["latest_charge"] == error["charge"]
    last = intent["last_payment_error"]
    assert last.pop("payment_method")["id"] == student.card
    assert last == {
        "advice_code": "try_again_later",
        "charge": error["charge"],
        "code": "card_declined",
        "decline_code": "generic_decline",
        "doc_url": "https://stripe.com/docs/error-codes/card-declined",
        "message": "Your card was declined.",
        "network_decline_code": "01",
        "payment_method_type": "card",
        "type": "card_error",
    }
    assert (await api.events())[2:] == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
    ]


@pytest.mark.fact("6.7a")
async def test_a_declined_hold_leaves_a_failed_charge(api: Api) -> None:
    student = await api.student("pm_card_chargeCustomerFail")
    error = (await api.hold(student)).error
    charge = (await api.get(f"/v1/charges/{error['charge']}")).body
    assert (charge["status"], charge["paid"], charge["captured"]) == ("failed", False, False)
    assert (charge["amount_captured"], charge["balance_transaction"]) == (0, None)
    assert (charge["failure_code"], charge["failure_message"]) == (
        "card_declined",
        "Your card was declined.",
    )
    assert (charge["payment_method"], charge["receipt_url"]) == (student.card, None)
    score = charge["outcome"].pop("risk_score")
    assert 0 <= score < 65
    assert charge["outcome"] == {
        "advice_code": "try_again_later",
        "network_advice_code": None,
        "network_decline_code": "01",
        "network_status": "declined_by_network",
        "reason": "generic_decline",
        "risk_level": "normal",
        "seller_message": "The bank did not return any further details with this decline.",
        "type": "issuer_declined",
    }


@pytest.mark.parametrize(
    ("number", "code", "reason", "message"),
    [
        pytest.param(
            "4000000000000002",
            "card_declined",
            "generic_decline",
            "Your card was declined.",
            marks=pytest.mark.fact("6.7/generic"),
        ),
        pytest.param(
            "4000000000009995",
            "card_declined",
            "insufficient_funds",
            "Your card has insufficient funds.",
            marks=pytest.mark.fact("6.7/insufficient_funds"),
        ),
        pytest.param(
            "4000000000009987",
            "card_declined",
            "lost_card",
            "Your card was declined.",
            marks=pytest.mark.fact("6.7/lost_or_stolen"),
        ),
        pytest.param(
            "4000000000009979",
            "card_declined",
            "stolen_card",
            "Your card was declined.",
            marks=pytest.mark.fact("6.7/lost_or_stolen"),
        ),
        pytest.param(
            "4000000000000069",
            "expired_card",
            "expired_card",
            "Your card has expired.",
            marks=pytest.mark.fact("6.7/expired"),
        ),
        pytest.param(
            "4000000000000127",
            "incorrect_cvc",
            "incorrect_cvc",
            "Your card's security code is incorrect.",
            marks=pytest.mark.fact("6.7/cvc"),
        ),
        pytest.param(
            "4000000000000119",
            "processing_error",
            "processing_error",
            "An error occurred while processing your card. Try again in a little bit.",
            marks=pytest.mark.fact("6.7/processing"),
        ),
    ],
)
async def test_the_words_of_each_decline(
    api: Api, number: str, code: str, reason: str, message: str
) -> None:
    card = await api.card(number)
    fields = {**HOLD, "amount": 500, "payment_method": card}
    error = (await api.post("/v1/payment_intents", fields)).error
    charge = (await api.get(f"/v1/charges/{error['charge']}")).body
    seller = f"The bank returned the decline code `{reason}`."
    if reason == "generic_decline":
        seller = "The bank did not return any further details with this decline."
    assert (error["code"], error["decline_code"], error["message"]) == (code, reason, message)
    assert "param" not in error
    assert (charge["failure_code"], charge["failure_message"]) == (code, message)
    outcome = charge["outcome"]
    assert (outcome["reason"], outcome["seller_message"]) == (reason, seller)
    assert (outcome["type"], outcome["network_status"]) == (
        "issuer_declined",
        "declined_by_network",
    )


@pytest.mark.fact("6.7/blocked", "7.1/0019")
async def test_a_blocked_payment_never_reaches_the_network(api: Api) -> None:
    student = await api.student("pm_card_radarBlock")
    failed = await api.hold(student)
    charge = (await api.get(f"/v1/charges/{failed.error['charge']}")).body
    outcome = charge["outcome"]
    assert (failed.error["code"], failed.error["decline_code"]) == ("card_declined", "fraudulent")
    assert (failed.error["message"], charge["failure_code"]) == (
        "Your card was declined.",
        "card_declined",
    )
    assert outcome.pop("risk_score") >= 90
    assert outcome == {
        "advice_code": None,
        "network_advice_code": None,
        "network_decline_code": None,
        "network_status": "not_sent_to_network",
        "reason": "highest_risk_level",
        "risk_level": "highest",
        "seller_message": "Stripe blocked this payment as too risky.",
        "type": "blocked",
    }


async def test_a_failed_intent_can_be_confirmed_with_another_card(api: Api) -> None:
    student = await api.student("pm_card_chargeCustomerFail")
    failed = (await api.hold(student)).error["payment_intent"]["id"]
    fields = {"payment_method": "pm_card_visa", "off_session": "true"}
    path = f"/v1/payment_intents/{failed}"
    confirmed = await api.post(f"{path}/confirm", fields)
    charges = await api.get("/v1/charges", payment_intent=failed)
    assert confirmed.body["status"] == "requires_capture"
    assert confirmed.body["last_payment_error"] is None
    assert [row["status"] for row in charges.body["data"]] == ["succeeded", "failed"]


@pytest.mark.fact("5.4/confirm", "10.3b")
async def test_the_customers_default_card_is_not_used(api: Api) -> None:
    student = await api.student()
    default = {"invoice_settings[default_payment_method]": student.card}
    await api.post(f"/v1/customers/{student.id}", default)
    reply = await api.post("/v1/payment_intents", {**HOLD, "amount": 500, "customer": student.id})
    assert (reply.status, reply.error["message"]) == (
        400,
        "You cannot confirm this PaymentIntent because it's missing a payment method. To confirm "
        f"the PaymentIntent with {student.id}, specify a payment method attached to this customer "
        "along with the customer ID.",
    )
    assert reply.error["code"] == "payment_intent_unexpected_state"


@pytest.mark.fact("5.4/confirm")
async def test_confirming_needs_a_card(api: Api) -> None:
    intent = (await api.post("/v1/payment_intents", {"amount": 500, "currency": "usd"})).body
    fields = {"off_session": "true"}
    reply = await api.post(f"/v1/payment_intents/{intent['id']}/confirm", fields)
    assert (reply.status, reply.error["code"]) == (400, "payment_intent_unexpected_state")
    assert reply.error["payment_intent"] == intent
    assert reply.error["message"] == (
        "You cannot confirm this PaymentIntent because it's missing a payment method. You can "
        "either update the PaymentIntent with a payment method and then confirm it again, or "
        "confirm it again directly with a payment method or ConfirmationToken."
    )


@pytest.mark.fact("5.5/other_customer")
async def test_another_customers_card_is_refused(api: Api) -> None:
    student, other = await api.student(), await api.student()
    reply = await api.hold(student._replace(card=other.card))
    assert (reply.status, reply.error) == (
        400,
        {
            "message": f"The PaymentMethod {other.card} does not belong to the Customer you "
            f"supplied {student.id}. Please use this PaymentMethod with the Customer that it "
            "belongs to instead.",
            "param": "payment_method",
            "type": "invalid_request_error",
        },
    )


@pytest.mark.fact("5.5/no_customer")
async def test_an_attached_card_needs_its_customer(api: Api) -> None:
    student = await api.student()
    fields = {**HOLD, "amount": 500, "payment_method": student.card}
    reply = await api.post("/v1/payment_intents", fields)
    assert (reply.error["code"], reply.error["param"]) == ("parameter_missing", "source")
    assert reply.error["message"] == (
        f"The `payment_method` parameter supplied {student.card} belongs to the Customer "
        f"{student.id}. Please include the Customer in the `customer` parameter on the "
        "PaymentIntent."
    )


@pytest.mark.fact("5.5/spent")
async def test_a_card_used_without_being_attached_is_spent(api: Api) -> None:
    card = await api.card()
    fields = {**HOLD, "amount": 500, "payment_method": card}
    first = await api.post("/v1/payment_intents", fields)
    second = await api.post("/v1/payment_intents", fields)
    assert (first.status, second.status) == (200, 400)
    assert second.error == {"message": USED_UP, "type": "invalid_request_error"}


@pytest.mark.fact("5.5/spent", "10.4")
async def test_a_detached_card_can_not_be_charged(api: Api) -> None:
    student = await api.student()
    await api.post(f"/v1/payment_methods/{student.card}/detach")
    reply = await api.hold(student)
    assert (reply.status, reply.error["message"]) == (400, USED_UP)


async def test_setup_future_usage_puts_the_card_on_file(api: Api) -> None:
    customer = (await api.post("/v1/customers")).body["id"]
    card = await api.card()
    fields = {"customer": customer, "payment_method": card, "setup_future_usage": "off_session"}
    await api.post("/v1/payment_intents", {**HOLD, "amount": 500, **fields})
    assert (await api.get(f"/v1/payment_methods/{card}")).body["customer"] == customer


@pytest.mark.parametrize(
    ("amount", "code", "message"),
    [
        pytest.param(
            "0",
            "parameter_invalid_integer",
            "The amount must be greater than or equal to the minimum charge amount allowed for "
            "your account and the currency set "
            "(https://docs.stripe.com/currencies#minimum-and-maximum-charge-amounts).  If you "
            "want to save a Payment Method for future use without an immediate payment, use a "
            "Setup Intent instead: https://docs.stripe.com/payments/setup-intents",
            marks=pytest.mark.fact("5.3/zero"),
        ),
        pytest.param(
            "49",
            "amount_too_small",
            "Amount must be at least $0.50 usd",
            marks=pytest.mark.fact("5.3/minimum"),
        ),
        pytest.param(
            "100000000",
            "amount_too_large",
            "Amount must be no more than $999,999.99",
            marks=pytest.mark.fact("5.3/maximum"),
        ),
        ("12.5", "parameter_invalid_integer", "Invalid integer: 12.5"),
    ],
)
async def test_amounts_that_are_refused(api: Api, amount: str, code: str, message: str) -> None:
    reply = await api.post("/v1/payment_intents", {"amount": amount, "currency": "usd"})
    assert (reply.status, reply.error["code"], reply.error["param"]) == (400, code, "amount")
    assert reply.error["message"] == message
    assert (await api.get("/v1/payment_intents")).body["data"] == []


@pytest.mark.fact("6.1c", "13/2023-08-16")
async def test_stripe_chooses_the_methods_unless_the_server_does(api: Api) -> None:
    of = {"amount": 500, "currency": "usd"}
    chosen = {"allow_redirects": "always", "enabled": True}
    by_default = (await api.post("/v1/payment_intents", of)).body
    at_set_up = (await api.post("/v1/setup_intents")).body
    by_the_server = await api.post("/v1/payment_intents", {**of, "payment_method_types[]": "card"})
    assert by_default["automatic_payment_methods"] == chosen
    assert at_set_up["automatic_payment_methods"] == chosen
    assert by_the_server.body["automatic_payment_methods"] is None


@pytest.mark.fact("13/2023-08-16", "13/explicit_types")
async def test_the_methods_stripe_chooses_need_somewhere_to_return_to(api: Api) -> None:
    """Not if the server says which methods, forbids redirects, or is off session."""
    student = await api.student()
    of = {"amount": 500, "currency": "usd", "confirm": "true"}
    of |= {"customer": student.id, "payment_method": student.card}
    refused = await api.post("/v1/payment_intents", of)
    returning = await api.post("/v1/payment_intents", {**of, "return_url": "https://x.test/"})
    never = {"automatic_payment_methods[enabled]": "true"}
    never["automatic_payment_methods[allow_redirects]"] = "never"
    direct = await api.post("/v1/payment_intents", {**of, **never})
    explicit = await api.post("/v1/payment_intents", {**of, "payment_method_types[]": "card"})
    absent = await api.post("/v1/payment_intents", {**of, "off_session": "true"})
    assert (refused.status, refused.error) == (
        400,
        {
            "message": "This PaymentIntent is configured to accept payment methods enabled in "
            "your Dashboard. Because some of these payment methods might redirect your customer "
            "off of your page, you must provide a `return_url`. If you don't want to accept "
            "redirect-based payment methods, set `automatic_payment_methods[enabled]` to `true` "
            "and `automatic_payment_methods[allow_redirects]` to `never` when creating Setup "
            "Intents and Payment Intents.",
            "type": "invalid_request_error",
        },
    )
    assert [reply.status for reply in (returning, direct, explicit, absent)] == [200] * 4


@pytest.mark.fact("8.2a", "11.2/automatic", "13/2024-04-10")
async def test_an_automatic_payment_is_booked_a_moment_later(api: Api) -> None:
    student = await api.student()
    of = {"amount": 500, "currency": "usd", "confirm": "true", "off_session": "true"}
    of |= {"customer": student.id, "payment_method": student.card, "expand[]": "latest_charge"}
    sold = (await api.post("/v1/payment_intents", of)).body
    at_once = sold["latest_charge"]
    api.advance(2)
    later = (await api.get(f"/v1/charges/{at_once['id']}")).body
    assert (sold["status"], sold["capture_method"]) == ("succeeded", "automatic_async")
    assert (at_once["captured"], at_once["balance_transaction"]) == (True, None)
    assert later["balance_transaction"].startswith("txn_3")
    assert (await api.events())[2:] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
    ]
