"""How long a report will still take."""

from jobs.pace import STALLED, Pace


def test_nobody_can_tell_before_something_was_read():
    """Nor while too little was read to mean anything."""
    pace = Pace()
    assert pace.seconds_left(0, progress=0, calls=0) is None
    assert pace.seconds_left(1, progress=0.1, calls=1) is None
    assert pace.seconds_left(2, progress=0.11, calls=2) is None


def test_the_rest_takes_as_long_as_what_was_read():
    """Counted from where this worker began, which may be in the middle."""
    pace = Pace()
    pace.seconds_left(0, progress=0.5, calls=1)
    assert pace.seconds_left(10, progress=0.75, calls=9) == 10


def test_nobody_can_tell_while_nothing_arrives():
    """Stripe may be away; once it is back there is a pace again."""
    pace = Pace()
    pace.seconds_left(0, progress=0, calls=1)
    assert pace.seconds_left(10, progress=0.5, calls=2) == 10
    assert pace.seconds_left(11 + STALLED, progress=0.5, calls=2) is None
    assert pace.seconds_left(30, progress=0.75, calls=3) == 10
