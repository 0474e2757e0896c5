"""What may be queued: every job with its limits, and every kind of report.

The web process knows jobs by this table only. A job's function is named by its path and is
imported by the worker when it starts, so a misspelt path stops the worker, not a job.
"""

from collections.abc import Mapping
from dataclasses import dataclass


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job: where its function is, and the limits the queue sets on it.

    Attributes:
        function: dotted path of the function in its module.
        queue: the queue it waits in; see `QUEUES` for which goes first.
        timeout: seconds it may run.
        retries: how often it is run again after its process died or it raised.
    """

    function: str
    queue: str
    timeout: int
    retries: int


QUEUES = ("events", "reports")
"""The queues a worker serves; the first goes first, a person or Stripe is waiting there."""

KEEP_RESULT = 60
"""Seconds the queue keeps a finished job; our own records are the truth."""

KEEP_FAILURE = 7 * 24 * 3600
"""Seconds the queue keeps a failed job, for whoever looks into it."""

RUN_REPORT = Job(function="jobs.run_report.run_report", queue="reports", timeout=3600, retries=2)
HANDLE_EVENT = Job(
    function="jobs.handle_event.handle_event", queue="events", timeout=300, retries=3
)
INDEX_STUDENTS = Job(
    function="jobs.index_students.index_students", queue="reports", timeout=3600, retries=2
)

JOBS = (RUN_REPORT, HANDLE_EVENT, INDEX_STUDENTS)

HANDLED_EVENTS = frozenset({"setup_intent.succeeded"})
"""The types of Stripe's events that are queued; `jobs.handle_event` has a handler for each."""


@dataclass(frozen=True, kw_only=True)
class ReportKind:
    """One kind of report.

    Attributes:
        title: what people call it.
        module: the module that makes it; see `jobs.report` for what it must hold.
    """

    title: str
    module: str


REPORT_KINDS: Mapping[str, ReportKind] = {
    "lesson-totals": ReportKind(title="Lesson totals", module="jobs.lesson_totals"),
    "failed-payments": ReportKind(title="Failed payments", module="jobs.failed_payments"),
}
