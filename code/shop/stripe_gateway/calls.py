"""Every call to Stripe as it went over the wire: counted, and logged with Stripe's own id of it.

Stripe's support finds a call by its `Request-Id` (https://docs.stripe.com/api/request_ids). Writes
are logged, and whatever Stripe did not answer with success; the thousands of pages that a report
reads are only counted.
"""

import asyncio
import logging
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass

from shop.figures.counting import Figures
from shop.figures.table import STRIPE_REQUESTS, STRIPE_SECONDS

log = logging.getLogger(__name__)

NO_ANSWER = "no_answer"
CANCELLED = "cancelled"

A_MOMENT = 0.005
"""Seconds until the line is written: whoever waits for Stripe's answer goes on first."""

WORDS = frozenset({"search"})
"""Names in the place of an id."""


@dataclass
class Call:
    """One try of one call.

    Attributes:
        endpoint: method and path with `{id}` in the place of ids, as Stripe counts its limits.
        outcome: the HTTP status; `NO_ANSWER`, or `CANCELLED` where nobody waited for one.
        seconds: until the whole answer was there.
        request_id: Stripe's name for it; None where it did not answer.
    """

    endpoint: str
    outcome: str = NO_ANSWER
    seconds: float = 0.0
    request_id: str | None = None

    def answered(self, status: int, headers: Mapping[str, str]) -> None:
        """Stripe's answer is there, to its last byte."""
        self.outcome = str(status)
        self.request_id = headers.get("request-id")


@contextmanager
def one_call(figures: Figures, method: str, path: str) -> Iterator[Call]:
    """Around one try; whoever gets an answer says so."""
    call = Call(endpoint_of(method, path))
    began = time.perf_counter()
    try:
        yield call
    except asyncio.CancelledError:
        call.outcome = CANCELLED
        raise
    finally:
        call.seconds = time.perf_counter() - began
        figures.count(STRIPE_REQUESTS, call.endpoint, call.outcome)
        figures.took(STRIPE_SECONDS, call.endpoint, seconds=call.seconds)
        asyncio.get_running_loop().call_later(A_MOMENT, _write, call)


def endpoint_of(method: str, path: str) -> str:
    """`POST /v1/payment_intents/{id}/capture`: after the version, names and ids take turns."""
    version, *parts = path.strip("/").split("/")
    named = (
        "{id}" if place % 2 and part not in WORDS else part for place, part in enumerate(parts)
    )
    return f"{method.upper()} /{'/'.join((version, *named))}"


def _write(call: Call) -> None:
    level = _level(call)
    if not log.isEnabledFor(level):
        return
    line = {
        "endpoint": call.endpoint,
        "outcome": call.outcome,
        "duration_ms": round(call.seconds * 1000, 1),
        "stripe_request_id": call.request_id,
    }
    log.log(level, "call to Stripe", extra=line)


def _level(call: Call) -> int:
    if call.outcome == CANCELLED:
        return logging.INFO
    if call.outcome in (NO_ANSWER, "401", "403", "429") or call.outcome.startswith("5"):
        return logging.WARNING
    is_read = call.endpoint.startswith("GET ")
    return logging.DEBUG if is_read and call.outcome.startswith("2") else logging.INFO
