"""What holds for every page: its frame, its manners, and how it fits a phone."""

from collections.abc import Iterator
from dataclasses import dataclass

import pytest
from playwright.sync_api import ConsoleMessage, Page, expect

from tests.browser.api import Api
from tests.browser.students import student_with_card


@dataclass(frozen=True)
class Place:
    """A page, the class of its `main`, and its link in the navigation."""

    path: str
    main: str
    current: str | None
    settled: str
    """A selector for what shows last."""


PLACES = {
    "home": Place("/", "main-global", "Home", "button#lessons"),
    "lessons": Place("/lessons", "main-lessons", "Lessons Courses", "button#third"),
    "account": Place("/account-update/{student}", "main-lessons", None, "#card-last4"),
    "unknown account": Place("/account-update/cus_none", "main-lessons", None, "h3"),
    "accountant": Place("/accountant", "main-accountant", None, "#run-report"),
    "no page": Place("/no/such/page", "main-not-found", None, "h1"),
}
WIDTHS = (1280, 768, 390)


@pytest.fixture(params=PLACES)
def place(request: pytest.FixtureRequest, page: Page, shop: Api, stripe: Api) -> Iterator[Place]:
    """Each page in turn, open and settled, with nothing said on its console but a 404's own."""
    place = PLACES[request.param]
    student = student_with_card(shop, stripe).id if "{student}" in place.path else ""
    said: list[ConsoleMessage] = []
    page.on("console", lambda message: said.append(message))
    page.goto(place.path.format(student=student))
    expect(page.locator(f"main.{place.main} {place.settled}").first).to_be_visible()
    yield place
    problems = [message.text for message in said if message.type in ("error", "warning")]
    answered_404 = [text for text in problems if "status of 404" in text]
    assert problems == answered_404
    assert len(answered_404) == (1 if request.param in ("unknown account", "no page") else 0)


def test_every_page_has_the_same_frame(page: Page, place: Place) -> None:
    """`main > .header > nav` with logo, the two links, and the shop's name as a picture."""
    nav = page.locator(f"main.{place.main} > .header > nav")
    expect(nav).to_have_count(1)
    expect(nav.locator("img.logo")).to_have_attribute("alt", "A street lamp shaped like a note")
    expect(nav.locator("img.logo-title")).to_have_attribute("alt", "Ipsum Street")
    links = nav.locator("ul.eco-navigation").get_by_role("link")
    expect(links).to_have_text(["Home", "Lessons Courses"])
    assert [link.get_attribute("href") for link in links.all()] == ["/", "/lessons"]
    current = [place.current] if place.current else []
    expect(page.locator(".current")).to_have_text(current)
    expect(nav.locator("a.current[aria-current=page]")).to_have_text(current)
    expect(page.get_by_text("Lessons Courses")).to_have_count(1)
    assert page.locator("body").inner_text().count("Lessons Courses") == 1


@pytest.mark.usefixtures("place")
def test_every_page_says_what_it_is(page: Page) -> None:
    """Language, viewport, a title, one visible `h1`, no id twice, and a text for every picture."""
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("meta[name=viewport]")).to_have_attribute(
        "content", "width=device-width, initial-scale=1"
    )
    assert page.title()
    expect(page.locator("h1:visible")).to_have_count(1)
    ids: list[str] = page.evaluate("Array.from(document.querySelectorAll('[id]'), (e) => e.id)")
    assert len(ids) == len(set(ids))
    for picture in page.locator("img").all():
        assert picture.get_attribute("alt"), picture.evaluate("(img) => img.src")


@pytest.mark.usefixtures("place")
def test_every_page_loads_whole(page: Page) -> None:
    """The network goes idle, every visible picture is there, and nothing comes from elsewhere."""
    page.wait_for_load_state("networkidle")
    missing: list[str] = page.evaluate(
        """Array.from(document.images)
            .filter((img) => img.checkVisibility() && !img.naturalWidth)
            .map((img) => img.src)"""
    )
    assert missing == []
    origins: list[str] = page.evaluate(
        """Array.from(performance.getEntriesByType('resource'), ({ name }) => new URL(name))
            .map((url) => url.hostname)"""
    )
    assert set(origins) == {"127.0.0.1"}


@pytest.mark.usefixtures("place")
def test_no_page_scrolls_sideways(page: Page) -> None:
    """The content is as wide as the window, on a laptop, a tablet and a phone."""
    for width in WIDTHS:
        page.set_viewport_size({"width": width, "height": 844})
        assert page.evaluate("document.documentElement.scrollWidth") == width
