"""Addresses: of customers, of cards, and of what is sent to somebody."""

from sandbox.account import Json
from sandbox.params import Raw, clearable_text, hash_of, text
from sandbox.records import Address, Shipping

MEMBERS = ("city", "country", "line1", "line2", "postal_code", "state")
NO_ADDRESS: Address = dict.fromkeys(MEMBERS)
NOTHING_SENT: Shipping = {"carrier": None, "phone": None, "tracking_number": None}

address = hash_of(dict.fromkeys(MEMBERS, clearable_text))
_shipping = hash_of(
    {
        "address": address,
        "name": text,
        "carrier": clearable_text,
        "phone": clearable_text,
        "tracking_number": clearable_text,
    },
    required=("address", "name"),
)


def shipping(name: str, value: Raw) -> Shipping:
    """Who gets it and where; both are needed."""
    given = _shipping(name, value)
    return {**NOTHING_SENT, **given, "address": whole(given["address"])}


def whole(given: Address | None) -> Json:
    """An address with all its members."""
    return {**NO_ADDRESS, **(given or {})}
