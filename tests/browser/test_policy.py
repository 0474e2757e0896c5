"""What the policy of our pages keeps from happening, in a real browser."""

import re
from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page

from tests.stack import Stack

EVIL = {
    "a script within the page": (
        "const s = document.createElement('script'); s.text = 'window.ran = true';"
        "document.body.append(s)",
        "window.ran === true",
    ),
    "a style within the page": (
        "const s = document.createElement('style'); s.textContent = 'body { order: 7 }';"
        "document.head.append(s)",
        "getComputedStyle(document.body).order === '7'",
    ),
    "text that becomes HTML": (
        "document.body.innerHTML = '<p id=made></p>'",
        "document.getElementById('made') !== null",
    ),
}


@pytest.fixture
def visitor(chromium: Browser, stack: Stack) -> Iterator[Page]:
    """A page whose complaints are the point, so they fail nothing."""
    context = chromium.new_context(base_url=stack.url)
    yield context.new_page()
    context.close()


@pytest.mark.parametrize("path", ["/lessons", "/instructor"])
@pytest.mark.parametrize("what", EVIL)
def test_what_somebody_smuggled_in_does_not_work(visitor: Page, what: str, path: str):
    """The policy holds even if a text of a student's ever got into a page as HTML.

    Stripe.js makes HTML out of text, so that alone is left to pages with its fields.
    """
    attack, worked = EVIL[what]
    visitor.goto(path)
    visitor.evaluate(f"() => {{ try {{ {attack} }} catch {{}} }}")
    assert visitor.evaluate(worked) is (path == "/lessons" and "HTML" in what)


def test_no_other_site_can_put_a_page_into_a_frame(visitor: Page, stack: Stack):
    """So that nobody is led to press a button that they do not see."""
    visitor.goto(f"{stack.sandbox_url}/")
    visitor.evaluate(
        """async (address) => {
            const frame = document.createElement('iframe');
            const loaded = new Promise((resolve) => frame.addEventListener('load', resolve));
            frame.src = address;
            document.body.append(frame);
            await loaded;
        }""",
        f"{stack.url}/instructor",
    )
    visitor.frames[1].wait_for_url(re.compile("^chrome-error:"))
