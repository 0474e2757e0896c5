"""Stripe's rate limits: token buckets for the rates, a count for what is at work."""

from hypothesis import given
from hypothesis import strategies as st

from sandbox.network.limits import Limiter, Limits, Reason


def admitted(limiter: Limiter, moments: list[float], endpoint: str = "GET /v1/charges") -> int:
    """How many requests at these moments are let in, each answered at once."""
    count = 0
    for now in moments:
        if limiter.enter(endpoint, now) is None:
            limiter.leave(endpoint)
            count += 1
    return count


def test_without_limits_everything_is_let_in() -> None:
    assert admitted(Limiter(), [0.0] * 1_000) == 1_000


@given(st.lists(st.floats(0, 0.9), max_size=200))
def test_exactly_the_allowed_rate_is_never_refused_however_it_jitters(late: list[float]) -> None:
    """Each of 25 requests a second may be up to 0.9 seconds late."""
    moments = sorted(n / 25 + jitter for n, jitter in enumerate(late))
    assert admitted(Limiter(Limits(per_endpoint=25, total=25)), moments) == len(late)


def test_twice_the_allowed_rate_gets_the_rate_and_the_burst() -> None:
    """Ten seconds at 50 a second: 250, and the second's worth that was saved up."""
    moments = [n / 50 for n in range(500)]
    assert admitted(Limiter(Limits(total=25)), moments) in (274, 275)


def test_a_second_of_rest_fills_the_bucket_and_no_more() -> None:
    limiter = Limiter(Limits(total=25))
    assert admitted(limiter, [0.0] * 40) == 25
    assert admitted(limiter, [1.0] * 40) == 25
    assert admitted(limiter, [60.0] * 40) == 25


def test_each_endpoint_has_a_limit_of_its_own_and_all_share_the_total() -> None:
    limiter = Limiter(Limits(per_endpoint=2, total=3))
    answers = [limiter.enter(name, 0.0) for name in ("a", "a", "a", "b", "b", "c")]
    assert answers == [None, None, Reason.ENDPOINT_RATE, None, *[Reason.GLOBAL_RATE] * 2]


def test_a_refused_request_uses_nothing_up() -> None:
    limiter = Limiter(Limits(per_endpoint=1, total=10))
    assert admitted(limiter, [0.0] * 100, "a") == 1
    assert sum(admitted(limiter, [0.0], str(n)) for n in range(100)) == 9


def test_concurrency_counts_what_is_at_work() -> None:
    limiter = Limiter(Limits(concurrency=2))
    answers = [limiter.enter("a", 0.0) for _ in range(3)]
    limiter.leave("a")
    assert answers == [None, None, Reason.GLOBAL_CONCURRENCY]
    assert limiter.enter("a", 0.0) is None


def test_concurrency_can_be_limited_for_each_endpoint() -> None:
    """The limit of the whole account is looked at first."""
    limiter = Limiter(Limits(concurrency=3, endpoint_concurrency=1))
    answers = [limiter.enter(name, 0.0) for name in ("a", "a", "b", "c", "d")]
    crowded, full = Reason.ENDPOINT_CONCURRENCY, Reason.GLOBAL_CONCURRENCY
    assert answers == [None, crowded, None, None, full]
    limiter.leave("a")
    assert limiter.enter("a", 0.0) is None


def test_one_object_takes_so_many_changes_an_hour() -> None:
    """By any endpoint; they come back evenly, and requests without an object are not counted."""
    limiter = Limiter(Limits(per_resource_hour=2))
    answers = [
        limiter.enter("update", 0.0, "pi_1"),
        limiter.enter("capture", 0.0, "pi_1"),
        limiter.enter("update", 0.0, "pi_1"),
        limiter.enter("update", 0.0, "pi_2"),
        *(limiter.enter("create", 0.0) for _ in range(3)),
        limiter.enter("update", 1_799.0, "pi_1"),
        limiter.enter("update", 1_800.0, "pi_1"),
        *(limiter.enter("update", 9_000.0, "pi_1") for _ in range(3)),
    ]
    spent = Reason.RESOURCE_SPECIFIC
    assert answers == [None, None, spent, None, *[None] * 3, spent, None, None, None, spent]
