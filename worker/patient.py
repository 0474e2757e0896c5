"""RQ's worker, which outlasts a Redis that is away and still stops when it is told to."""

import logging
import os

from redis.exceptions import RedisError

from worker.redis_ready import wait_no_longer, wait_with
from worker.registered import RegisteredWorker

log = logging.getLogger(__name__)


class PatientWorker(RegisteredWorker):
    """Its connection waits for Redis (`worker.redis_ready`) until the worker is to stop.

    Attributes:
        is_told_to_stop: SIGTERM or SIGINT has come. Where `work` returns without, RQ gave up.
    """

    is_told_to_stop = False

    def setup_work_horse_signals(self) -> None:
        """RQ calls this first in the process of a job, which must not outlast a killed worker."""
        super().setup_work_horse_signals()  # type: ignore[no-untyped-call]
        wait_with(self.connection, parent=os.getppid())

    def handle_warm_shutdown_request(self) -> None:
        """RQ calls this at the first signal, before it writes that to Redis."""
        self.is_told_to_stop = True
        wait_no_longer(self.connection)
        super().handle_warm_shutdown_request()  # type: ignore[no-untyped-call]

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
