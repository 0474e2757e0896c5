"""When a hold lapses, in words."""

from datetime import datetime
from zoneinfo import ZoneInfo

import pytest

from shop.rules.holds import Lapse, lapse
from shop.rules.local_time import LocalTime

NEW_YORK = LocalTime(ZoneInfo("America/New_York"))
NOW = int(datetime.fromisoformat("2026-11-22T14:00:00-05:00").timestamp())


@pytest.mark.parametrize(
    ("capture_before", "when"),
    [
        (None, Lapse.UNKNOWN),
        ("2026-11-22T14:00:00-05:00", Lapse.OVERDUE),
        ("2026-11-22T14:00:01-05:00", Lapse.TODAY),
        ("2026-11-22T23:59:59-05:00", Lapse.TODAY),
        ("2026-11-23T00:00:00-05:00", Lapse.TOMORROW),
        ("2026-11-23T23:59:59-05:00", Lapse.TOMORROW),
        ("2026-11-24T00:00:00-05:00", Lapse.LATER),
    ],
)
def test_today_ends_at_midnight_on_the_readers_clock(capture_before: str | None, when: Lapse):
    """Although in UTC tomorrow begins five hours earlier."""
    moment = capture_before and int(datetime.fromisoformat(capture_before).timestamp())
    assert lapse(moment, NOW, NEW_YORK) is when
