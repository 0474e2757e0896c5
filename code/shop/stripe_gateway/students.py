"""Customers and their cards at Stripe.

Every write takes an `attempt`: the idempotency key under which Stripe does it once, however
often it is sent. All methods raise the errors of `shop.errors.StripeError`.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress

import msgspec
import stripe

from shop.errors import StripeRefused, UnknownCustomer
from shop.stripe_gateway.client import DOTS, StripeClient, expanding, path_to
from shop.stripe_gateway.decoding import convert
from shop.stripe_gateway.objects import Customer, PaymentMethod, SetupIntent

DEFAULT_CARD = "invoice_settings.default_payment_method"


class _Customers(msgspec.Struct):
    data: list[Customer]


class _Cards(msgspec.Struct):
    data: list[PaymentMethod]


class Students:
    """What the shop does with a student's Customer and card."""

    def __init__(self, client: StripeClient) -> None:
        self._client = client
        self._v1 = client.v1

    async def get(self, customer_id: str) -> Customer:
        """The student, the default card included.

        Raises:
            UnknownCustomer: Stripe does not know the id, or the student was deleted.
        """
        if customer_id in DOTS:
            raise UnknownCustomer(customer_id)
        with _unknown(customer_id):
            student = await self._client.read(
                path_to("customers", customer_id), Customer, expanding([DEFAULT_CARD])
            )
        if student.deleted:
            raise UnknownCustomer(customer_id)
        return student

    async def with_email(self, email: str) -> list[Customer]:
        """Students with exactly this address, letter case included; newest first."""
        query = {"email": email, "limit": "100"} | expanding([f"data.{DEFAULT_CARD}"])
        return (await self._client.read("/v1/customers", _Customers, query)).data

    async def create(
        self, *, name: str, email: str, metadata: Mapping[str, str], attempt: str
    ) -> Customer:
        """A new Customer, without a card."""
        return convert(
            await self._client.write(
                lambda: self._v1.customers.create_async(
                    {"name": name, "email": email, "metadata": dict(metadata)},
                    {"idempotency_key": attempt},
                )
            ),
            Customer,
        )

    async def update(
        self,
        customer_id: str,
        *,
        attempt: str,
        name: str | None = None,
        email: str | None = None,
        metadata: Mapping[str, str] | None = None,
        default_card: str | None = None,
    ) -> Customer:
        """Change what is given and leave the rest; answers with the default card included.

        Raises:
            UnknownCustomer: Stripe does not know the id, or the student was deleted.
        """
        params: stripe.params.CustomerUpdateParams = {"expand": [DEFAULT_CARD]}
        if name is not None:
            params["name"] = name
        if email is not None:
            params["email"] = email
        if metadata:
            params["metadata"] = dict(metadata)
        if default_card is not None:
            params["invoice_settings"] = {"default_payment_method": default_card}
        with _unknown(customer_id):
            updated = await self._client.write(
                lambda: self._v1.customers.update_async(
                    customer_id, params, {"idempotency_key": attempt}
                )
            )
        return convert(updated, Customer)

    async def delete(self, customer_id: str) -> None:
        """Delete the Customer with its cards. Stripe keeps its payments.

        A customer that is gone already is what was wanted: the first answer may have been lost.
        """
        with suppress(UnknownCustomer), _unknown(customer_id):
            await self._client.call(lambda: self._v1.customers.delete_async(customer_id))

    async def cards(self, customer_id: str) -> list[PaymentMethod]:
        """Every card attached to the student, newest first.

        Raises:
            UnknownCustomer: Stripe does not know the id, or the student was deleted.
        """
        with _unknown(customer_id):
            found = await self._client.read(
                path_to("customers", customer_id, "payment_methods"),
                _Cards,
                {"type": "card", "limit": "100"},
            )
        return found.data

    async def write_billing_details(
        self, payment_method_id: str, *, name: str | None, email: str | None, attempt: str
    ) -> None:
        """Write the student's name and e-mail on the card."""
        details: stripe.params.PaymentMethodUpdateParamsBillingDetails = {}
        if name is not None:
            details["name"] = name
        if email is not None:
            details["email"] = email
        await self._client.write(
            lambda: self._v1.payment_methods.update_async(
                payment_method_id, {"billing_details": details}, {"idempotency_key": attempt}
            )
        )

    async def detach_card(self, payment_method_id: str, *, attempt: str) -> None:
        """Take the card off its student. It can never be charged or attached again."""
        await self._client.write(
            lambda: self._v1.payment_methods.detach_async(
                payment_method_id, options={"idempotency_key": attempt}
            )
        )

    async def start_card_setup(
        self, customer_id: str, *, metadata: Mapping[str, str], attempt: str
    ) -> SetupIntent:
        """A SetupIntent with which the page saves a card for later, off-session payments.

        Raises:
            UnknownCustomer: Stripe does not know the id, or the student was deleted.
        """
        with _unknown(customer_id, in_params=True):
            started = await self._client.write(
                lambda: self._v1.setup_intents.create_async(
                    {
                        "customer": customer_id,
                        "allowed_payment_method_types": ["card"],
                        "usage": "off_session",
                        "metadata": dict(metadata),
                    },
                    {"idempotency_key": attempt},
                )
            )
        return convert(started, SetupIntent)

    async def card_setup(self, setup_intent_id: str) -> SetupIntent:
        """The SetupIntent with its card."""
        if setup_intent_id in DOTS:
            raise StripeRefused(
                f"No such setupintent: '{setup_intent_id}'", code="resource_missing", status=404
            )
        return await self._client.read(
            path_to("setup_intents", setup_intent_id), SetupIntent, expanding(["payment_method"])
        )


@contextmanager
def _unknown(customer_id: str, *, in_params: bool = False) -> Iterator[None]:
    """Name Stripe's 404 about a customer, and its 400 where only the parameters name one."""
    try:
        yield
    except StripeRefused as error:
        if error.status == 404 or (in_params and error.code == "resource_missing"):
            raise UnknownCustomer(customer_id) from error
        raise
