"""Entries of the audit trail as people read them."""

import pytest

from shop.audit.actions import Action
from shop.audit.entry import Entry, Result
from shop.audit.wording import PHRASES, sentence

AT = 1_795_420_800_000
LATER = AT / 1000 + 3600

OK = {"result": Result.OK, "status": 200}
REFUSED = {"result": Result.REFUSED, "status": 400}


def said(action: str, now: float = LATER, **parts: object) -> str:
    return sentence(Entry(id="a", at=AT, action=action, **parts), now)


@pytest.mark.parametrize(
    ("action", "parts", "words"),
    [
        (
            "hold",
            {"customer": "cus_1", "payment": "pi_1", "amount": 6500},
            "held $65.00 on the card of cus_1 (pi_1)",
        ),
        (
            "hold again",
            {"payment": "pi_1", "new_payment": "pi_2", "amount": 6500},
            "held $65.00 again: pi_2 in place of pi_1",
        ),
        ("capture", {"payment": "pi_1", "amount": 123456}, "captured $1,234.56 of pi_1"),
        ("release", {"payment": "pi_1", "amount": 6500}, "let go of $65.00 held by pi_1"),
        ("refund", {"payment": "pi_1", "amount": 1000}, "gave back $10.00 of pi_1"),
        ("download", {"report": "r1", "detail": "csv"}, "downloaded the report r1 as csv"),
        ("see failed payments", {}, "saw whose payments had failed"),
        (
            "read letters",
            {"report": "r1"},
            "read the letters to the students of the report r1",
        ),
        ("sign out", {}, "signed out"),
    ],
)
def test_what_was_done(action: str, parts: dict[str, object], words: str):
    """With the money and the ids that it was about."""
    assert said(action, who="ada", via="session", currency="usd", **OK, **parts) == f"ada {words}."


@pytest.mark.parametrize(
    ("parts", "who"),
    [
        ({"who": "ada", "via": "session"}, "ada"),
        ({"who": "ada/nightly", "via": "token"}, "ada, by the token “nightly”,"),
        ({"who": "cus_1", "via": "link"}, "The student of cus_1"),
        ({"via": "link"}, "A student"),
        ({"via": "open"}, "Somebody on this machine"),
        ({"via": "nobody"}, "A visitor"),
    ],
)
def test_who_did_it(parts: dict[str, object], who: str):
    """As far as anybody knows."""
    assert said("delete student", customer="cus_1", **OK, **parts) == f"{who} deleted cus_1."


def test_how_it_ended():
    """Refused, failed, never ended, still under way."""
    capture = {"who": "ada", "via": "session", "payment": "pi_1"}
    tried = "ada tried to capture what is there of pi_1"
    assert said("capture", **capture, code="charge_expired", **REFUSED) == (
        f"{tried}, but was refused (charge expired)."
    )
    assert said("capture", **capture, status=503, code="stripe_failed") == (
        f"{tried}, and nobody can say whether it was done (stripe failed)."
    )
    assert said("capture", **capture) == f"{tried}, and nobody can say how it ended."
    assert said("capture", AT / 1000 + 5, **capture) == (
        "ada is about to capture what is there of pi_1."
    )


def test_signing_in():
    """Whoever did not get in may be anybody; a name that no account has is not repeated."""
    wrong = {"result": Result.REFUSED, "status": 401, "via": "nobody"}
    assert said("sign in", who="ada", via="nobody", **OK) == "ada signed in."
    assert said("sign in", who="ada", **wrong) == (
        "Somebody tried to sign in as ada, but was refused."
    )
    assert said("sign in", **wrong) == (
        "Somebody tried to sign in under a name that nobody has, but was refused."
    )


def test_an_answer_that_was_repeated():
    """It says that nothing was done twice."""
    money = {"amount": 6500, "currency": "usd"}
    assert said("release", who="ada", payment="pi_1", repeated=True, **money, **OK) == (
        "ada let go of $65.00 held by pi_1. This was asked for twice: the first answer was "
        "given again, and nothing was done."
    )


def test_entries_that_were_lost():
    """The trail says itself where it is not whole."""
    assert said("entries lost", detail="17", status=0) == (
        "17 entries could not be kept, as the disk took none."
    )


def test_what_a_later_version_did():
    """It has no phrase here, and is said all the same."""
    assert said("pay out", who="ada", **OK) == "ada did “pay out”."


def test_every_action_has_its_phrases():
    """Before it is seen in a trail for the first time."""
    assert set(PHRASES) == set(Action) - {Action.GAP}
