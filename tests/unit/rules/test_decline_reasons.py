"""What helps after a refusal."""

import pytest

from shop.rules.decline_reasons import AUTHENTICATION, CARD_IS_OF_NO_USE, PASSES, Remedy, remedy


@pytest.mark.parametrize(
    ("decline_code", "advice_code", "code", "helps"),
    [
        ("generic_decline", "try_again_later", "card_declined", Remedy.TRY_AGAIN),
        ("generic_decline", "do_not_try_again", "card_declined", Remedy.NEW_CARD),
        ("generic_decline", None, "card_declined", Remedy.NEW_CARD),
        ("insufficient_funds", None, "card_declined", Remedy.TRY_AGAIN),
        ("lost_card", "try_again_later", "card_declined", Remedy.NEW_CARD),
        ("expired_card", None, "expired_card", Remedy.NEW_CARD),
        ("incorrect_cvc", "confirm_card_data", "incorrect_cvc", Remedy.NEW_CARD),
        (None, None, "processing_error", Remedy.TRY_AGAIN),
        ("authentication_required", None, "authentication_required", Remedy.AUTHENTICATION),
        ("authentication_required", "try_again_later", "card_declined", Remedy.AUTHENTICATION),
        (None, None, "payment_intent_authentication_failure", Remedy.AUTHENTICATION),
        ("a_code_of_tomorrow", "an_advice_of_tomorrow", None, Remedy.NEW_CARD),
        (None, None, None, Remedy.NEW_CARD),
    ],
)
def test_the_first_rule_that_speaks_decides(decline_code, advice_code, code, helps):
    """Confirmation, then dead cards, then the network's advice, then what passes by itself."""
    assert remedy(decline_code=decline_code, advice_code=advice_code, code=code) is helps


def test_no_code_is_in_two_tables():
    """So the order of the rules matters only between codes and advice."""
    tables = (AUTHENTICATION, CARD_IS_OF_NO_USE, PASSES)
    assert len(frozenset().union(*tables)) == sum(map(len, tables))
