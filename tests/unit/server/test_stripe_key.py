"""How often Stripe is asked about the key, and what is said in between."""

import asyncio

import pytest

from server.stripe_key import ASKED_EVERY, Opinion, StripeKey
from shop.errors import StripeError, StripeKeyRefused, StripeUnavailable


class Stripe:
    """Answers as it was told to, and counts."""

    def __init__(self) -> None:
        self.asked = 0
        self.now = 1_000.0
        self.error: StripeError | None = None
        self.may_answer = asyncio.Event()
        self.may_answer.set()

    async def ask(self) -> None:
        self.asked += 1
        await self.may_answer.wait()
        if self.error:
            raise self.error


@pytest.fixture
def stripe() -> Stripe:
    return Stripe()


@pytest.fixture
def key(stripe: Stripe) -> StripeKey:
    return StripeKey(stripe.ask, clock=lambda: stripe.now)


async def test_a_probe_each_second_asks_once_a_minute(stripe: Stripe, key: StripeKey):
    """Two minutes of probes are two questions, and a third begins."""
    opinions = set()
    for _ in range(int(2 * ASKED_EVERY) + 1):
        opinions.add(await key.opinion(1))
        stripe.now += 1
    assert (stripe.asked, opinions) == (3, {Opinion.ACCEPTED})


@pytest.mark.parametrize(
    ("error", "opinion"),
    [
        (StripeKeyRefused("No.", status=401), Opinion.REFUSED),
        (StripeUnavailable("Away."), Opinion.SILENT),
    ],
)
async def test_an_opinion_changes_with_the_next_answer(
    stripe: Stripe, key: StripeKey, error: StripeError, opinion: Opinion
):
    """And back again."""
    said = []
    for answer in (None, error, None):
        stripe.error = answer
        said.append(await key.opinion(1))
        stripe.now += ASKED_EVERY
    assert said == [Opinion.ACCEPTED, opinion, Opinion.ACCEPTED]


async def test_nobody_waits_longer_than_they_said(stripe: Stripe, key: StripeKey):
    """What was known before holds until the answer is there, and probes share one question."""
    stripe.may_answer.clear()
    assert await asyncio.gather(key.opinion(0.01), key.opinion(0.01)) == [Opinion.UNKNOWN] * 2
    stripe.may_answer.set()
    assert await key.opinion(1) is Opinion.ACCEPTED
    assert stripe.asked == 1


async def test_closing_does_not_wait_for_an_answer(stripe: Stripe, key: StripeKey):
    """A server that is told to stop stops."""
    stripe.may_answer.clear()
    await key.opinion(0.01)
    await asyncio.wait_for(key.close(), timeout=1)
    assert await key.opinion(0) is Opinion.UNKNOWN
