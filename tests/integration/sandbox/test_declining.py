"""PaymentIntents: what a bank that says no leaves behind."""

import pytest

from tests.integration.sandbox.api import HOLD, Api


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


@pytest.mark.fact("6.7a", "8.14")
async def test_a_declined_hold_leaves_a_failed_charge(api: Api) -> None:
    student = await api.student("pm_card_chargeCustomerFail")
    error = (await api.hold(student)).error
    charge = (await api.get(f"/v1/charges/{error['charge']}")).body
    assert (charge["status"], charge["paid"], charge["captured"]) == ("failed", False, False)
    assert (charge["amount_captured"], charge["balance_transaction"]) == (0, None)
    assert (await api.get("/v1/balance_transactions")).body["data"] == []
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
