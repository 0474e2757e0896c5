"""What staff do on the instructor's page, and the shop's answers in place of its own."""

import re
from collections.abc import Callable
from typing import Any

from playwright.sync_api import Locator, Page, Route, expect

from tests.browser.lesson_book_documents import Document

EMPTY = {
    "today": "No lessons in the next two weeks.",
    "needs-hold": "Nobody needs a hold. Every lesson of the next five days is covered.",
    "holds": "No open holds. Nothing is reserved on any card.",
    "failed": "No failed payments in the last 30 days.",
    "attention": "Nothing needs attention.",
}
"""What each view says where there is nothing to show."""


class InstructorPage:
    """Lessons by day, the five views, the dialog of every action, and a student's panel."""

    def __init__(self, page: Page) -> None:
        self.page = page
        self.title = page.locator(".view-title")
        self.empty = page.locator("#view .view-empty")
        self.rows = page.locator("#view .row")
        self.news = page.locator("#news-text")
        self.problem = page.locator("#book-problem")
        self.together = page.locator("#together")
        self.dialog = page.get_by_role("dialog")
        self.amount = page.get_by_label("Amount in dollars")
        self.submit = page.locator("#action-dialog [type=submit]")
        self.search = page.get_by_label("Find a student")
        self.found = page.locator(".found a")
        self.student = page.locator("#student")

    def open(self, view: str = "today") -> None:
        """Go there and wait until the lesson book is read."""
        self.page.goto(f"/instructor#{view}")
        expect(self.page.locator("#as-of")).not_to_be_empty()

    def open_student(self, customer_id: str) -> None:
        """The panel of one student."""
        self.page.goto(f"/instructor#student/{customer_id}")
        expect(self.student.locator(".student-body")).to_be_visible()

    def row(self, name: str) -> Locator:
        """The rows of one student."""
        return self.rows.filter(has=self.page.get_by_role("link", name=name, exact=True))

    def payment(self, number: int = 0) -> Locator:
        """A payment in the student's panel, newest first."""
        return self.student.locator(".row").nth(number)

    def begin(self, row: Locator, action: str) -> None:
        """Open the dialog of an action, from behind "More" where it is there."""
        button = row.get_by_role("button", name=re.compile(f"^{action}"))
        expect(row.first).to_be_visible()
        if not button.is_visible():
            row.get_by_role("button", name="More").click()
        button.click()
        expect(self.dialog).to_be_visible()

    def send(self, news: str | re.Pattern[str]) -> None:
        """Press the dialog's button; it closes, and the page says what came of it."""
        self.submit.click()
        expect(self.dialog).to_be_hidden()
        expect(self.news).to_have_text(news)

    def figures(self) -> dict[str, str]:
        """What the dialog says the action comes to."""
        lines = self.dialog.locator(".dialog-figures > div").all()
        return {line.locator("dt").inner_text(): line.locator("dd").inner_text() for line in lines}

    def outcomes(self) -> dict[str, str]:
        """What the dialog says came of it, by student."""
        return {
            one.locator(".whom-name").inner_text(): one.locator(".whom-result").inner_text()
            for one in self.dialog.locator(".whom").all()
        }


class CannedBook:
    """Answers in place of the shop's lesson book."""

    def __init__(self, page: Page, document: Document) -> None:
        self.document = document
        self.is_away = False
        self.readings = 0
        self.later: dict[str, Document] = {}
        page.route("**/lesson-book", self._answer)
        page.route("**/lesson-book?skip=*", self._answer_later)

    def _answer(self, route: Route) -> None:
        self.readings += 1
        if self.is_away:
            error = {"code": "unavailable", "message": "The shop's memory is away."}
            route.fulfill(status=503, json={"error": error})
        else:
            route.fulfill(json=self.document)

    def _answer_later(self, route: Route) -> None:
        route.fulfill(json=self.later[route.request.url.partition("skip=")[2]])


def note_posts(page: Page, path: str, go_on: Callable[[Route], None]) -> list[Any]:
    """Notes the body and key of each POST to a path; what becomes of it, `go_on` decides."""
    noted: list[Any] = []

    def note(route: Route) -> None:
        request = route.request
        noted.append((request.post_data_json, request.headers["idempotency-key"]))
        go_on(route)

    page.route(f"**{path}", note)
    return noted


def intent(intent_id: str, status: str = "requires_capture", **changes: Any) -> Document:
    """A PaymentIntent of 65 dollars as Stripe answers it, as far as the page reads it."""
    return {
        "id": intent_id,
        "status": status,
        "amount": 6500,
        "amount_received": 0,
        "currency": "usd",
        "created": 1795446000,
        "description": "Guitar lesson",
        "metadata": {},
        **changes,
    }


def shown(staff: InstructorPage, document: Document, view: str = "today") -> CannedBook:
    """A view of the page over this book."""
    canned = CannedBook(staff.page, document)
    staff.open(view)
    return canned


def said(staff: InstructorPage) -> list[list[str]]:
    """When, who, state with amount, notes and buttons of each row."""
    parts = (".row-moment", ".row-name", ".row-line", ".row-notes")
    return [
        [row.locator(part).inner_text().replace("\n", " ") for part in parts]
        + [" ".join(row.locator(".row-actions > button").all_inner_texts()).replace("\n", " ")]
        for row in staff.rows.all()
    ]
