"""How long Stripe has owed an answer."""

import pytest

from shop.stripe_gateway.silence import Silence


class Clock:
    """A clock that stands until it is told."""

    now = 1000.0

    def monotonic(self) -> float:
        return self.now


@pytest.fixture
def clock(monkeypatch: pytest.MonkeyPatch) -> Clock:
    clock = Clock()
    monkeypatch.setattr("shop.stripe_gateway.silence.time", clock)
    return clock


def test_who_asked_nothing_hears_no_silence(clock: Clock):
    """While rows are written, say."""
    silence = Silence()
    with silence.asking():
        clock.now += 3
        assert silence.seconds == 3
    clock.now += 60
    assert silence.seconds == 0
    with silence.asking():
        assert silence.seconds == 0


def test_any_answer_breaks_it(clock: Clock):
    """A report asks several things at once; while some are answered, Stripe is there."""
    silence = Silence()
    with silence.asking():
        clock.now += 7
        with silence.asking():
            clock.now += 1
            assert silence.seconds == 8
        clock.now += 2
        assert silence.seconds == 2


def test_giving_up_is_no_answer(clock: Clock):
    """Another request may still wait."""
    silence = Silence()
    with silence.asking():
        clock.now += 4
        with pytest.raises(TimeoutError), silence.asking():
            raise TimeoutError
        assert silence.seconds == 4
