"""How long an answer takes."""

import pytest

from sandbox.__main__ import parse_arguments
from sandbox.network.latency import NONE, PROFILES, REALISTIC, Latency, Profile


def test_no_latency_takes_no_time() -> None:
    latency = Latency(NONE)
    assert (latency.before(), latency.after(300)) == (0.0, 0.0)


def test_the_base_swings_by_its_jitter_and_no_further() -> None:
    latency = Latency(Profile(base_ms=100, jitter=0.5))
    waits = [latency.before() for _ in range(1_000)]
    assert 0.05 <= min(waits) < 0.06
    assert 0.14 < max(waits) <= 0.15


def test_without_jitter_every_request_waits_alike() -> None:
    latency = Latency(Profile(base_ms=100))
    assert {latency.before() for _ in range(10)} == {0.1}


def test_each_object_of_the_answer_adds_its_time() -> None:
    assert Latency(Profile(base_ms=0, per_object_ms=2)).after(100) == pytest.approx(0.2)


def test_a_seed_gives_the_same_waits_again() -> None:
    first, again, other = (Latency(REALISTIC, seed) for seed in (1, 1, 2))
    waits = [first.before() for _ in range(5)]
    assert waits == [again.before() for _ in range(5)]
    assert waits != [other.before() for _ in range(5)]


def test_the_realistic_profile_is_what_stripe_takes() -> None:
    """A tenth to three tenths of a second, more for a wide list."""
    latency = Latency(PROFILES["realistic"])
    waits = [latency.before() for _ in range(1_000)]
    assert min(waits) > 0.1
    assert max(waits) + latency.after(100) < 0.31
    assert max(waits) + latency.after(300) < 0.41


def test_the_program_is_realistic_unless_told_otherwise(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.argv", ["sandbox"])
    assert PROFILES[parse_arguments().latency] is REALISTIC
    monkeypatch.setattr("sys.argv", ["sandbox", "--latency", "none"])
    assert PROFILES[parse_arguments().latency] is NONE
