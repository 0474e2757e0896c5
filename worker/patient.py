"""RQ's worker, which outlasts a Redis that is away and still stops when it is told to."""

import logging
import os
import signal
import threading
import time
from contextlib import suppress

from redis.exceptions import RedisError
from rq import Queue
from rq.job import Job
from structlog.contextvars import bind_contextvars

from worker.redis_ready import wait_no_longer, wait_with
from worker.registered import RegisteredWorker

FINISH_WITHIN = 4.0
"""Seconds that a job under way has to finish after the worker was told to stop. One that is cut off
is run again: it failed as far as the queue is concerned."""

TOLD_EVERY = 0.25
"""Seconds between two signals: the first may come before the job can hear it."""

log = logging.getLogger(__name__)


class PatientWorker(RegisteredWorker):
    """Its connection waits for Redis (`worker.redis_ready`) until the worker is to stop.

    Attributes:
        is_told_to_stop: SIGTERM or SIGINT has come. Where `work` returns without, RQ gave up.
    """

    is_told_to_stop = False

    def setup_work_horse_signals(self) -> None:
        """RQ calls this first in the process of a job, which must not outlast a killed worker.

        SIGTERM means that the worker stops; what takes long hands itself back (`jobs.stopping`).
        """
        super().setup_work_horse_signals()  # type: ignore[no-untyped-call]
        signal.signal(signal.SIGTERM, signal.SIG_IGN)
        wait_with(self.connection, parent=os.getppid())

    def main_work_horse(self, job: Job, queue: Queue) -> None:
        """All of a job's process: every line of its log says which job it is, and who asked."""
        name = (job.func_name or "").rpartition(".")[2]
        bind_contextvars(job=name, job_id=job.id, **job.meta)
        super().main_work_horse(job, queue)

    def handle_warm_shutdown_request(self) -> None:
        """RQ calls this at the first signal, before it writes that to Redis."""
        self.is_told_to_stop = True
        threading.Thread(target=self._end_job, daemon=True).start()
        wait_no_longer(self.connection)
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]

    def _end_job(self) -> None:
        """Tell the job to stop, even one that only just begins, and end it when its time is up."""
        give_up_at = time.monotonic() + FINISH_WITHIN
        while time.monotonic() < give_up_at:
            if self.horse_pid:
                with suppress(ProcessLookupError):
                    os.kill(self.horse_pid, signal.SIGTERM)
            time.sleep(TOLD_EVERY)
        if self.horse_pid:
            self.kill_horse()

    def teardown(self) -> None:
        """Sign off, unless Redis is away: then the registration lapses by itself.

        RQ leaves a job running when it gives up. It is ended here: whichever worker is next goes
        on with its report.
        """
        wait_no_longer(self.connection)
        if self.horse_pid:
            self.kill_horse()
            self.wait_for_horse()
        try:
            super().teardown()  # type: ignore[no-untyped-call]
        except RedisError as error:
            log.warning("the worker could not sign off, as Redis is away: %s", error)
