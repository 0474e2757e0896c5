"""A real Chromium in front of the whole shop."""

import os
import re
import shutil
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, ConsoleMessage, Page, Response, expect, sync_playwright

from tests.browser.api import Api, stripe_api
from tests.browser.instructor import InstructorPage
from tests.browser.pages import LessonsPage
from tests.stack import Stack, open_stack

BROWSERS = ("google-chrome", "google-chrome-stable", "chromium", "chromium-browser")
SWITCHED_OFF = (
    # Every window would load two pages of its own, for suggestions under the address bar.
    "WebUIOmniboxPopup",
    "WebUIOmniboxAimPopup",
    # What Playwright switches off, as far as it matters here; this list takes its list's place.
    "AimEnabled",
    "HttpsFirstBalancedModeAutoEnable",
    "HttpsUpgrades",
    "NetworkTimeServiceQuerying",
    "OptimizationHints",
    "PreconnectToSearch",
)
QUIET = (
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
    "--disable-component-update",
    "--no-first-run",
    f"--disable-features={','.join(SWITCHED_OFF)}",
)
PATIENCE_MS = 10_000


@pytest.fixture(scope="session")
def stack(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """The shop with web server and worker, over a sandbox with a small history."""
    folder = tmp_path_factory.mktemp("shop")
    with open_stack(folder, students=60, payments=240) as running:
        running.start("web")
        running.start("worker")
        yield running


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The machine's own browser; CHROME names another one."""
    executable = os.environ.get("CHROME") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.fail("No Chrome or Chromium is installed; script/test installs one.")
    expect.set_options(timeout=PATIENCE_MS)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=executable, args=[*QUIET])
        yield browser
        browser.close()


@pytest.fixture
def page(chromium: Browser, stack: Stack) -> Iterator[Page]:
    """A page of a new visitor at laptop size.

    A script error, a failed asset, or something that the page's own policy forbids fails the test.
    """
    context = chromium.new_context(
        base_url=stack.url, viewport={"width": 1280, "height": 900}, timezone_id="America/New_York"
    )
    context.set_default_timeout(PATIENCE_MS)
    visitor = context.new_page()
    problems: list[str] = []
    visitor.on("pageerror", lambda error: problems.append(str(error)))
    visitor.on("response", lambda answer: problems.extend(_failed_asset(answer)))
    visitor.on("console", lambda message: problems.extend(_against_policy(message)))
    yield visitor
    context.close()
    assert problems == []


def _failed_asset(answer: Response) -> list[str]:
    is_asset = "/assets/" in answer.url or "/js/" in answer.url
    return [f"{answer.status} {answer.url}"] if is_asset and answer.status >= 400 else []


def _against_policy(message: ConsoleMessage) -> list[str]:
    """What Chromium says of a script, style, frame or address that a header forbids."""
    is_about_policy = re.search(
        r"Content Security Policy|Permissions[- ]Policy|Trusted", message.text
    )
    return [message.text] if is_about_policy else []


@pytest.fixture
def lessons(page: Page) -> LessonsPage:
    """Signing up, in that page."""
    return LessonsPage(page)


@pytest.fixture
def staff(page: Page) -> InstructorPage:
    """The instructor's page, in that page."""
    return InstructorPage(page)


@pytest.fixture
def shop(page: Page, stack: Stack) -> Api:
    """The shop's own routes."""
    return Api(page.request, stack.url)


@pytest.fixture
def stripe(page: Page, stack: Stack) -> Api:
    """The local Stripe, spoken to with the secret key."""
    return stripe_api(page.request, stack)


@pytest.fixture
def sandbox_url(stack: Stack) -> str:
    """Where the local Stripe and its Stripe.js are."""
    return stack.sandbox_url
