"""Figures as fields of a hash, and back."""

from collections import Counter as Tally

from hypothesis import given
from hypothesis import strategies as st

from shop.figures.fields import Spread, of_count, of_time, read
from shop.figures.table import (
    COUNTERS,
    HISTOGRAMS,
    JOBS,
    REPORT_SECONDS,
    STRIPE_REQUESTS,
    STRIPE_SECONDS,
)


def hash_of(*added: dict[str, int]) -> dict[str, str]:
    """What Redis holds after these were added."""
    fields: Tally[str] = Tally()
    for some in added:
        fields.update(some)
    return {field: str(amount) for field, amount in fields.items()}


def test_counts_come_back_by_label():
    """Whatever characters a label has."""
    kept = read(
        hash_of(
            of_count(STRIPE_REQUESTS, ("GET /v1/a/{id}", "200"), 2),
            of_count(STRIPE_REQUESTS, ("GET /v1/a/{id}", "200"), 1),
            of_count(STRIPE_REQUESTS, ('"|,:é', "no_answer"), 1),
        )
    )
    assert kept.counters[STRIPE_REQUESTS] == {
        ("GET /v1/a/{id}", "200"): 3,
        ('"|,:é', "no_answer"): 1,
    }
    assert kept.counters[JOBS] == {}


def test_a_bound_is_included():
    """As Prometheus has it; what lies above all bounds counts at infinity."""
    labels = ("GET /v1/a",)
    times = (STRIPE_SECONDS.bounds[0], STRIPE_SECONDS.bounds[-1], STRIPE_SECONDS.bounds[-1] + 1)
    kept = read(hash_of(*(of_time(STRIPE_SECONDS, labels, seconds) for seconds in times)))
    between = len(STRIPE_SECONDS.bounds) - 2
    assert kept.histograms[STRIPE_SECONDS] == {
        labels: Spread((1, *[1] * between, 2, 3), sum(times)),
    }


@given(st.lists(st.floats(0, 10_000), max_size=20))
def test_a_histogram_holds_everything_that_was_added(times: list[float]):
    """Its last bound counts them all, and no bound counts fewer than the one below."""
    labels = ("students", "ready")
    kept = read(hash_of(*(of_time(REPORT_SECONDS, labels, seconds) for seconds in times)))
    spread = kept.histograms[REPORT_SECONDS].get(labels, Spread((0,), 0.0))
    assert spread.up_to[-1] == len(times)
    assert list(spread.up_to) == sorted(spread.up_to)
    assert abs(spread.seconds - sum(times)) < 1e-4


def test_what_an_older_version_counted_is_left_out():
    """A name that is gone, or one with other labels."""
    kept = read({'["ipsum_gone","x"]': "1", '["ipsum_jobs","a","b","c"]': "2"})
    assert all(not counts for counts in kept.counters.values())
    assert all(not spreads for spreads in kept.histograms.values())


def test_names_are_prometheus_own():
    """Ours by their prefix, seconds where time is measured, bounds that rise."""
    for counter in COUNTERS:
        assert counter.name.startswith("ipsum_")
        assert not counter.name.endswith("_total")  # the format adds it
    for histogram in HISTOGRAMS:
        assert histogram.name.startswith("ipsum_")
        assert histogram.name.endswith("_seconds")
        assert list(histogram.bounds) == sorted(set(histogram.bounds))
