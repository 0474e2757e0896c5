"""The queues as JSON."""

from collections.abc import Sequence
from datetime import UTC, datetime

from jobs.queue import QueueState
from jobs.queue_states import Board, JobState, WorkerState

Document = dict[str, object]


def board_document(queues: Sequence[QueueState], board: Board) -> Document:
    """All of it."""
    return {
        "queues": [_queue(queue) for queue in queues],
        "workers": [_worker(worker) for worker in board.workers],
        "failed": [_job(job) | {"error": job.error} for job in board.failed],
        "retries": [_job(job) for job in board.retries],
    }


def _queue(queue: QueueState) -> Document:
    return {
        "name": queue.name,
        "depth": queue.waiting,
        "oldest": _instant(queue.oldest_since),
        "running": queue.running,
        "workers": queue.workers,
        "failed": queue.failed,
        "retries": queue.to_be_retried,
    }


def _worker(worker: WorkerState) -> Document:
    running = {
        "id": worker.job,
        "function": worker.function,
        "since": _instant(worker.job_since),
    }
    return {
        "name": worker.name,
        "queues": list(worker.queues),
        "since": _instant(worker.since),
        "alive": worker.is_alive,
        "job": running if worker.job else None,
    }


def _job(job: JobState) -> Document:
    return {
        "id": job.id,
        "queue": job.queue,
        "function": job.function,
        "at": _instant(job.at),
    }


def _instant(seconds: float | None) -> str | None:
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")
