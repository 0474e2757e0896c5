"""PaymentIntents: which cards, amounts and payment methods they take."""

import pytest

from tests.integration.sandbox.api import HOLD, Api

USED_UP = (
    "The provided PaymentMethod was previously used with a PaymentIntent without Customer "
    "attachment, shared with a connected account without Customer attachment, or was detached from "
    "a Customer. It may not be used again. To use a PaymentMethod multiple times, you must attach "
    "it to a Customer first."
)


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


@pytest.mark.parametrize("kind", ["payment_intent", "setup_intent"])
@pytest.mark.fact("5.4/confirm")
async def test_an_intent_made_and_confirmed_without_a_card_waits_for_one(
    api: Api, kind: str
) -> None:
    """It was made before the confirmation failed: its id works, as the advice to go on wants it."""
    amount = {"amount": 500, "currency": "usd"} if kind == "payment_intent" else {}
    fields = {**amount, "confirm": "true", "payment_method_types[]": "card"}
    refused = await api.post(f"/v1/{kind}s", fields, headers={"Idempotency-Key": "once"})
    again = await api.post(f"/v1/{kind}s", fields, headers={"Idempotency-Key": "once"})
    intent = refused.error[kind]
    path = f"/v1/{kind}s/{intent['id']}"
    assert (refused.status, refused.error["code"]) == (400, f"{kind}_unexpected_state")
    assert (await api.get(path)).body == intent
    assert (again.body, len((await api.get(f"/v1/{kind}s")).body["data"])) == (refused.body, 1)
    assert await api.events() == [f"{kind}.created"]
    confirmed = await api.post(f"{path}/confirm", {"payment_method": "pm_card_visa"})
    assert (confirmed.status, confirmed.body["status"]) == (200, "succeeded")


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


@pytest.mark.parametrize("kind", ["payment_intent", "setup_intent"])
@pytest.mark.fact("13/2023-08-16")
async def test_an_intent_that_must_say_where_to_return_to_is_in_the_refusal(
    api: Api, kind: str
) -> None:
    amount = {"amount": 500, "currency": "usd"} if kind == "payment_intent" else {}
    made = (await api.post(f"/v1/{kind}s", {**amount, "payment_method": "pm_card_visa"})).body
    reply = await api.post(f"/v1/{kind}s/{made['id']}/confirm")
    assert (reply.status, reply.error[kind], "code" in reply.error) == (400, made, False)
