"""Errors of failed jobs, as they are shown."""

import pytest

from jobs.queue_states import LONGEST_ERROR, last_line

TRACEBACK = """Traceback (most recent call last):
  File "jobs/handle_event.py", line 40, in handle_event
    await act(desk, "jenny@example.com")
shop.errors.StripeUnavailable: Stripe could not be reached.
"""


def test_the_last_line_is_what_an_error_comes_to():
    """Whatever stands above it is for the log."""
    assert last_line(TRACEBACK) == "shop.errors.StripeUnavailable: Stripe could not be reached."
    assert last_line("") == ""


@pytest.mark.parametrize(
    ("told", "shown"),
    [
        ("Refused: jenny.rosen+x@mail.example.com, twice", "Refused: …, twice"),
        ("{'jenny@example.com': (550, b'no such user')}", "{'…': (550, b'no such user')}"),
        ("No such key: sk_test_4eC39HqLyjWDarj", "No such key: …"),
        ("rk_live_abc whsec_abc ipsum_12_ab", "… … …"),
        ("pi_1_secret_2 is for its student", "… is for its student"),
        ("redis://user:secret@10.0.0.1:6379 refused", "redis://user:… refused"),
        ("No such customer: 'cus_1'", "No such customer: 'cus_1'"),
    ],
)
def test_addresses_and_secrets_are_left_out(told: str, shown: str):
    """Ids stay, as they lead somewhere."""
    assert last_line(told) == shown


def test_a_long_error_is_cut():
    """It is one line of a list."""
    assert len(last_line("x" * 1000)) == LONGEST_ERROR
