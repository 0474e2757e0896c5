"""Workers and jobs as those who run the shop see them. Pure. Times are unix seconds."""

import re
from dataclasses import dataclass

LONGEST_ERROR = 200
"""Characters."""

SECRETS = re.compile(
    r"[^\s@<>'\"(){}\[\],;:]+@[^\s@<>'\"(){}\[\],;]+"  # e-mail addresses, and users of an address
    r"|\b(?:[srp]k_(?:test|live)|whsec|ipsum)_\w+"  # keys and tokens
    r"|\b(?:pi|seti)_\w+_secret_\w+"
)
HIDDEN = "…"


@dataclass(frozen=True, kw_only=True)
class WorkerState:
    """A worker, and the job that it runs since `job_since`, if it runs one.

    Attributes:
        is_alive: whether its process is connected at this moment.
    """

    name: str
    queues: tuple[str, ...]
    since: float | None
    is_alive: bool
    job: str | None = None
    function: str | None = None
    job_since: float | None = None


@dataclass(frozen=True, kw_only=True)
class JobState:
    """A job that failed at `at`, or that is to be run again at `at`."""

    id: str
    queue: str
    function: str
    at: float
    error: str = ""


@dataclass(frozen=True, kw_only=True)
class Board:
    """Who works and what needs a look; the newest failure first, the next retry first."""

    workers: tuple[WorkerState, ...]
    failed: tuple[JobState, ...]
    retries: tuple[JobState, ...]


def last_line(error: str) -> str:
    """What an error comes to, without addresses, keys and tokens."""
    lines = [line for line in error.splitlines() if line.strip()]
    told = SECRETS.sub(HIDDEN, lines[-1].strip()) if lines else ""
    return told if len(told) <= LONGEST_ERROR else f"{told[: LONGEST_ERROR - 1]}…"
