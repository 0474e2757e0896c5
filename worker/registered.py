"""RQ's worker, which an emptied Redis does not forget for good."""

from redis.client import Pipeline
from rq import Worker


class RegisteredWorker(Worker):
    """Registers again with its next sign of life where Redis was emptied meanwhile.

    RQ registers a worker at its start only. One that is not registered works on, but counts as
    dead (`jobs.queue`), so that nobody could ask for a report any more.
    """

    def heartbeat(self, timeout: int | None = None, pipeline: Pipeline | None = None) -> None:
        """RQ calls this every few seconds, and with a pipeline where it writes more beside it."""
        super().heartbeat(timeout, pipeline)
        if pipeline is None and not self._is_registered():
            self.connection.delete(self.key)  # the sign of life, which RQ takes for another worker
            self.register_birth()  # type: ignore[no-untyped-call]

    def _is_registered(self) -> bool:
        return bool(self.connection.sismember(self.redis_workers_keys, self.key))
