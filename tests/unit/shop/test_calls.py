"""How a call to Stripe is named, and which of them are in the log."""

import asyncio
import logging

import pytest

from shop.figures.table import STRIPE_REQUESTS, STRIPE_SECONDS, Counter, Histogram
from shop.stripe_gateway.calls import A_MOMENT, endpoint_of, one_call


class Counted:
    """Keeps what was counted, where `Figures` would tell Redis."""

    def __init__(self) -> None:
        self.counts: list[tuple[Counter, str, str]] = []
        self.times: list[tuple[Histogram, str]] = []

    def count(self, counter: Counter, endpoint: str, outcome: str) -> None:
        self.counts.append((counter, endpoint, outcome))

    def took(self, histogram: Histogram, endpoint: str, *, seconds: float) -> None:
        assert 0 <= seconds < 1
        self.times.append((histogram, endpoint))


@pytest.mark.parametrize(
    ("method", "path", "endpoint"),
    [
        ("post", "/v1/refunds", "POST /v1/refunds"),
        ("GET", "/v1/payment_intents/pi_1", "GET /v1/payment_intents/{id}"),
        ("post", "/v1/payment_intents/pi_1/capture", "POST /v1/payment_intents/{id}/capture"),
        ("GET", "/v1/customers/a%2Fb/payment_methods", "GET /v1/customers/{id}/payment_methods"),
        ("GET", "/v1/customers/search", "GET /v1/customers/search"),
        ("DELETE", "/v1/customers/cus_1", "DELETE /v1/customers/{id}"),
    ],
)
def test_an_endpoint_has_no_ids(method: str, path: str, endpoint: str):
    """So there are as many as Stripe has, whatever callers send."""
    assert endpoint_of(method, path) == endpoint


@pytest.mark.parametrize(
    ("method", "status", "level"),
    [
        ("GET", 200, None),
        ("POST", 200, "INFO"),
        ("GET", 404, "INFO"),
        ("POST", 402, "INFO"),
        ("GET", 401, "WARNING"),
        ("GET", 429, "WARNING"),
        ("POST", 500, "WARNING"),
    ],
)
async def test_writes_and_refusals_are_logged(
    caplog: pytest.LogCaptureFixture, method: str, status: int, level: str | None
):
    """Each with Stripe's own id of the call."""
    caplog.set_level(logging.INFO)
    with one_call(Counted(), method, "/v1/refunds/re_1") as call:
        call.answered(status, {"request-id": "req_1"})
    await asyncio.sleep(A_MOMENT)  # then the line is written
    told = [
        (record.levelname, record.endpoint, record.outcome, record.stripe_request_id)
        for record in caplog.records
    ]
    line = (level, f"{method} /v1/refunds/{{id}}", str(status), "req_1")
    assert told == ([line] if level else [])


async def test_a_call_without_an_answer_has_no_id(caplog: pytest.LogCaptureFixture):
    """Nobody at Stripe may have seen it."""
    counted = Counted()
    with pytest.raises(TimeoutError), one_call(counted, "GET", "/v1/refunds"):
        raise TimeoutError
    with pytest.raises(asyncio.CancelledError), one_call(counted, "POST", "/v1/refunds"):
        raise asyncio.CancelledError
    await asyncio.sleep(A_MOMENT)
    assert [(line.outcome, line.stripe_request_id) for line in caplog.records] == [
        ("no_answer", None)
    ]
    assert counted.counts == [
        (STRIPE_REQUESTS, "GET /v1/refunds", "no_answer"),
        (STRIPE_REQUESTS, "POST /v1/refunds", "cancelled"),
    ]
    assert counted.times == [
        (STRIPE_SECONDS, "GET /v1/refunds"),
        (STRIPE_SECONDS, "POST /v1/refunds"),
    ]
