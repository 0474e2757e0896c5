"""The real shop and its pages, and a camera for what a laptop and a phone show.

Taking pictures writes docs/screens.md as well, which shows them.
"""

from collections.abc import Callable, Iterator
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Protocol

import pytest
from playwright.sync_api import Page

from tests.browser.api import Api
from tests.browser.conftest import (  # noqa: F401 (fixtures)
    chromium,
    lessons,
    page,
    shop,
    stack,
    staff,
    stripe,
)
from tests.browser.students import Student, student_with_lesson

DOCS = Path(__file__).parents[2] / "docs"

SIZES = {"laptop": (1280, 900), "phone": (390, 844)}
"""What a window shows without scrolling, in CSS pixels."""

HEAD = """# The pages, state by state

Each as a laptop (1280 pixels wide) and a phone (390) show it. `tests/pictures` takes them from the
running shop and writes this page ([CONTRIBUTING](../CONTRIBUTING.md#a-change-to-a-page)).

| state | laptop | phone |
| --- | --- | --- |
"""


class Camera(Protocol):
    """Keeps what the page shows now, under a sentence that says what it is."""

    def __call__(self, name: str, says: str, *, whole: bool = False) -> None:
        """Take `<name>-laptop.jpg` and `<name>-phone.jpg`: the window, or the whole page."""


@pytest.fixture(scope="session")
def album() -> Iterator[list[str]]:
    """The rows of docs/screens.md, which is written at the end."""
    rows: list[str] = []
    yield rows
    (DOCS / "screens.md").write_text(HEAD + "".join(rows))


@pytest.fixture
def picture(page: Page, album: list[str]) -> Camera:  # noqa: F811
    def take(name: str, says: str, *, whole: bool = False) -> None:
        for size, (width, height) in SIZES.items():
            page.set_viewport_size({"width": width, "height": height})
            page.screenshot(
                path=DOCS / "screens" / f"{name}-{size}.jpg",
                type="jpeg",
                quality=70,
                full_page=whole,
                animations="disabled",
            )
        width, height = SIZES["laptop"]
        page.set_viewport_size({"width": width, "height": height})
        album.append(
            f'| {says} | <img src="screens/{name}-laptop.jpg" width="460" alt="">'
            f' | <img src="screens/{name}-phone.jpg" width="140" alt=""> |\n'
        )

    return take


@pytest.fixture
def pupil(shop: Api, stripe: Api) -> Callable[..., Student]:  # noqa: F811
    """Makes a student who has a lesson tomorrow: `pupil("Jenny Rosen", "pm_card_visa")`."""

    def make(name: str, card: str = "pm_card_visa") -> Student:
        return student_with_lesson(shop, stripe, name, datetime.now(UTC) + timedelta(days=1), card)

    return make


@pytest.fixture
def held(shop: Api) -> Callable[[Student], str]:  # noqa: F811
    """Places a hold of $65.00; answers with its id."""

    def place(student: Student) -> str:
        lesson = {"amount": 6500, "description": "Guitar lesson", "instructor": "Ruth Bell"}
        answer = shop.post("/schedule-lesson", customer_id=student.id, **lesson)
        return str(answer["payment"]["id"])

    return place
