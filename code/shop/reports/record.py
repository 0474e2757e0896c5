"""What is known of a report. The record in Redis, not the queue's registries, is the truth.

queued ──► running ──► ready ──► expired
  │          │ └─────► failed
  ├──────────┴───────► cancelled
  └──────────────────► failed
"""

from enum import Enum
from typing import Any

import msgspec

from shop.rules.window import Window, last_36_hours


class State(Enum):
    """Where a report is on its road."""

    QUEUED = "queued"  # waits for a worker; its window may not be fixed yet
    RUNNING = "running"  # a worker reads Stripe, or died and another one will go on
    READY = "ready"  # the files are there, whole and checksummed
    FAILED = "failed"  # it ended without files; the error says why
    CANCELLED = "cancelled"  # somebody stopped it; there are no files
    EXPIRED = "expired"  # it was ready, and its files are gone by now

    @property
    def is_final(self) -> bool:
        """Whether no worker will touch the report again."""
        return self not in (State.QUEUED, State.RUNNING)


KEPT = 7 * 24 * 3600
"""Seconds from the end of a report to the end of its files and details."""

REMEMBERED = 30 * 24 * 3600
"""Seconds a record itself stays, so that an expired report can be run again."""


class ReportFile(msgspec.Struct, frozen=True, kw_only=True):
    """One finished file. `bytes` is its size, `sha256` its checksum in hex."""

    format: str
    name: str
    bytes: int
    sha256: str


class ReportError(msgspec.Struct, frozen=True, kw_only=True):
    """Why a report failed, in a sentence for people."""

    code: str | None
    message: str


class Report(msgspec.Struct, frozen=True, kw_only=True):
    """A report asked for, at one moment.

    Attributes:
        window_start, window_end: unix seconds UTC, both included. What was left open when the
            report was asked for is None until a worker begins; see `window_at`.
        timezone: IANA name of the zone in which a reader sees its times.
        version: kind and version of its columns, `lesson-totals.1`; None until a worker begins.
        api_version: Stripe's, of the answers that were read.
        progress: share of the windows that has been read, 0 to 1.
        seconds_left: until the reading ends at the pace so far; None where nobody can tell.
        waits_for_stripe: whether it stands still because Stripe does not answer.
        rows, calls: rows read from Stripe and List calls made for them.
        created_at, started_at, finished_at: unix seconds UTC.
        holder: token of the worker that makes it.
        taken: how many workers have begun or gone on with it, and did not hand it back.
        summary: the report's figures without tables and chart; amounts in minor units.
        files: the finished files; of an expired report, those that it had.
    """

    id: str
    kind: str
    state: State
    created_at: float
    timezone: str = "UTC"
    started_at: float | None = None
    finished_at: float | None = None
    window_start: int | None = None
    window_end: int | None = None
    version: str | None = None
    api_version: str | None = None
    progress: float = 0.0
    seconds_left: int | None = None
    waits_for_stripe: bool = False
    rows: int = 0
    calls: int = 0
    holder: str | None = None
    taken: int = 0
    summary: dict[str, Any] | None = None
    files: tuple[ReportFile, ...] = ()
    error: ReportError | None = None

    @property
    def expires_at(self) -> float | None:
        """When its files go, unix seconds UTC; None where there are none to go."""
        return self.finished_at + KEPT if self.finished_at and self.files else None

    def as_of(self, now: float) -> "Report":
        """The report at this time (unix seconds): one whose files have gone is expired."""
        if self.state is not State.READY or self.finished_at is None:
            return self
        if now < self.finished_at + KEPT:
            return self
        return msgspec.structs.replace(self, state=State.EXPIRED)

    def ended(self, state: State, *, at: float, **changes: Any) -> "Report":
        """The report, over at this time (unix seconds): nobody holds it, it waits for nothing."""
        return msgspec.structs.replace(
            self,
            state=state,
            finished_at=at,
            seconds_left=None,
            waits_for_stripe=False,
            holder=None,
            **changes,
        )

    def failed(self, code: str | None, message: str, *, at: float) -> "Report":
        """The report, failed at this time (unix seconds) for this reason."""
        return self.ended(State.FAILED, at=at, error=ReportError(code=code, message=message))

    def window_at(self, now: int) -> Window:
        """The window asked for, and what was left open of it fixed at this second."""
        if self.window_start is None:
            return last_36_hours(now)
        open_end = max(now, self.window_start)
        return Window(self.window_start, open_end if self.window_end is None else self.window_end)


class Details(msgspec.Struct, frozen=True, kw_only=True):
    """What a ready report shows beyond its record.

    Attributes:
        summary: figures, checks, chart, tables and notes; see `shop.reports.summary`.
        preview: its columns and first rows.
        answer: what the client's route for this kind answers, as JSON.
    """

    summary: dict[str, Any]
    preview: dict[str, Any]
    answer: Any = None
