"""Windows of time."""

import pytest

from shop.rules.window import Window, last_36_hours


def test_the_last_36_hours_end_now():
    """Both ends are whole seconds and belong to the window."""
    assert last_36_hours(1_000_000) == Window(1_000_000 - 129_600, 1_000_000)


def test_progress_is_the_share_of_time_behind_the_walk():
    """A walk goes from newest to oldest."""
    window = Window(1000, 2000)
    assert [window.done(at) for at in (2000, 1750, 1000)] == [0.0, 0.25, 1.0]
    assert Window(5, 5).done(5) == 1.0


def test_a_window_cannot_end_before_it_starts():
    """An empty window would silently report nothing."""
    with pytest.raises(ValueError, match="ends after it starts"):
        Window(2, 1)
