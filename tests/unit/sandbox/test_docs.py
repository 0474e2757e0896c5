"""``docs/sandbox.md`` says what is there."""

import re
from pathlib import Path

from sandbox.cards import CARDS
from sandbox.controls import ROUTES
from sandbox.version import API_VERSION

PAGE = (Path(__file__).parents[3] / "docs" / "sandbox.md").read_text()


def test_every_test_card_is_listed_with_a_name() -> None:
    listed = re.findall(r"^\| ([0-9 ]+) \| `pm_card_(\w+)` \|", PAGE, re.MULTILINE)
    numbers = {number.replace(" ", ""): name for number, name in listed}
    assert set(numbers) == {card.number for card in CARDS}
    assert all(numbers[card.number] in card.names for card in CARDS)


def test_every_control_is_listed() -> None:
    listed = set(re.findall(r"^\| `(GET|POST) (/_sandbox/[\w/{}]+)", PAGE, re.MULTILINE))
    assert listed == {(route.method, route.path) for route in ROUTES}


def test_the_version_is_named() -> None:
    assert f"`{API_VERSION}`" in PAGE
