"""Links that let students in, and end."""

import time

import pytest
from itsdangerous import TimestampSigner

from shop.student_links import LINK_LASTS, Opened, StudentLinks

LINKS = StudentLinks("https://shop.example", "a key")
NOW = 1_795_420_800
HOUR = 3600


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    it_is(NOW, monkeypatch)


def it_is(moment: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: moment)
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: int(moment))


def signature_of(link: str) -> str:
    return link.partition("?link=")[2]


def test_a_link_opens_what_it_was_made_for():
    """A student's page or a payment's."""
    account = LINKS.account("cus_1")
    assert account.startswith("https://shop.example/account-update/cus_1?link=")
    assert LINKS.opens(signature_of(account)) == Opened("cus_1", NOW + LINK_LASTS)
    payment = LINKS.confirmation("pi_1")
    assert payment.startswith("https://shop.example/confirm-payment/pi_1?link=")
    assert LINKS.opens(signature_of(payment)) == Opened("pi_1", NOW + LINK_LASTS)


def test_a_link_ends_after_a_week(monkeypatch: pytest.MonkeyPatch):
    """In its last second it still works."""
    signature = signature_of(LINKS.account("cus_1"))
    it_is(NOW + LINK_LASTS + 0.9, monkeypatch)
    assert LINKS.opens(signature) == Opened("cus_1", NOW + LINK_LASTS)
    it_is(NOW + LINK_LASTS + 1, monkeypatch)
    assert LINKS.opens(signature) is None


def test_a_link_made_for_whom_a_link_let_in_ends_with_that_one(monkeypatch: pytest.MonkeyPatch):
    """Whichever page it is for, and whoever follows it."""
    let_in = StudentLinks("https://shop.example", "a key", ends=NOW + HOUR)
    signatures = signature_of(let_in.account("cus_1")), signature_of(let_in.confirmation("pi_1"))
    it_is(NOW + HOUR + 0.9, monkeypatch)
    opened = [Opened("cus_1", NOW + HOUR), Opened("pi_1", NOW + HOUR)]
    assert [LINKS.opens(signature) for signature in signatures] == opened
    it_is(NOW + HOUR + 1, monkeypatch)
    assert [LINKS.opens(signature) for signature in signatures] == [None, None]


def test_no_link_lasts_longer_than_a_week(monkeypatch: pytest.MonkeyPatch):
    """Whatever end it was made with."""
    signature = signature_of(StudentLinks("", "a key", ends=NOW + 2 * LINK_LASTS).account("cus_1"))
    assert LINKS.opens(signature) == Opened("cus_1", NOW + LINK_LASTS)
    it_is(NOW + LINK_LASTS + 1, monkeypatch)
    assert LINKS.opens(signature) is None


def test_what_was_signed_with_another_key_opens_nothing():
    """Nor does what was changed, cut short or made up."""
    signature = signature_of(StudentLinks("https://shop.example", "another").account("cus_1"))
    own = signature_of(LINKS.account("cus_1"))
    for forged in (signature, own[:-1], own.replace(".", "", 1), "", "x" * 5000, "é"):
        assert LINKS.opens(forged) is None


def test_without_a_key_links_are_plain():
    """Then nobody needs to be let in."""
    plain = StudentLinks("https://shop.example", "")
    assert plain.account("cus_1") == "https://shop.example/account-update/cus_1"
    assert plain.opens("anything") is None
