"""One saved card per student."""

from dataclasses import dataclass

from shop.rules.cards import left_beside, replaced_since, superfluous


@dataclass(frozen=True)
class Attached:
    id: str


OLD, NEW = Attached("pm_old"), Attached("pm_new")


def test_late_news_of_an_older_card_does_not_bring_it_back():
    """The student has put down a newer card since. Stripe lists the newest first."""
    assert replaced_since(OLD, [NEW, OLD]) is True
    assert replaced_since(NEW, [NEW, OLD]) is False


def test_a_card_that_was_taken_off_counts_as_replaced():
    """A detached card can never be attached again."""
    assert replaced_since(OLD, [NEW]) is True
    assert replaced_since(OLD, []) is True


def test_a_card_that_was_confirmed_too_late_is_left_beside_the_newer_one():
    """Unless the newer one is not the student's yet, or one of the two is gone."""
    assert left_beside(OLD, [NEW, OLD], NEW) is True
    assert left_beside(OLD, [NEW, OLD], OLD) is False
    assert left_beside(OLD, [NEW], NEW) is False
    assert left_beside(OLD, [OLD], NEW) is False


def test_every_other_card_goes():
    """However many were attached, one is left."""
    assert superfluous(NEW, [NEW, OLD]) == [OLD]
    assert superfluous(NEW, [NEW]) == []
