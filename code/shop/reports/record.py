"""What is known of a report. The record in Redis, not the queue's registries, is the truth.

queued ──► running ──► ready
  │           └──────► failed
  └──────────────────► failed
"""

from enum import Enum
from typing import Any

import msgspec


class State(Enum):
    """Where a report is on its road."""

    QUEUED = "queued"  # waits for a worker; its window is not fixed yet
    RUNNING = "running"  # a worker reads Stripe; the window is fixed
    READY = "ready"  # the files are there, whole and checksummed
    FAILED = "failed"  # it ended without files; the error says why

    @property
    def is_final(self) -> bool:
        """Whether nothing more will happen to the report."""
        return self in (State.READY, State.FAILED)


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
        window_start, window_end: unix seconds UTC, both included. None until a worker fixes them;
            asked for ones are kept, and "the last 36 hours" end when the worker begins.
        progress: share of the window that has been read, 0 to 1.
        rows, calls: rows read from Stripe and List calls made so far.
        created_at, started_at, finished_at: unix seconds UTC.
        summary: the report's figures; amounts in cents.
    """

    id: str
    kind: str
    state: State
    created_at: float
    started_at: float | None = None
    finished_at: float | None = None
    window_start: int | None = None
    window_end: int | None = None
    progress: float = 0.0
    rows: int = 0
    calls: int = 0
    summary: dict[str, Any] | None = None
    answer: Any = None
    files: tuple[ReportFile, ...] = ()
    error: ReportError | None = None
