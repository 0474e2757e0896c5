"""Cells in other forms: the same whether or not they were met before."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from zoneinfo import ZoneInfo

from hypothesis import given
from hypothesis import strategies as st

from shop.reports.table import Moment
from shop.reports.writing.cells import clock, major_text
from shop.rules.money import Amount

zones = st.sampled_from(["UTC", "America/New_York", "America/St_Johns", "Pacific/Apia"])


@given(st.integers(0, 4_102_444_800), zones.map(ZoneInfo))
def test_a_clock_shows_the_same_second_as_text_and_as_excels_number(second: int, zone: ZoneInfo):
    """Excel's day 25569 is 1970-01-01."""
    text, number = clock(Moment(second, zone))
    local = datetime.fromtimestamp(second, UTC).astimezone(zone)
    assert text == local.strftime("%Y-%m-%d %H:%M:%S")
    days = Decimal(number) - 25_569
    shown = datetime(1970, 1, 1) + timedelta(seconds=round(days * 86_400))
    assert shown == local.replace(tzinfo=None)


@given(st.integers(-(10**12), 10**12), st.sampled_from([("jpy", 0), ("usd", 2), ("kwd", 3)]))
def test_an_amount_has_its_currencys_decimals(minor: int, currency: tuple[str, int]):
    """The same digits as in minor units."""
    code, decimals = currency
    text = major_text(Amount(minor, code))
    assert int(text.replace(".", "")) == minor
    assert len(text.partition(".")[2]) == decimals
