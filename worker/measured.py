"""A worker that counts its jobs and how long they ran, for `/metrics`."""

from typing import Any

from redis import Redis
from rq import Queue
from rq.job import Job

from shop.figures.fields import of_count, of_time
from shop.figures.table import JOB_SECONDS, JOBS
from shop.settings import load
from shop.storage import figures_key
from worker.patient import PatientWorker

SUCCEEDED = "succeeded"
RETRIED = "retried"
FAILED = "failed"


class MeasuredWorker(PatientWorker):
    """Counts where RQ notes a job's end: in the job's process, or here after its death."""

    def handle_job_success(self, job: Job, queue: Queue, *rest: Any, **more: Any) -> None:
        """It ended well."""
        super().handle_job_success(job, queue, *rest, **more)
        _count(self.connection, job, SUCCEEDED)

    def handle_job_failure(self, job: Job, queue: Queue, *rest: Any, **more: Any) -> None:
        """It raised, or its process died; it may be run again."""
        outcome = RETRIED if job.should_retry else FAILED
        super().handle_job_failure(job, queue, *rest, **more)
        _count(self.connection, job, outcome)


def _count(redis: Redis, job: Job, outcome: str) -> None:
    name = (job.func_name or "").rpartition(".")[2]
    fields = of_count(JOBS, (name, outcome), 1)
    if job.started_at and job.ended_at:
        fields |= of_time(JOB_SECONDS, (name,), (job.ended_at - job.started_at).total_seconds())
    key = figures_key(load())
    with redis.pipeline() as pipe:
        for field, amount in fields.items():
            pipe.hincrby(key, field, amount)
        pipe.execute()
