"""How e-mail addresses are compared."""

import pytest

from shop.rules.email import looks_like_email, normalise


def test_letter_case_and_blanks_around_do_not_matter():
    """Two spellings of one address are one student."""
    assert normalise(" Jenny.ROSEN@Example.com ") == normalise("jenny.rosen@example.COM")


@pytest.mark.parametrize(
    ("text", "fits"),
    [
        ("a@b", True),
        ("first.last+tag@example.com", True),
        ("ünïcode@exämple.com", True),
        ("no-at-sign", False),
        ("@example.com", False),
        ("name@", False),
        ("two words@example.com", False),
        ("x" * 250 + "@example.com", False),
    ],
)
def test_the_shape_of_an_address(text: str, fits: bool):
    """Only obvious mistakes are refused; a letter tells the rest."""
    assert looks_like_email(text) is fits
