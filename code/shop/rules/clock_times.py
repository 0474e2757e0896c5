"""What a time on the clock of a zone means, where clocks are put forward and back.

A time on the clock may come twice, or never. A window takes in everything that its clock times
could mean: it begins with the first second whose clock shows its beginning or later, and ends
with the last whose clock shows its end or earlier. The accountant's page follows the same rule.
"""

from bisect import bisect_left
from datetime import datetime
from zoneinfo import ZoneInfo


def first_at(clock: datetime, zone: ZoneInfo) -> int:
    """The first second at which the zone's clock shows this time, or has just skipped it.

    Args:
        clock: without an offset; fractions of a second are dropped.

    Returns:
        Unix seconds.
    """
    before, after = _both(clock, zone)
    return before if before <= after else _end_of_gap(clock, zone, after, before)


def last_at(clock: datetime, zone: ZoneInfo) -> int:
    """The last second at which the zone's clock shows this time, or is about to skip it.

    Arguments and answer are those of `first_at`.
    """
    before, after = _both(clock, zone)
    return after if before <= after else _end_of_gap(clock, zone, after, before) - 1


def _both(clock: datetime, zone: ZoneInfo) -> tuple[int, int]:
    """The time read with the offset before a change of the clocks and with the one after it.

    They are the same where no change is near, in order for a time that comes twice, and the
    other way round for one that is skipped (PEP 495).
    """
    whole = clock.replace(microsecond=0, tzinfo=zone)
    before, after = (int(whole.replace(fold=fold).timestamp()) for fold in (0, 1))
    return before, after


def _end_of_gap(clock: datetime, zone: ZoneInfo, earliest: int, latest: int) -> int:
    """The first second, between two, whose clock shows a later time than the one skipped."""
    skipped = clock.replace(microsecond=0, tzinfo=None)

    def shown(second: int) -> datetime:
        return datetime.fromtimestamp(second, zone).replace(tzinfo=None)

    return earliest + bisect_left(range(earliest, latest), skipped, key=shown)
