"""What is shown of one look at Redis, and that docs/metrics.md lists every metric."""

import re
import time
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry, generate_latest, values

from jobs.queue import QueueState
from server.metrics import files
from server.metrics.requests import RequestFigures
from server.metrics.shared import Shared, SharedCollector
from shop.figures.fields import of_count, of_time, read
from shop.figures.table import JOB_SECONDS, JOBS
from shop.settings import PROJECT
from shop.stripe_gateway.budget import State

FIELDS = {
    **of_count(JOBS, ("handle_event", "retried"), 2),
    **of_time(JOB_SECONDS, ("handle_event",), 1.5),
}

SHARED = Shared(
    kept=read({field: str(amount) for field, amount in FIELDS.items()}),
    queues=[
        QueueState(
            name="events",
            waiting=3,
            running=1,
            to_be_retried=4,
            failed=5,
            workers=2,
            oldest_since=time.time() + 60,  # another machine's clock is ahead of ours
        )
    ],
    budget=State(limit=25, pace=0.5, used=1.25),
)


def shown(shared: Shared | None) -> list[str]:
    """The lines that are no comments."""
    registry = CollectorRegistry()
    registry.register(SharedCollector(shared))
    return [line for line in generate_latest(registry).decode().splitlines() if line[0] != "#"]


def test_one_look_at_redis():
    """Counts and times as they were added, queues by what their jobs wait for."""
    job = '{job="handle_event"}'
    assert [line for line in shown(SHARED) if "_bucket" not in line] == [
        "ipsum_redis_up 1.0",
        'ipsum_jobs_total{job="handle_event",outcome="retried"} 2.0',
        f"ipsum_job_duration_seconds_count{job} 1.0",
        f"ipsum_job_duration_seconds_sum{job} 1.5",
        'ipsum_queue_jobs{queue="events",state="waiting"} 3.0',
        'ipsum_queue_jobs{queue="events",state="running"} 1.0',
        'ipsum_queue_jobs{queue="events",state="to_be_retried"} 4.0',
        'ipsum_queue_jobs{queue="events",state="failed"} 5.0',
        'ipsum_queue_workers{queue="events"} 2.0',
        'ipsum_queue_oldest_job_age_seconds{queue="events"} 0.0',
        "ipsum_stripe_budget_limit 25.0",
        "ipsum_stripe_budget_used_ratio 1.25",
        "ipsum_stripe_budget_pace_ratio 0.5",
    ]
    bounds = re.findall(r'le="([^"]+)"} (\d)\.0', "\n".join(shown(SHARED)))
    assert bounds[:3] == [("1.0", "0"), ("2.0", "1"), ("5.0", "1")]
    assert bounds[-1] == ("+Inf", "1")


def test_a_redis_that_is_away():
    """Says so, and nothing that may be wrong."""
    assert shown(None) == ["ipsum_redis_up 0.0"]


def test_the_documentation_lists_every_metric(tmp_path: Path, monkeypatch: pytest.MonkeyPatch):
    """And none that there is not."""
    monkeypatch.setattr(values, "ValueClass", values.ValueClass)
    monkeypatch.setenv(files.FOLDER, "")
    in_the_way = tmp_path / "metrics"
    in_the_way.touch()  # so that this process counts for itself
    requests = RequestFigures(in_the_way).registry()
    families = [*requests.collect(), *SharedCollector(SHARED).collect()]
    names = {
        f"{family.name}_total" if family.type == "counter" else family.name for family in families
    }
    listed = re.findall(r"^\| `(ipsum_\w+)`", (PROJECT / "docs/metrics.md").read_text(), re.M)
    assert sorted(listed) == sorted(names)
