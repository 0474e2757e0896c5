"""Which windows and zones may be asked for, and the sentence for those that may not."""

import re
from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from server import windows
from server.bodies import Fields
from server.windows import LONGEST, window_asked_for, zone_asked_for
from shop.errors import BadRequest
from shop.rules.window import Asked, Since, Window

NOW = datetime(2026, 11, 22, 12, tzinfo=UTC)
NEW_YORK = ZoneInfo("America/New_York")


@pytest.fixture(autouse=True)
def noon(monkeypatch: pytest.MonkeyPatch) -> None:
    """The clock stands."""
    monkeypatch.setattr(windows.time, "time", lambda: NOW.timestamp() + 0.7)


def asked(zone: ZoneInfo | None = None, **ends: object) -> Asked:
    """What `from_` and `to` come to."""
    return window_asked_for(Fields({name.rstrip("_"): end for name, end in ends.items()}), zone)


def unix(text: str) -> int:
    """ISO 8601 as unix seconds."""
    return int(datetime.fromisoformat(text).timestamp())


# ── Zones ────────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("name", ["UTC", "America/New_York", "Asia/Calcutta", "Etc/GMT+5"])
def test_zones_that_are_known(name: str):
    """By their IANA names, old ones too."""
    assert zone_asked_for(Fields({"timezone": name})) == ZoneInfo(name)


@pytest.mark.parametrize("fields", [{}, {"timezone": None}])
def test_a_zone_need_not_be_named(fields: dict[str, None]):
    """The caller decides what that means."""
    assert zone_asked_for(Fields(fields)) is None


@pytest.mark.parametrize(
    "name",
    [
        "",
        "   ",
        "Mars/Olympus",
        "america/new_york",
        "America",
        "America/",
        "../etc/passwd",
        "../../usr/share/zoneinfo/UTC",
        "/usr/share/zoneinfo/UTC",
        "America/../UTC",
        "./UTC",
        "localtime",
        "posixrules",
        "posix/UTC",
        "right/UTC",
        "Factory",
        "tzdata.zi",
        "zone.tab",
        "+05:00",
        "x" * 255,
    ],
)
def test_zones_that_are_none(name: str):
    """Nothing but a name from the list reaches the zone database."""
    with pytest.raises(BadRequest, match=r"^The timezone must be an IANA name") as refused:
        zone_asked_for(Fields({"timezone": name}))
    assert refused.value.code == "unknown_timezone"


@pytest.mark.parametrize("value", [5, True, 1.5, "UTC\x00", "UTC\n/x", "x" * 256])
def test_zones_that_are_no_text(value: str | float):
    """As any other field."""
    with pytest.raises(BadRequest, match=r"^The timezone .+\.$") as refused:
        zone_asked_for(Fields({"timezone": value}))
    assert refused.value.code == "parameter_invalid"


# ── Windows ──────────────────────────────────────────────────────────────────────────────────


@pytest.mark.parametrize("ends", [{}, {"from_": None, "to": None}, {"from_": "", "to": " "}])
def test_without_ends_it_is_the_last_36_hours(ends: dict[str, object]):
    """They end when the report begins, so they are not fixed yet."""
    assert asked(**ends) is None


def test_a_beginning_alone_reaches_to_the_moment_the_report_begins():
    """Its end is left open."""
    assert asked(from_="2026-11-01T00:00:00Z") == Since(unix("2026-11-01T00:00:00Z"))


def test_an_end_alone_is_36_hours_long():
    """As the shop's own figures are."""
    end = unix("2026-11-10T12:00:00Z")
    assert asked(to="2026-11-10T12:00:00Z") == Window(end - 36 * 3600, end)
    assert asked(to=3600) == Window(0, 3600)


@pytest.mark.parametrize(
    ("start", "end"),
    [
        (1762300000, 1762400000),
        ("1762300000", "1762400000"),
        ("2025-11-04T23:46:40Z", "2025-11-06T03:33:20+00:00"),
        ("2025-11-04T18:46:40-05:00", "20251106T033320Z"),
        ("2025-11-04T23:46:40.9Z", "2025-11-06T03:33:20,5Z"),
    ],
)
@pytest.mark.parametrize("zone", [None, NEW_YORK])
def test_moments_mean_the_same_in_every_zone(
    start: str | int, end: str | int, zone: ZoneInfo | None
):
    """Unix seconds and ISO 8601 with an offset; fractions of a second are dropped."""
    assert asked(zone, from_=start, to=end) == Window(1762300000, 1762400000)


def test_one_second_is_a_window():
    """Both ends are in."""
    assert asked(from_=5, to=5) == Window(5, 5)


@pytest.mark.parametrize(
    ("start", "end", "first", "last"),
    [
        (
            "2026-10-01T09:30",
            "2026-10-31T17:00:30",
            "2026-10-01T09:30:00-04:00",
            "2026-10-31T17:00:30-04:00",
        ),
        ("2026-10-01", "2026-10-31", "2026-10-01T00:00:00-04:00", "2026-10-31T23:59:59-04:00"),
        ("2026-11-01", "2026-11-01", "2026-11-01T00:00:00-04:00", "2026-11-01T23:59:59-05:00"),
        (
            "2026-11-01T01:30",
            "2026-11-01T01:30",
            "2026-11-01T01:30:00-04:00",
            "2026-11-01T01:30:00-05:00",
        ),
        (
            "2026-03-08T02:30",
            "2026-03-08T03:30",
            "2026-03-08T03:00:00-04:00",
            "2026-03-08T03:30:00-04:00",
        ),
        (
            "2026-03-08T01:30",
            "2026-03-08T02:30",
            "2026-03-08T01:30:00-05:00",
            "2026-03-08T01:59:59-05:00",
        ),
    ],
)
def test_times_on_the_clock_of_the_zone(start: str, end: str, first: str, last: str):
    """Days are whole days; hours that come twice are in twice, those that are skipped are not."""
    assert asked(NEW_YORK, from_=start, to=end) == Window(unix(first), unix(last))


def test_eight_digits_are_a_date():
    """A text of them, as a form sends it; as unix seconds it would be a day of 1970."""
    day = Window(unix("2026-11-01T00:00:00-04:00"), unix("2026-11-01T23:59:59-05:00"))
    assert asked(NEW_YORK, from_="20261101", to="20261101") == day
    assert asked(NEW_YORK, from_=20261101, to=20261102) == Window(20261101, 20261102)


@pytest.mark.parametrize(
    "text", ["2026-10-01", "20261001", "2026-10-01T09:30", "2026-10-01 09:30:00"]
)
def test_a_clock_without_a_zone_says_nothing(text: str):
    """The sentence says what is missing."""
    with pytest.raises(BadRequest, match="must say its offset, such as Z, or come with a timezone"):
        asked(from_=text)


@pytest.mark.parametrize(
    ("ends", "sentence"),
    [
        (
            {"from_": "2026-01-02T00:00Z", "to": "2026-01-01T00:00Z"},
            "The window must begin before it ends.",
        ),
        ({"from_": "2026-03-08T02:15", "to": "2026-03-08T02:45"}, "must begin before it ends."),
        ({"from_": "2026-11-22T12:00:01Z"}, "The window's from is in the future."),
        ({"to": "2026-11-22T12:00:01Z"}, "The window's to is in the future."),
        ({"from_": "2999-01-01T00:00Z", "to": "2999-01-02T00:00Z"}, "from is in the future."),
        ({"from_": 0}, "The window must not be longer than 5 years."),
        ({"from_": 0, "to": LONGEST + 1}, "The window must not be longer than 5 years."),
        ({"from_": "20261301"}, "must be a date and time (ISO 8601) or unix seconds."),
        ({"from_": "yesterday"}, "The window's from must be a date and time (ISO 8601) or unix"),
        ({"from_": "2026-02-30T00:00Z"}, "must be a date and time (ISO 8601) or unix seconds."),
        ({"from_": "2026-01-01T24:00Z"}, "must be a date and time (ISO 8601) or unix seconds."),
        ({"to": "T10:00"}, "The window's to must be a date and time (ISO 8601) or unix seconds."),
        (
            {"from_": "\u0662\u0660\u0662\u0666-01-01"},
            "must be a date and time (ISO 8601) or unix seconds.",
        ),
        ({"from_": "1.5"}, "must be a date and time (ISO 8601) or unix seconds."),
        ({"to": "-5"}, "must be a date and time (ISO 8601) or unix seconds."),
        ({"to": -5}, "The window's to is no time that can be."),
        ({"from_": 10**30}, "The window's from is no time that can be."),
        ({"from_": "1969-12-31T23:59:59Z"}, "The window's from is no time that can be."),
        ({"from_": "0001-01-01T00:00"}, "The window's from is no time that can be."),
        ({"from_": "0001-01-01T00:00+23:59"}, "The window's from is no time that can be."),
        ({"to": "9999-12-31"}, "is no time that can be."),
        ({"to": "9999-12-31T23:59-23:59"}, "is no time that can be."),
    ],
)
def test_windows_that_are_none(ends: dict[str, object], sentence: str):
    """A clear sentence each."""
    with pytest.raises(BadRequest, match=re.escape(sentence)) as refused:
        asked(NEW_YORK, **ends)
    assert refused.value.code == "window_invalid"


@pytest.mark.parametrize("value", [True, 1.5, "x" * 256, "2026\x00"])
def test_ends_that_are_neither_text_nor_whole_number(value: str | float):
    """As any other field."""
    with pytest.raises(BadRequest, match=r"\.$"):
        asked(from_=value)


@pytest.mark.parametrize("start", [datetime(year, 2, 28, tzinfo=UTC) for year in range(2000, 2021)])
def test_five_years_always_fit(start: datetime):
    """However many leap days are among them."""
    end = start.replace(year=start.year + 5) + timedelta(days=1)
    window = Window(int(start.timestamp()), int(end.timestamp()))
    assert asked(from_=window.start, to=window.end) == window
