"""Links that let students in, and end."""

from itsdangerous import TimestampSigner

from shop.student_links import LINK_LASTS, StudentLinks

LINKS = StudentLinks("https://shop.example", "a key")


def signature_of(link: str) -> str:
    return link.partition("?link=")[2]


def test_a_link_opens_what_it_was_made_for():
    """A student's page or a payment's."""
    account = LINKS.account("cus_1")
    assert account.startswith("https://shop.example/account-update/cus_1?link=")
    assert LINKS.opens(signature_of(account)) == "cus_1"
    payment = LINKS.confirmation("pi_1")
    assert payment.startswith("https://shop.example/confirm-payment/pi_1?link=")
    assert LINKS.opens(signature_of(payment)) == "pi_1"


def test_a_link_ends_after_a_week(monkeypatch):
    """In its last second it still works."""
    signature = signature_of(LINKS.account("cus_1"))
    now = TimestampSigner("any").get_timestamp()
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now + LINK_LASTS)
    assert LINKS.opens(signature) == "cus_1"
    monkeypatch.setattr(TimestampSigner, "get_timestamp", lambda _: now + LINK_LASTS + 2)
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
