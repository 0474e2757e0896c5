"""What people see in place of a page while nobody can tell who is signed in."""

import os
import re
import signal
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from redis import Redis

from tests.integration.access.conftest import Shop, sign_in

BROWSER = "text/html,application/xhtml+xml,*/*;q=0.8"
SENTENCE = "The shop's memory is away. Please try again soon."


@contextmanager
def away(redis_url: str) -> Iterator[None]:
    """Redis takes connections and says nothing."""
    with Redis.from_url(redis_url) as redis:
        process = int(redis.info("server")["process_id"])
    os.kill(process, signal.SIGSTOP)
    try:
        yield
    finally:
        os.kill(process, signal.SIGCONT)


@pytest.mark.parametrize(
    ("method", "path", "again"),
    [
        ("GET", "/accountant", ""),
        ("GET", "/account-update/cus_x?from=letter", ""),
        ("POST", "/sign-in", "/sign-in"),
    ],
)
async def test_people_get_a_page_and_programs_json(
    guarded: Shop, method: str, path: str, again: str
):
    """The page leads back to itself; a form that was sent without a script, to the form."""
    form = {"data": {"name": "ina", "password": "guess"}} if method == "POST" else {}
    async with guarded.visitor() as olga:
        await sign_in(olga, "olga")
        with away(guarded.stack.settings.redis_url):
            page = await olga.request(method, path, headers={"Accept": BROWSER}, **form)
            answer = await olga.request(method, path, headers={"Accept": "*/*"}, **form)
            html = await page.text()
            told = await answer.json()
    assert (page.status, page.content_type) == (503, "text/html")
    assert page.headers["Cache-Control"] == "no-store"
    assert SENTENCE.replace("'", "&#x27;") in html
    assert re.findall(r'href="([^"]*)">Try again', html) == [again]
    assert (answer.status, told["error"]["message"]) == (503, SENTENCE)
