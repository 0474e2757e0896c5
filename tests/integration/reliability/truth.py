"""What the local Stripe says has happened; the shop is not asked."""

from tests.integration.conftest import Caller


async def customers_with(stripe: Caller, email: str) -> list[str]:
    """Ids of the customers with this address, in any letter case, among the newest hundred."""
    _, newest = await stripe.get("/v1/customers?limit=100")
    return [each["id"] for each in newest["data"] if (each["email"] or "").lower() == email.lower()]


async def payments_of(stripe: Caller, customer_id: str) -> list[dict]:
    """The customer's PaymentIntents, newest first."""
    _, payments = await stripe.get(f"/v1/payment_intents?customer={customer_id}&limit=100")
    return payments["data"]


async def open_holds_of(stripe: Caller, customer_id: str) -> list[str]:
    """Ids of those that are held."""
    payments = await payments_of(stripe, customer_id)
    return [each["id"] for each in payments if each["status"] == "requires_capture"]


async def status_of(stripe: Caller, payment_intent_id: str) -> str:
    """Where a payment stands."""
    _, payment = await stripe.get(f"/v1/payment_intents/{payment_intent_id}")
    status: str = payment["status"]
    return status


async def captures_of(stripe: Caller, payment: dict) -> list[int]:
    """What was booked for a payment's charge: one amount for each capture."""
    _, rows = await stripe.get(f"/v1/balance_transactions?source={payment['latest_charge']}")
    return [row["amount"] for row in rows["data"] if row["type"] == "charge"]


async def refunds_of(stripe: Caller, payment_intent_id: str) -> list[dict]:
    """Every refund of a payment."""
    _, refunds = await stripe.get(f"/v1/refunds?payment_intent={payment_intent_id}&limit=100")
    return refunds["data"]


async def cards_of(stripe: Caller, customer_id: str) -> list[str]:
    """Ids of the cards on file."""
    _, cards = await stripe.get(f"/v1/customers/{customer_id}/payment_methods")
    return [card["id"] for card in cards["data"]]
