"""PaymentIntents: holds, and payments taken at once."""

import pytest

from tests.integration.sandbox.api import Api

FOUR_DAYS_EIGHTEEN_HOURS = 410_400
SEVEN_DAYS = 604_800
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


@pytest.mark.parametrize("missing", ["address", "name"])
async def test_shipping_needs_a_name_and_an_address(api: Api, missing: str) -> None:
    shipping = {"shipping[address][city]": "New York", "shipping[name]": "Ada"}
    given = {name: value for name, value in shipping.items() if missing not in name}
    reply = await api.hold(await api.student(), **given)
    assert (reply.status, reply.error["param"]) == (400, f"shipping[{missing}]")


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
