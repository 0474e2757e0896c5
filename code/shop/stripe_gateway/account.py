"""Whether Stripe takes the shop's key.

The method raises the errors of `shop.errors.StripeError`.
"""

import msgspec

from shop.stripe_gateway.client import StripeClient
from shop.stripe_gateway.listings import CUSTOMERS


class _Answered(msgspec.Struct):
    object: str


class Account:
    """The account itself, beyond what is in it."""

    def __init__(self, client: StripeClient) -> None:
        self._client = client

    async def check_key(self) -> None:
        """One cheap call with the key, to what the shop cannot do without.

        Raises:
            StripeKeyRefused: Stripe does not know the key, or it may not read customers.
        """
        await self._client.read(CUSTOMERS.path, _Answered, {"limit": "1"})
