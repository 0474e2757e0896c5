"""The account itself: whether Stripe takes the shop's key, and how much more may be asked."""

import msgspec

from shop.stripe_gateway.budget import Budget, State
from shop.stripe_gateway.client import StripeClient
from shop.stripe_gateway.listings import CUSTOMERS


class _Answered(msgspec.Struct):
    object: str


class Account:
    """The account itself, beyond what is in it."""

    def __init__(self, client: StripeClient, budget: Budget) -> None:
        self._client = client
        self._budget = budget

    async def check_key(self) -> None:
        """One cheap call with the key, to what the shop cannot do without.

        Raises:
            StripeError: Stripe did not answer with success.
            StripeKeyRefused: Stripe does not know the key, or it may not read customers.
        """
        await self._client.read(CUSTOMERS.path, _Answered, {"limit": "1"})

    async def budget(self) -> State:
        """What is left of the requests that all processes together may send.

        Raises:
            RedisError: the budget can't be reached.
        """
        return await self._budget.state()
