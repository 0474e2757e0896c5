"""Every figure that is counted in Redis. Names and units are as Prometheus wants them
(https://prometheus.io/docs/practices/naming/); docs/metrics.md says what they mean.

A label has few values, which our own code chooses: a route, a kind, a status. Never an id.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Counter:
    """Something that is counted; it is shown with `_total` after its name."""

    name: str
    about: str
    labels: tuple[str, ...]


@dataclass(frozen=True)
class Histogram:
    """Seconds that something takes, by upper bounds that are each included."""

    name: str
    about: str
    labels: tuple[str, ...]
    bounds: tuple[float, ...]


QUICK = (0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0)
LONG = (1.0, 2.0, 5.0, 10.0, 30.0, 60.0, 120.0, 300.0, 600.0, 1800.0, 3600.0, 7200.0)

STRIPE_REQUESTS = Counter(
    "ipsum_stripe_requests", "Calls to Stripe, each try.", ("endpoint", "outcome")
)
STRIPE_SECONDS = Histogram(
    "ipsum_stripe_request_duration_seconds",
    "Time until Stripe's whole answer was there.",
    ("endpoint",),
    QUICK,
)
STRIPE_RETRIES = Counter("ipsum_stripe_retries", "Calls that were sent again, by why.", ("reason",))
JOBS = Counter("ipsum_jobs", "Jobs that ended, each try.", ("job", "outcome"))
JOB_SECONDS = Histogram(
    "ipsum_job_duration_seconds", "Time that jobs ran, each try.", ("job",), LONG
)
REPORT_SECONDS = Histogram(
    "ipsum_report_duration_seconds",
    "Time from the request for a report to its end.",
    ("kind", "result"),
    LONG,
)
EVENTS_RECEIVED = Counter(
    "ipsum_stripe_events_received", "Stripe's events whose signature was right.", ("type",)
)
EVENTS_HANDLED = Counter("ipsum_stripe_events_handled", "Stripe's events acted on.", ("type",))

TRIES_REFUSED = Counter("ipsum_tries_refused", "Tries beyond a limit.", ("tried", "by"))

COUNTERS = (STRIPE_REQUESTS, STRIPE_RETRIES, JOBS, EVENTS_RECEIVED, EVENTS_HANDLED, TRIES_REFUSED)
HISTOGRAMS = (STRIPE_SECONDS, JOB_SECONDS, REPORT_SECONDS)
