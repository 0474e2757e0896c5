"""What holds for every page: its frame, its manners, and how it fits a phone."""

from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, expect

from tests.browser.api import Api, stripe_api
from tests.browser.confirmations import waiting_payment
from tests.browser.students import student_with_card
from tests.stack import Stack

WIDTHS = (1280, 768, 390)


@dataclass(frozen=True)
class Place:
    """A page, the class of its `main`, its link in the navigation, and what shows last."""

    path: str
    main: str
    current: str | None
    settled: str
    is_known: bool = True


PLACES = {
    "home": Place("/", "main-global", "Home", "button#lessons"),
    "lessons": Place("/lessons", "main-lessons", "Lessons Courses", "button#third"),
    "account": Place("/account-update/{student}", "main-lessons", None, ".history-events"),
    "no account": Place("/account-update/cus_none", "main-lessons", None, "h3", is_known=False),
    "payment": Place("/confirm-payment/{payment}", "main-confirmation", None, "#confirm"),
    "no payment": Place(
        "/confirm-payment/pi_none", "main-confirmation", None, "h2", is_known=False
    ),
    "instructor": Place("/instructor", "main-instructor", None, ".view-title:visible"),
    "accountant": Place("/accountant", "main-accountant", None, "#run-report"),
    "owner": Place("/owner", "main-owner", None, ".found"),
    "queue": Place("/owner/queue", "main-owner", None, "#queues h3"),
    "letters": Place("/dev/mail", "main-mail", None, "h1"),
    "no page": Place("/no/such/page", "main-not-found", None, "h1", is_known=False),
}


@dataclass(frozen=True)
class Visit:
    """A page that is open and settled, and what its console has said since it was opened."""

    place: Place
    page: Page
    said: list[str] = field(default_factory=list)

    def hear(self, message: ConsoleMessage) -> None:
        """Note an error or a warning."""
        if message.type in ("error", "warning"):
            self.said.append(message.text)


@pytest.fixture(scope="module", params=PLACES)
def visit(request: pytest.FixtureRequest, chromium: Browser, stack: Stack) -> Iterator[Visit]:
    """Each page in turn, opened once for all tests of this file."""
    place = PLACES[request.param]
    context = chromium.new_context(base_url=stack.url, viewport={"width": 1280, "height": 844})
    shop, stripe = Api(context.request, stack.url), stripe_api(context.request, stack)
    student = student_with_card(shop, stripe).id if "{student}" in place.path else ""
    payment = waiting_payment(shop, stripe).id if "{payment}" in place.path else ""
    visit = Visit(place, context.new_page())
    visit.page.on("console", lambda message: visit.hear(message))
    visit.page.on("pageerror", lambda error: visit.said.append(str(error)))
    visit.page.goto(place.path.format(student=student, payment=payment))
    expect(visit.page.locator(f"main.{place.main} {place.settled}").first).to_be_visible()
    yield visit
    context.close()


def test_every_page_has_the_same_frame(visit: Visit) -> None:
    """`main > .header > nav` with logo, the two links, and the shop's name as a picture."""
    page, place = visit.page, visit.place
    nav = page.locator(f"main.{place.main} > .header > nav")
    expect(nav.locator("img.logo")).to_have_attribute("alt", "A street lamp shaped like a note")
    expect(nav.locator("img.logo-title")).to_have_attribute("alt", "Ipsum Street")
    links = nav.locator("ul.eco-navigation").get_by_role("link")
    expect(links).to_have_text(["Home", "Lessons Courses"])
    assert [link.get_attribute("href") for link in links.all()] == ["/", "/lessons"]
    current = [place.current] if place.current else []
    expect(page.locator(".current")).to_have_text(current)
    expect(nav.locator("a.current[aria-current=page]")).to_have_text(current)


def test_lessons_courses_stands_once_on_a_page(visit: Visit) -> None:
    """The link in the navigation is found by its text alone."""
    expect(visit.page.get_by_text("Lessons Courses")).to_have_count(1)
    assert visit.page.locator("body").inner_text().count("Lessons Courses") == 1


def test_every_page_says_what_it_is(visit: Visit) -> None:
    """Language, viewport, a title, one visible `h1`, no id twice, a text for every picture."""
    page = visit.page
    expect(page.locator("html")).to_have_attribute("lang", "en")
    expect(page.locator("meta[name=viewport]")).to_have_attribute(
        "content", "width=device-width, initial-scale=1"
    )
    assert page.title()
    expect(page.locator("h1:visible")).to_have_count(1)
    ids: list[str] = page.evaluate("Array.from(document.querySelectorAll('[id]'), (e) => e.id)")
    assert len(ids) == len(set(ids))
    for picture in page.locator("img").all():
        assert picture.get_attribute("alt"), picture.get_attribute("src")


def test_every_page_loads_whole(visit: Visit) -> None:
    """The network goes idle, every visible picture is there, and nothing comes from elsewhere."""
    visit.page.wait_for_load_state("networkidle")
    missing: list[str] = visit.page.evaluate(
        """Array.from(document.images)
            .filter((img) => img.checkVisibility() && !img.naturalWidth)
            .map((img) => img.src)"""
    )
    assert missing == []
    hosts: list[str] = visit.page.evaluate(
        """Array.from(performance.getEntriesByType('resource'), ({ name }) => new URL(name))
            .map((url) => url.hostname)"""
    )
    assert hosts
    assert {"localhost", "127.0.0.1"}.issuperset(hosts)


def test_no_page_scrolls_sideways(visit: Visit) -> None:
    """The content is as wide as the window, on a laptop, a tablet and a phone."""
    for width in WIDTHS:
        visit.page.set_viewport_size({"width": width, "height": 844})
        assert visit.page.evaluate("document.documentElement.scrollWidth") == width


def test_no_page_complains(visit: Visit) -> None:
    """The console is silent, but for the browser's own line about an address that is unknown."""
    visit.page.wait_for_load_state("networkidle")
    about_404 = "Failed to load resource: the server responded with a status of 404 (Not Found)"
    assert visit.said == ([] if visit.place.is_known else [about_404])
