"""Which jobs a worker runs: those of the catalogue, and nothing else that Redis names.

RQ calls whatever functions a job in Redis names by their paths: its own, and its callbacks. Whoever
got at Redis could have the workers run any function that Python can import.
"""

from collections.abc import Callable
from typing import Any

from rq.job import Job

from jobs.catalogue import JOBS

FUNCTIONS = frozenset(job.function for job in JOBS)


class NotOurJob(Exception):
    """A job names a function that is not in the catalogue. Somebody else has put it there."""


class OurJob(Job):
    """A job as a worker reads it from Redis."""

    @property
    def func(self) -> Callable[..., Any] | None:
        """The function.

        Raises:
            NotOurJob: it is none of ours; the job then counts as failed.
        """
        if self.func_name not in FUNCTIONS:
            raise NotOurJob(f"job {self.id} names a function that is not in the catalogue")
        function: Callable[..., Any] | None = super().func
        return function

    def restore(self, raw_data: Any) -> Any:
        """What Redis says of the job, but for callbacks: ours have none."""
        restored = super().restore(raw_data)
        self._success_callback_name = None
        self._failure_callback_name = None
        self._stopped_callback_name = None
        return restored
