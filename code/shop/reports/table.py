"""A report's table: its columns, and what may stand in a cell."""

from datetime import date, datetime
from typing import Literal
from zoneinfo import ZoneInfo

import msgspec

from shop.rules.money import Amount

Kind = Literal["text", "integer", "money", "moment", "date"]


class Column(msgspec.Struct, frozen=True):
    """One column.

    Attributes:
        name: as files name it; Stripe's own where Stripe's itemised report has the column.
        title: as people read it.
        kind: what its cells are.
    """

    name: str
    title: str
    kind: Kind


class Moment(msgspec.Struct, frozen=True):
    """A point in time, shown in a time zone.

    Attributes:
        seconds: unix seconds.
        zone: the zone in which a reader sees it.
    """

    seconds: int
    zone: ZoneInfo

    @property
    def local(self) -> datetime:
        """The moment on a clock in the zone."""
        return datetime.fromtimestamp(self.seconds, self.zone)


Cell = str | int | Amount | Moment | date | None
"""None is an empty cell."""

JsonCell = str | int | None
"""A cell in JSON: money in minor units, moments and dates as text."""
