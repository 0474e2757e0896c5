"""The cards of many students."""

import asyncio

import msgspec

from jobs.reports.cards import AT_ONCE, cards_of
from shop.stripe_gateway.objects import Customer, PaymentMethod
from tests.unit.reports.objects import card, student


class Stripe:
    """Counts how many look-ups are on their way at once."""

    def __init__(self) -> None:
        self.now = self.most = self.asked = 0

    async def card_of(self, student: Customer) -> PaymentMethod | None:
        self.asked += 1
        self.now += 1
        self.most = max(self.most, self.now)
        await asyncio.sleep(0)
        self.now -= 1
        return msgspec.convert(card(f"pm_{student.id}"), PaymentMethod)


def test_a_few_are_looked_up_at_once_and_come_in_order():
    """Whoever has a default card is not looked up, so payments keep their share of the calls."""
    students = [
        msgspec.convert(
            student(f"cus_{n}", default=card(f"pm_cus_{n}") if n % 2 else None), Customer
        )
        for n in range(40)
    ]
    stripe = Stripe()
    cards = asyncio.run(cards_of(stripe, students))
    assert [found.id for found in cards if found] == [f"pm_cus_{n}" for n in range(40)]
    assert (stripe.asked, stripe.most) == (20, AT_ONCE)
