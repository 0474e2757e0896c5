"""What may be queued: every job with its limits, and every kind of report.

The web process knows jobs by this table only. A job's function is named by its path and is
imported by the worker when it starts, so a misspelt path stops the worker, not a job.
"""

from collections.abc import Mapping
from dataclasses import dataclass, replace


@dataclass(frozen=True, kw_only=True)
class Job:
    """One job: where its function is, and the limits the queue sets on it.

    Attributes:
        function: dotted path of the function in its module.
        queue: the queue it waits in, one of `QUEUES`.
        timeout: seconds it may run.
        retries: how often it is run again after its process died or it raised.
        pauses: seconds before each of these, at least; the last counts for all that follow.
    """

    function: str
    queue: str
    timeout: int
    retries: int
    pauses: tuple[int, ...] = (0,)


QUEUES = ("answers", "reports", "events")
"""The queues in the order in which a worker that serves them all reads them.

answers: reports for which somebody waits on an open request.
reports: what may take minutes.
events: short work, such as Stripe's events. A flood of them would keep reports waiting, so they
come last here; the prompt worker of the Procfile reads them first.
"""

KEEP_RESULT = 60
"""Seconds the queue keeps a finished job; our own records are the truth."""

KEEP_FAILURE = 7 * 24 * 3600
"""Seconds the queue keeps a failed job, for whoever looks into it."""

RUN_REPORT = Job(
    function="jobs.run_report.run_report", queue="reports", timeout=6 * 3600, retries=0
)
"""Not retried by the queue: `worker.lookout` queues the report of a dead worker again, sooner."""

ANSWER_REPORT = replace(RUN_REPORT, queue="answers")
"""The same work, for whoever waits on an open request."""

HANDLE_EVENT = Job(
    function="jobs.handle_event.handle_event",
    queue="events",
    timeout=300,
    retries=5,
    pauses=(10, 60, 600, 3600, 4 * 3600),
)
"""What still fails after five hours is tried once more by the nightly job."""
REBUILD_LESSON_BOOK = Job(
    function="jobs.rebuild_lesson_book.rebuild_lesson_book",
    queue="reports",
    timeout=3600,
    retries=2,
)
"""Takes "whole" or "new"; the e-mail index is made with it."""

SEND_LETTERS = Job(
    function="jobs.send_letters.send_letters", queue="events", timeout=1800, retries=2
)
SEND_ACCOUNT_LINK = Job(
    function="jobs.send_account_link.send_account_link",
    queue="events",
    timeout=120,
    retries=3,
    pauses=(10, 60, 600),
)
"""Takes the student's id."""

NIGHTLY = Job(
    function="jobs.nightly.nightly", queue="reports", timeout=3 * 3600, retries=2, pauses=(600,)
)
LOOK_AT_HOLDS = Job(
    function="jobs.look_at_holds.look_at_holds", queue="reports", timeout=600, retries=0
)
"""Both are queued by `worker.clock`."""

JOBS = (
    *(RUN_REPORT, ANSWER_REPORT, HANDLE_EVENT, REBUILD_LESSON_BOOK),
    *(SEND_LETTERS, SEND_ACCOUNT_LINK, NIGHTLY, LOOK_AT_HOLDS),
)

HANDLED_EVENTS = frozenset(
    {"setup_intent.succeeded"}
    | {"payment_intent.amount_capturable_updated", "payment_intent.succeeded"}
    | {"payment_intent.payment_failed", "payment_intent.canceled"}
    | {"charge.expired", "charge.refunded"}
    | {"refund.created", "refund.updated", "refund.failed"}
    | {"charge.dispute.created", "charge.dispute.updated", "charge.dispute.closed"}
    | {"charge.dispute.funds_withdrawn", "charge.dispute.funds_reinstated"}
    | {"customer.updated", "customer.deleted"}
)
"""The types of Stripe's events that are queued; `jobs.events.table` has a handler for each."""


@dataclass(frozen=True, kw_only=True)
class ReportKind:
    """One kind of report.

    Attributes:
        title: what people call it.
        module: the module that makes it; see `jobs.report` for what it must hold.
        about: what it shows, in one sentence.
        owners_only: nobody else may ask for it, see it or download it.
    """

    title: str
    module: str
    about: str
    owners_only: bool = False


REPORT_KINDS: Mapping[str, ReportKind] = {
    "lesson-totals": ReportKind(
        title="Lesson totals",
        module="jobs.reports.lesson_totals",
        about="What lessons brought in, what came off and what is left, by hour, day, lesson and "
        "instructor, with every transaction.",
    ),
    "failed-payments": ReportKind(
        title="Failed payments",
        module="jobs.reports.failed_payments",
        about="Students whose latest lesson payment was refused by the card that is still on "
        "file, and what helps.",
    ),
    "open-holds": ReportKind(
        title="Open holds",
        module="jobs.reports.open_holds",
        about="Lesson payments that are held and not captured yet, the ones that expire first on "
        "top, whatever the window's beginning.",
    ),
    "refunds-and-disputes": ReportKind(
        title="Refunds and disputes",
        module="jobs.reports.refunds_and_disputes",
        about="What was given back or contested in the window: state, reason, money out and money "
        "back.",
    ),
    "students": ReportKind(
        title="Students",
        module="jobs.reports.students",
        about="Everybody up to the window's end, with first lesson and card; expired and expiring "
        "cards are marked.",
    ),
    "reconciliation": ReportKind(
        title="Reconciliation",
        module="jobs.reports.reconciliation",
        about="Lesson money against the change of the whole balance, and whether charges, refunds "
        "and disputes agree with it.",
    ),
    "audit-trail": ReportKind(
        title="Audit trail",
        module="jobs.reports.audit_trail",
        about="Who moved money, changed or took data in the window, from where, and what came of "
        "it.",
        owners_only=True,
    ),
}
