"""The members that the installed stripe-python declares: of its objects and of its parameters."""

from collections.abc import Mapping
from functools import cache
from types import NoneType
from typing import Any, get_args, get_type_hints

import stripe
from stripe import RequestOptions, StripeObject
from typing_extensions import is_typeddict

ELSEWHERE = {
    "Authorization": stripe.issuing.Authorization,
    "CardResource": stripe.Card,
    "DisputeResource": stripe.Dispute,
    "IssuingDisputeResource": stripe.issuing.Dispute,
    "Mapping": Mapping,
    "TestClock": stripe.test_helpers.TestClock,
    "Transaction": stripe.issuing.Transaction,
}
"""Names that the library's annotations use and that are not the ones in `stripe`."""


def has_members(kind: Any) -> bool:
    """Whether it is one of the library's objects, or a dict of parameters."""
    return is_typeddict(kind) or (isinstance(kind, type) and issubclass(kind, StripeObject))


@cache
def members_of(kind: type) -> Mapping[str, Any]:
    """The members by name, with their types; options of a call are no parameters."""
    hints = get_type_hints(kind, localns=_Names(ELSEWHERE))
    if is_typeddict(kind):
        return {name: hints[name] for name in hints if name not in RequestOptions.__annotations__}
    own = {name: hint for name, hint in hints.items() if name[0] != "_" and name != "OBJECT_NAME"}
    return {"object": str, **own} if hasattr(kind, "OBJECT_NAME") else own


@cache
def required_of(kind: type) -> frozenset[str]:
    """The parameters that must be given, or the members that an object always has."""
    members = members_of(kind)
    if is_typeddict(kind):
        required: frozenset[str] = vars(kind)["__required_keys__"]
        return required & members.keys()
    return frozenset(name for name, hint in members.items() if NoneType not in get_args(hint))


class _Names(dict[str, Any]):
    """Names in annotations that the library imports for type checkers only."""

    def __missing__(self, name: str) -> Any:
        try:
            return getattr(stripe, name)
        except AttributeError:
            raise KeyError(name) from None
