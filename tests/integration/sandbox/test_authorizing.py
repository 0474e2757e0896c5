"""Facts §6.1, §6.5, §6.7 and §6.8: holds placed and refused."""

import pytest

from tests.integration.sandbox.api import HOLD, Api

FOUR_DAYS_EIGHTEEN_HOURS = 410_400
SEVEN_DAYS = 604_800


async def test_a_hold_takes_nothing_yet(api: Api) -> None:
    student = await api.student()
    reply = await api.hold(student, 6500, **{"expand[]": "latest_charge"})
    intent = reply.body
    charge = intent.pop("latest_charge")
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
    assert {name: charge[name] for name in ("amount", "amount_captured", "amount_refunded")} == {
        "amount": 6500,
        "amount_captured": 0,
        "amount_refunded": 0,
    }
    assert (charge["status"], charge["paid"], charge["captured"]) == ("succeeded", True, False)
    assert (charge["refunded"], charge["disputed"]) == (False, False)
    assert charge["balance_transaction"] is None
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


async def test_the_events_of_a_hold(api: Api) -> None:
    """Facts §11.2: the charge succeeds on mere authorisation."""
    await api.hold(await api.student())
    assert (await api.events())[2:] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.amount_capturable_updated",
    ]


async def test_description_and_metadata_are_copied_to_the_charge_once(api: Api) -> None:
    """Facts §6.8."""
    intent = (await api.hold(await api.student())).body
    later = {"description": "Later", "metadata[type]": "ticket"}
    await api.post(f"/v1/payment_intents/{intent['id']}", later)
    charge = (await api.get(f"/v1/charges/{intent['latest_charge']}")).body
    assert charge["description"] == "Guitar lesson"
    assert charge["metadata"] == {"type": "lessons-payment"}


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
async def test_how_long_a_hold_lasts(api: Api, card: str, off_session: str, lasts: int) -> None:
    """Facts §6.5."""
    student = await api.student(card)
    extra = {"off_session": off_session, "expand[]": "latest_charge"}
    charge = (await api.hold(student, **extra)).body["latest_charge"]
    details = charge["payment_method_details"]["card"]
    assert details["capture_before"] - charge["created"] == lasts


async def test_a_declined_hold_keeps_its_intent_and_its_failed_charge(api: Api) -> None:
    """Facts §6.7 and §5.7."""
    student = await api.student("pm_card_chargeCustomerFail")
    reply = await api.hold(student)
    error = reply.error
    assert reply.status == 402
    assert sorted(error) == [
        "advice_code",
        "charge",
        "code",
        "decline_code",
        "doc_url",
        "message",
        "network_decline_code",
        "payment_intent",
        "payment_method",
        "type",
    ]
    intent = (await api.get(f"/v1/payment_intents/{error['payment_intent']['id']}")).body
    assert intent == error["payment_intent"]
    assert (intent["status"], intent["payment_method"]) == ("requires_payment_method", None)
    assert intent["last_payment_error"]["payment_method"]["id"] == student.card
    assert intent["last_payment_error"]["payment_method_type"] == "card"
    charge = (await api.get(f"/v1/charges/{intent['latest_charge']}")).body
    assert charge["id"] == error["charge"]
    assert (charge["status"], charge["paid"], charge["captured"]) == ("failed", False, False)
    assert (charge["failure_code"], charge["failure_message"]) == (
        "card_declined",
        "Your card was declined.",
    )
    assert (charge["payment_method"], charge["receipt_url"]) == (student.card, None)
    assert charge["outcome"]["type"] == "issuer_declined"
    assert charge["outcome"]["reason"] == "generic_decline"
    assert (await api.events())[2:] == [
        "payment_intent.created",
        "charge.failed",
        "payment_intent.payment_failed",
    ]


async def test_a_blocked_payment_never_reaches_the_network(api: Api) -> None:
    student = await api.student("pm_card_radarBlock")
    failed = await api.hold(student)
    charge = (await api.get(f"/v1/charges/{failed.error['charge']}")).body
    assert failed.error["decline_code"] == "fraudulent"
    assert (charge["outcome"]["type"], charge["outcome"]["network_status"]) == (
        "blocked",
        "not_sent_to_network",
    )


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


async def test_the_customers_default_card_is_not_used(api: Api) -> None:
    """Facts §5.4."""
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


async def test_an_attached_card_needs_its_customer(api: Api) -> None:
    """Facts §5.5."""
    student = await api.student()
    fields = {**HOLD, "amount": 500, "payment_method": student.card}
    reply = await api.post("/v1/payment_intents", fields)
    assert (reply.error["code"], reply.error["param"]) == ("parameter_missing", "source")
    assert reply.error["message"] == (
        f"The `payment_method` parameter supplied {student.card} belongs to the Customer "
        f"{student.id}. Please include the Customer in the `customer` parameter on the "
        "PaymentIntent."
    )


async def test_a_card_used_without_being_attached_is_spent(api: Api) -> None:
    """Facts §5.5."""
    card = await api.card()
    fields = {**HOLD, "amount": 500, "payment_method": card}
    first = await api.post("/v1/payment_intents", fields)
    second = await api.post("/v1/payment_intents", fields)
    assert (first.status, second.status) == (200, 400)
    assert "may not be used again" in second.error["message"]


async def test_setup_future_usage_puts_the_card_on_file(api: Api) -> None:
    customer = (await api.post("/v1/customers")).body["id"]
    card = await api.card()
    fields = {"customer": customer, "payment_method": card, "setup_future_usage": "off_session"}
    await api.post("/v1/payment_intents", {**HOLD, "amount": 500, **fields})
    assert (await api.get(f"/v1/payment_methods/{card}")).body["customer"] == customer


@pytest.mark.parametrize(
    ("amount", "code", "message"),
    [
        ("0", "parameter_invalid_integer", "The amount must be greater than or equal to"),
        ("49", "amount_too_small", "Amount must be at least $0.50 usd"),
        ("100000000", "amount_too_large", "Amount must be no more than $999,999.99"),
        ("12.5", "parameter_invalid_integer", "Invalid integer: 12.5"),
        ("", "parameter_invalid_empty", "You passed an empty string for 'amount'."),
    ],
)
async def test_amounts_that_are_refused(api: Api, amount: str, code: str, message: str) -> None:
    """Facts §5.3."""
    reply = await api.post("/v1/payment_intents", {"amount": amount, "currency": "usd"})
    assert (reply.status, reply.error["code"], reply.error["param"]) == (400, code, "amount")
    assert reply.error["message"].startswith(message)
    assert (await api.get("/v1/payment_intents")).body["data"] == []


async def test_the_stripe_chosen_methods_need_somewhere_to_return_to(api: Api) -> None:
    """Facts §13: on by default, unless the server says which methods or is off session."""
    student = await api.student()
    of = {"amount": 500, "currency": "usd", "confirm": "true"}
    of |= {"customer": student.id, "payment_method": student.card}
    refused = await api.post("/v1/payment_intents", of)
    returning = await api.post("/v1/payment_intents", {**of, "return_url": "https://x.test/"})
    never = {"automatic_payment_methods[enabled]": "true"}
    never["automatic_payment_methods[allow_redirects]"] = "never"
    direct = await api.post("/v1/payment_intents", {**of, **never})
    assert "you must provide a `return_url`" in refused.error["message"]
    assert (returning.status, direct.status) == (200, 200)


async def test_an_automatic_payment_is_booked_a_moment_later(api: Api) -> None:
    """Facts §8.2 and §13: ``automatic_async`` is the default."""
    student = await api.student()
    sold = await api.hold(student, **{"capture_method": "automatic_async"})
    path = f"/v1/charges/{sold.body['latest_charge']}"
    at_once = (await api.get(path)).body
    api.advance(1)
    later = (await api.get(path)).body
    assert (sold.body["status"], at_once["captured"]) == ("succeeded", True)
    assert at_once["balance_transaction"] is None
    assert later["balance_transaction"].startswith("txn_3")
    assert (await api.events())[2:] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
        "charge.updated",
    ]
