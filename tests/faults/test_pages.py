"""What staff read on an open page while something is away, and that the page mends by itself."""

import os
import shutil
from collections.abc import AsyncIterator
from contextlib import ExitStack

import pytest
from playwright.async_api import Browser, Page, async_playwright, expect

from tests.browser.conftest import BROWSERS, QUIET
from tests.faults import redis_server
from tests.faults.conftest import OpenShop
from tests.faults.tally import Outcome, Tally
from tests.stack import Stack

WITHIN_MS = 30_000

PAGES = {
    "/accountant": ("#list-problem", "The list of reports can't be refreshed."),
    "/instructor": ("#book-problem", "The lesson book can't be read."),
}
"""Where each page says what is wrong, and how that begins."""

REDIS_AWAY = "The shop's memory is away. Please try again soon."
WEB_AWAY = "We could not reach the shop. Please check your connection and try again."


@pytest.fixture
async def chromium() -> AsyncIterator[Browser]:
    """The machine's own browser; CHROME names another one."""
    executable = os.environ.get("CHROME") or next(filter(None, map(shutil.which, BROWSERS)), None)
    if executable is None:
        pytest.fail("No Chrome or Chromium is installed; script/test installs one.")
    async with async_playwright() as playwright:
        browser = await playwright.chromium.launch(executable_path=executable, args=[*QUIET])
        yield browser
        await browser.close()


class OpenPages:
    """Pages that staff have open."""

    def __init__(self, pages: dict[str, Page]) -> None:
        self._pages = pages
        self.looked = 0

    async def say(self, sentence: str) -> None:
        """Wait until each tells its reader this; what it showed before is still there."""
        for path, (place, beginning) in PAGES.items():
            page = await self._looked_at(path)
            told = page.locator(place)
            await expect(told).to_contain_text(f"{beginning} {sentence}", timeout=WITHIN_MS)

    async def are_well(self) -> None:
        """Wait until no page has anything to complain of."""
        for path, (place, _) in PAGES.items():
            page = await self._looked_at(path)
            await expect(page.locator(place)).to_be_hidden(timeout=WITHIN_MS)

    async def _looked_at(self, path: str) -> Page:
        """Somebody comes back to the page, which asks at once then."""
        self.looked += 1
        await self._pages[path].evaluate("document.dispatchEvent(new Event('visibilitychange'))")
        return self._pages[path]


async def opened(chromium: Browser, stack: Stack) -> OpenPages:
    """The staff's pages, once they are filled."""
    context = await chromium.new_context(base_url=stack.url)
    pages = {path: await context.new_page() for path in PAGES}
    for path, page in pages.items():
        await page.goto(path)
    open_pages = OpenPages(pages)
    await expect(pages["/instructor"].locator("#as-of")).not_to_be_empty(timeout=WITHIN_MS)
    await open_pages.are_well()
    return open_pages


async def test_what_pages_say(open_shop: OpenShop, chromium: Browser, tally: Tally):
    """Redis is killed and comes back, then the web process; nobody loads a page again."""
    stack = open_shop(students=20, payments=60)
    for name in ("web", "worker"):
        stack.start(name)
    with ExitStack() as restarts:
        pages = await opened(chromium, stack)
        redis_server.kill(redis_server.redis_process(stack))
        await pages.say(REDIS_AWAY)
        restarts.enter_context(redis_server.restarted(stack))
        await pages.are_well()
        stack.kill("web")
        await pages.say(WEB_AWAY)
        stack.start("web")
        await pages.are_well()
        stack.stop()
    tally.counts(
        "looks at the accountant's and the instructor's open pages while Redis or web is killed and"
        " comes back: each says so, and mends by itself",
        Outcome(attempts=pages.looked, done=pages.looked),
    )
