"""Paths checked before anything is done."""

import pytest

from sandbox.errors import ParameterError
from sandbox.expansion import parse
from sandbox.resources import EXPANDABLE


def test_paths_are_merged_into_one_tree() -> None:
    paths = ["data.source", "data.source.charge", "data.source.charge.customer"]
    assert parse(EXPANDABLE, "balance_transaction", paths, many=True) == {
        "data": {"source": {"charge": {"customer": {}}}}
    }


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("payment_intent", "latest_charge.balance_transaction.source"),
        ("payment_intent", "customer.invoice_settings.default_payment_method.customer"),
        ("charge", "refunds.data.balance_transaction"),
        ("refund", "charge.payment_intent.latest_charge"),
        ("dispute", "payment_intent.payment_method"),
        ("payment_method", "customer"),
    ],
)
def test_what_can_be_expanded(kind: str, path: str) -> None:
    parse(EXPANDABLE, kind, [path], many=False)


@pytest.mark.parametrize(
    ("kind", "path"),
    [
        ("charge", "payment_method"),
        ("charge", "refunds.balance_transaction"),
        ("payment_intent", "customer.email"),
        ("balance_transaction", "source.default_source"),
        ("customer", ""),
    ],
)
def test_what_can_not_be_expanded(kind: str, path: str) -> None:
    with pytest.raises(ParameterError):
        parse(EXPANDABLE, kind, [path], many=False)
