"""What followed links open in one browser, and for how long."""

import time

import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from aiohttp_session import SESSION_KEY, Session

from server.access.sessions import GRANT_LASTS, MOST_GRANTS, grant, granted

pytestmark = pytest.mark.filterwarnings("ignore:It is recommended to use web.RequestKey")
"""aiohttp-session keeps its session under a plain name."""

NOW = 1_795_420_800
DAY = 24 * 3600


@pytest.fixture(autouse=True)
def _now(monkeypatch: pytest.MonkeyPatch) -> None:
    it_is(NOW, monkeypatch)


def it_is(moment: float, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time", lambda: moment)


def request(**kept: object) -> web.Request:
    """Of a browser whose session keeps this."""
    made = make_mocked_request("GET", "/")
    made[SESSION_KEY] = Session(None, data={"session": kept, "created": NOW}, new=False)
    return made


async def test_a_link_opens_its_page_for_a_while(monkeypatch: pytest.MonkeyPatch):
    """Then it has to be followed again; when it ends itself is known meanwhile."""
    browser = request()
    await grant(browser, "cus_1", NOW + DAY)
    it_is(NOW + GRANT_LASTS - 1, monkeypatch)
    assert await granted(browser) == {"cus_1": NOW + DAY}
    it_is(NOW + GRANT_LASTS, monkeypatch)
    assert await granted(browser) == {}


async def test_a_page_stays_open_no_longer_than_the_link_behind_it(monkeypatch: pytest.MonkeyPatch):
    """Followed in its last minute, it opens the page for that minute."""
    browser = request()
    await grant(browser, "cus_1", NOW + 60)
    it_is(NOW + 59, monkeypatch)
    assert await granted(browser) == {"cus_1": NOW + 60}
    it_is(NOW + 60, monkeypatch)
    assert await granted(browser) == {}


async def test_of_two_links_the_later_end_counts():
    """Whichever was followed last."""
    browser = request()
    for ends in (NOW + 60, NOW + DAY, NOW + 3600):
        await grant(browser, "cus_1", ends)
    assert await granted(browser) == {"cus_1": NOW + DAY}


async def test_a_browser_keeps_so_many():
    """Those that stay open longest, so that the cookie stays small."""
    browser = request()
    for number in range(MOST_GRANTS + 2):
        await grant(browser, f"cus_{number}", NOW + 60 + number)
    kept = {f"cus_{number}": NOW + 60 + number for number in range(2, MOST_GRANTS + 2)}
    assert await granted(browser) == kept
    assert dict(browser[SESSION_KEY]) == {"grants": kept, "ends": kept}


async def test_a_session_of_an_earlier_version_ends_with_its_grants():
    """It does not know when its links end."""
    browser = request(grants={"cus_1": NOW + 100})
    assert await granted(browser) == {"cus_1": NOW + 100}
