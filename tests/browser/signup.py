"""What the tests of signing up share: fixed words, routes, and how they are disturbed."""

from collections.abc import Iterator
from contextlib import contextmanager

from playwright.sync_api import Page, Request, Route

LEGAL = (
    "Your card will not be charged. By registering, you hold a session slot which we will "
    "confirm within 24 hrs."
)
CONFIRM = "**/v1/setup_intents/*/confirm"
FINISH = "**/update-payment-details/*"


def summary_of(lesson: str) -> str:
    """The sentence over the form, for a lesson such as "01 Dec 3:00 p.m."."""
    return (
        f"You have requested a lesson for {lesson} "
        "Please complete this form to reserve your lesson."
    )


def width_of(page: Page) -> int:
    """How wide the page's content is, in CSS pixels."""
    width: int = page.evaluate("document.documentElement.scrollWidth")
    return width


def idempotency_keys(request: Request) -> list[str]:
    """The key of a request that finishes a sign-up; nothing of any other request."""
    is_finish = request.method == "POST" and "/update-payment-details/" in request.url
    return [request.headers["idempotency-key"]] if is_finish else []


def failing_once(page: Page, pattern: str, status: int, code: str) -> None:
    """Answer the next matching request with an error, before it reaches the shop."""
    answer = {"error": {"code": code, "message": "Told by a test."}}
    page.route(pattern, lambda route: route.fulfill(status=status, json=answer), times=1)


@contextmanager
def held_back(page: Page, pattern: str) -> Iterator[None]:
    """Keep matching requests waiting inside the block."""
    waiting: list[Route] = []
    page.route(pattern, lambda route: waiting.append(route))
    yield
    for route in waiting:
        route.continue_()
    page.unroute(pattern)
