"""What the accountant's page counts and says, module by module: windows, zones, money, words."""

from typing import Any

import pytest
from playwright.sync_api import Page

NEW_YORK = "America/New_York"


@pytest.fixture
def page(page: Page) -> Page:
    page.goto("/not-found")
    return page


def call(page: Page, module: str, function: str, *arguments: Any) -> Any:
    """What an exported function of one of the page's modules answers."""
    return page.evaluate(
        """async ([module, name, given]) => {
            const exported = await import(`/assets/js/${module}.js`);
            return (await exported[name](...given)) ?? null;
        }""",
        [module, function, list(arguments)],
    )


def window_at(page: Page, function: str, zone: str, now: str) -> Any:
    """A window of `zone-windows` as it is at one moment."""
    return page.evaluate(
        """async ([name, zone, now]) => {
            const windows = await import('/assets/js/zone-windows.js');
            return windows[name](zone, Temporal.Instant.from(now));
        }""",
        [function, zone, now],
    )


# ── Windows ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("zone", "now", "begins"),
    [
        (NEW_YORK, "2026-07-01T03:59:59Z", "2026-06-30T04:00:00Z"),
        (NEW_YORK, "2026-07-01T04:00:00Z", "2026-07-01T04:00:00Z"),
        ("Asia/Kolkata", "2026-07-01T18:30:00Z", "2026-07-01T18:30:00Z"),
        ("Pacific/Kiritimati", "2026-07-01T10:00:00Z", "2026-07-01T10:00:00Z"),
        ("UTC", "2026-07-01T23:59:59Z", "2026-07-01T00:00:00Z"),
        # the clocks go forward at midnight: the day begins at one
        ("America/Santiago", "2026-09-06T12:00:00Z", "2026-09-06T04:00:00Z"),
    ],
)
def test_today_begins_with_the_day_of_the_zone(
    page: Page, zone: str, now: str, begins: str
) -> None:
    """Its end is left to the moment the report starts."""
    assert window_at(page, "today", zone, now) == {"from": begins}


@pytest.mark.parametrize(
    ("zone", "now", "window"),
    [
        (
            NEW_YORK,  # a month in which the clocks go back
            "2026-12-15T12:00:00Z",
            {"from": "2026-11-01T04:00:00Z", "to": "2026-12-01T04:59:59Z"},
        ),
        (
            NEW_YORK,  # one in which they go forward
            "2026-04-01T04:00:00Z",
            {"from": "2026-03-01T05:00:00Z", "to": "2026-04-01T03:59:59Z"},
        ),
        (
            NEW_YORK,  # still the last evening of March there
            "2026-04-01T03:59:59Z",
            {"from": "2026-02-01T05:00:00Z", "to": "2026-03-01T04:59:59Z"},
        ),
        (
            "UTC",
            "2026-01-31T12:00:00Z",
            {"from": "2025-12-01T00:00:00Z", "to": "2025-12-31T23:59:59Z"},
        ),
    ],
)
def test_last_month_is_a_whole_month_of_the_zone(
    page: Page, zone: str, now: str, window: dict[str, str]
) -> None:
    """From its first second to its last one, which is included."""
    assert window_at(page, "lastMonth", zone, now) == window


@pytest.mark.parametrize(
    ("start", "end", "window"),
    [
        (
            "2026-06-01T00:00",
            "2026-06-30T23:59",
            {"from": "2026-06-01T04:00:00Z", "to": "2026-07-01T03:59:59Z"},
        ),
        ("2026-06-01T09:30", None, {"from": "2026-06-01T13:30:00Z"}),
        (  # half past one comes twice on 1 November: both are in
            "2026-11-01T01:30",
            "2026-11-01T01:30",
            {"from": "2026-11-01T05:30:00Z", "to": "2026-11-01T06:30:59Z"},
        ),
        (  # half past two never comes on 8 March: the window begins at three
            "2026-03-08T02:30",
            "2026-03-08T12:00",
            {"from": "2026-03-08T07:00:00Z", "to": "2026-03-08T16:00:59Z"},
        ),
        (  # and one that ends then ends with the last second before three
            "2026-03-08T00:00",
            "2026-03-08T02:30",
            {"from": "2026-03-08T05:00:00Z", "to": "2026-03-08T06:59:59Z"},
        ),
    ],
)
def test_from_and_to_are_clock_times_of_the_zone(
    page: Page, start: str, end: str | None, window: dict[str, str]
) -> None:
    """The whole minute of "to" is in; clocks that change lose and double nothing."""
    assert call(page, "zone-windows", "between", NEW_YORK, start, end) == window


# ── Zones ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("text", "zone"),
    [
        ("America/New_York", NEW_YORK),
        ("  america/new york ", NEW_YORK),
        ("new york", NEW_YORK),
        ("utc", "UTC"),
        ("Vienna", "Europe/Vienna"),
        ("", None),
        ("New", None),
        ("Nowhere/Land", None),
        ("+05:00", None),
    ],
)
def test_a_zone_is_found_by_its_name_or_city(page: Page, text: str, zone: str | None) -> None:
    """In any letter case; what could be several or none is none."""
    assert call(page, "zones", "findZone", text) == zone


def test_every_zone_is_offered_once(page: Page) -> None:
    """UTC among them, which browsers leave out of their list."""
    zones = call(page, "zones", "allZones")
    assert zones[0] == "UTC"
    assert len(zones) > 400
    assert len(zones) == len(set(zones))


# ── Money ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("amount", "currency", "text"),
    [
        (123456, "usd", "$1,234.56"),
        (-5, "usd", "-$0.05"),
        (0, "EUR", "€0.00"),
        (500, "jpy", "¥500"),
        (1234, "kwd", "KWD 1.234"),
        (150000, "isk", "ISK 1,500.00"),  # two decimals at Stripe, none on paper
    ],
)
def test_money_has_the_decimals_of_its_currency(
    page: Page, amount: int, currency: str, text: str
) -> None:
    """As Stripe counts them."""
    said = call(page, "money", "formatMoney", amount, currency)
    assert said.replace("\u00a0", " ") == text


@pytest.mark.parametrize(
    ("amounts", "texts"),
    [
        ([0, 50000, 100000], ["$0", "$500", "$1,000"]),
        ([0, 50, 100], ["$0.00", "$0.50", "$1.00"]),
    ],
)
def test_an_axis_has_cents_only_where_it_needs_them(
    page: Page, amounts: list[int], texts: list[str]
) -> None:
    """All its amounts are written alike."""
    assert call(page, "money", "formatAxisMoney", amounts, "usd") == texts


# ── Words ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize(
    ("window", "text"),
    [
        (
            {"from": None, "to": None, "timezone": "Europe/Vienna"},
            "The last 36 hours, up to the moment it starts · Vienna",
        ),
        (
            {"from": "2026-11-01T04:00:00Z", "to": None, "timezone": NEW_YORK},
            "From Nov 1, 2026, 12:00 AM up to the moment it starts · New York",
        ),
        (
            {"from": "2026-11-01T04:00:00Z", "to": "2026-12-01T04:59:59Z", "timezone": NEW_YORK},
            "Nov 1 - 30, 2026 · New York",
        ),
        (
            {"from": "2026-11-01T12:00:00Z", "to": "2026-11-02T12:30:00Z", "timezone": "UTC"},
            "Nov 1, 2026, 12:00 PM - Nov 2, 2026, 12:30 PM · UTC",
        ),
        (
            {"from": "2026-11-01T12:00:00Z", "to": "2026-11-02T12:30:00Z", "timezone": "Mars/X"},
            "Nov 1, 2026, 7:00 AM - Nov 2, 2026, 7:30 AM · New York",  # the browser's own
        ),
    ],
)
def test_a_window_is_said_on_the_clock_of_its_zone(
    page: Page, window: dict[str, str | None], text: str
) -> None:
    """Whole days without times of day."""
    said = call(page, "wording", "formatWindow", window)
    assert " ".join(said.replace("\u2013", "-").split()) == text


@pytest.mark.parametrize(
    ("seconds", "words"),
    [
        (3, "a few seconds left"),
        (44, "about 40 seconds left"),
        (75, "about 1 minute left"),
        (200, "about 3 minutes left"),
        (3600, "about 1 hour left"),
        (8100, "about 2 hours 15 minutes left"),
    ],
)
def test_the_time_left_is_said_in_words(page: Page, seconds: int, words: str) -> None:
    """As vague as a guess should be."""
    assert call(page, "wording", "timeLeft", seconds) == words


@pytest.mark.parametrize(
    ("moment", "text"),
    [
        ("2026-10-01T00:00:00-04:00", "2026-10-01 00:00:00 UTC-04:00"),
        ("2026-10-01T04:00:00+00:00", "2026-10-01 04:00:00 UTC"),
        ("2026-10-01T04:00:00.250Z", "2026-10-01 04:00:00 UTC"),
    ],
)
def test_a_receipt_names_the_second(page: Page, moment: str, text: str) -> None:
    """With its distance from UTC."""
    assert call(page, "wording", "formatSecond", moment) == text
