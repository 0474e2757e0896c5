"""Stripe's own Python client against the sandbox: its typed objects, errors and paging."""

from collections.abc import AsyncIterator

import pytest
import stripe

from tests.integration.sandbox.api import SECRET_KEY, Api


@pytest.fixture
async def client(url: str) -> AsyncIterator[stripe.StripeClient]:
    """The client, pointed at the sandbox."""
    http = stripe.AIOHTTPClient()
    yield stripe.StripeClient(
        SECRET_KEY, base_addresses={"api": url}, http_client=http, max_network_retries=0
    )
    await http.close_async()


async def test_from_sign_up_to_refund(client: stripe.StripeClient) -> None:
    customer = await client.v1.customers.create_async(
        {"email": "ada@example.com", "metadata": {"first_lesson": "01 Dec 3:00 p.m."}}
    )
    setup = await client.v1.setup_intents.create_async(
        {
            "customer": customer.id,
            "payment_method": "pm_card_visa",
            "allowed_payment_method_types": ["card"],
            "confirm": True,
        }
    )
    held = await client.v1.payment_intents.create_async(
        {
            "amount": 6500,
            "currency": "usd",
            "customer": customer.id,
            "payment_method": str(setup.payment_method),
            "confirm": True,
            "off_session": True,
            "capture_method": "manual",
            "metadata": {"type": "lessons-payment"},
        }
    )
    await client.v1.payment_intents.capture_async(held.id, {"amount_to_capture": 5000})
    refund = await client.v1.refunds.create_async(
        {"payment_intent": held.id, "amount": 1000, "reason": "requested_by_customer"}
    )
    rows = await client.v1.balance_transactions.list_async({"expand": ["data.source"]})
    assert held.last_response.headers["Stripe-Version"] == stripe.api_version
    assert [(row.amount, row.net) for row in rows.data] == [(-1000, -1000), (5000, 4825)]
    assert rows.data[0].source.id == refund.id


async def test_a_decline_is_a_card_error_that_names_the_intent(
    client: stripe.StripeClient, api: Api
) -> None:
    student = await api.student("pm_card_chargeCustomerFail")
    with pytest.raises(stripe.CardError) as caught:
        await client.v1.payment_intents.create_async(
            {
                "amount": 6500,
                "currency": "usd",
                "customer": student.id,
                "payment_method": student.card,
                "confirm": True,
                "off_session": True,
            }
        )
    assert caught.value.code == "card_declined"
    assert caught.value.error.payment_intent.status == "requires_payment_method"


async def test_a_state_error_is_an_invalid_request(client: stripe.StripeClient) -> None:
    with pytest.raises(stripe.InvalidRequestError) as caught:
        await client.v1.payment_intents.capture_async("pi_invalid")
    assert (caught.value.http_status, caught.value.code) == (404, "resource_missing")


async def test_automatic_paging_sees_every_customer_once(
    client: stripe.StripeClient, api: Api
) -> None:
    made = [(await api.post("/v1/customers")).body["id"] for _ in range(25)]
    listed = await client.v1.customers.list_async({"limit": 10})
    seen = [customer.id async for customer in listed.auto_paging_iter()]
    assert seen == made[::-1]


@pytest.mark.fact("1.10a")
async def test_automatic_paging_walks_back_and_keeps_the_filter(
    client: stripe.StripeClient, api: Api
) -> None:
    made = [
        (await api.post("/v1/customers", {"email": email})).body["id"]
        for email in ("ada@example.com", "ida@example.com") * 12
    ]
    listed = await client.v1.customers.list_async(
        {"limit": 5, "email": "ada@example.com", "ending_before": made[0]}
    )
    seen = [customer.id async for customer in listed.auto_paging_iter()]
    assert seen == made[2::2]
