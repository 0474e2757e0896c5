"""The table of test cards."""

import pytest

from sandbox.cards import BY_NAME, CARDS, passes_luhn


def test_every_number_is_a_valid_one() -> None:
    assert [card.number for card in CARDS if not passes_luhn(card.number)] == []


def test_numbers_and_names_are_unique() -> None:
    assert len({card.number for card in CARDS}) == len(CARDS)
    assert len(BY_NAME) == 2 * sum(len(card.names) for card in CARDS)


@pytest.mark.parametrize(
    ("name", "last4"),
    [
        ("pm_card_visa", "4242"),
        ("pm_card_chargeCustomerFail", "0341"),
        ("pm_card_authenticationRequired", "3184"),
        ("tok_visa", "4242"),
        ("tok_visa_chargeDeclined", "0002"),
        ("tok_createDispute", "0259"),
    ],
)
def test_stripes_names_for_the_cards(name: str, last4: str) -> None:
    assert BY_NAME[name].last4 == last4


def test_a_mistyped_number_fails_the_check() -> None:
    assert not passes_luhn("4242424242424241")
