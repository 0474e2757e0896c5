"""From stripe-python's objects to the shop's own frozen values."""

from typing import Any, TypeVar

import msgspec
import stripe

Value = TypeVar("Value")


def plain(document: stripe.StripeObject) -> dict[str, Any]:
    """The object as plain dictionaries and lists, as Stripe sent it."""
    return document.to_dict()


def convert(document: stripe.StripeObject, kind: type[Value]) -> Value:
    """The members that `kind` names; a member of another type is an error."""
    return msgspec.convert(plain(document), kind)
