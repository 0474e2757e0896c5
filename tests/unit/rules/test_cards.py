"""One saved card per student."""

from dataclasses import dataclass

from shop.rules.cards import replaced_since, superfluous


@dataclass(frozen=True)
class Attached:
    id: str
    created: int


OLD, NEW = Attached("pm_old", 100), Attached("pm_new", 200)


def test_late_news_of_an_older_card_does_not_bring_it_back():
    """The student has put down a newer card since."""
    assert replaced_since(OLD, [NEW, OLD], default=None) is True
    assert replaced_since(NEW, [NEW, OLD], default=None) is False


def test_a_card_that_was_taken_off_counts_as_replaced():
    """A detached card can never be attached again."""
    assert replaced_since(OLD, [NEW], default=None) is True
    assert replaced_since(OLD, [], default=None) is True


def test_of_two_cards_of_one_second_the_default_one_is_the_newer():
    """Stripe tells the time to the second, and news of the other may come late."""
    twin = Attached("pm_twin", 200)
    assert replaced_since(twin, [NEW, twin], default="pm_new") is True
    assert replaced_since(NEW, [NEW, twin], default="pm_new") is False
    assert replaced_since(OLD, [NEW, OLD], default="pm_old") is True


def test_every_other_card_goes():
    """However many were attached, one is left."""
    assert superfluous(NEW, [NEW, OLD]) == [OLD]
    assert superfluous(NEW, [NEW]) == []
