"""The members that Stripe's newest official example objects have, and ours are to have too."""

from collections.abc import Iterator, Mapping

from tests.integration.conformance.problems import Kind, Problem

ABSENT: Mapping[str, str] = {
    "balance.connect_reserved": "there only on platforms, for the accounts connected to them",
    "charge.refunds": "there only where it is expanded, since 2022-11-15",
    "event.data.object": "the example's event is about a plan; each kind has its own members",
    "payment_method.metadata": "whatever the caller wrote",
}
"""Why an answer lacks a member of the example; an entry covers what lies below it."""


def absent_members(value: object, example: object, where: str) -> Iterator[Problem]:
    """The members of `example` that `value` lacks, at any depth at which both are objects."""
    if not isinstance(value, dict) or not isinstance(example, dict):
        return
    for name, member in example.items():
        if name in value:
            yield from absent_members(value[name], member, f"{where}.{name}")
        else:
            place = f"{where}.{name}"
            yield Problem(place, "is missing, and Stripe's example has it", Kind.MISSING)


def reason_to_lack(place: str) -> str | None:
    """The entry of `ABSENT` that covers a place; None where there is none."""
    covering = (entry for entry in ABSENT if f"{place}.".startswith(f"{entry}."))
    return next(covering, None)
