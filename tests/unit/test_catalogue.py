"""The catalogue and the code it names agree."""

import re

import pytest
from rq.utils import import_attribute

from jobs.catalogue import HANDLED_EVENTS, JOBS, QUEUES, REPORT_KINDS, Job
from jobs.events.table import HANDLERS
from jobs.report import report_module
from shop.settings import PROJECT


@pytest.mark.parametrize("job", JOBS, ids=lambda job: job.function)
def test_every_job_exists_and_waits_in_a_queue_that_is_served(job: Job):
    """A misspelt path or queue would leave the job waiting for ever."""
    assert callable(import_attribute(job.function))
    assert job.queue in QUEUES


@pytest.mark.parametrize("kind", REPORT_KINDS)
def test_every_report_has_its_module(kind: str):
    """With columns and a maker."""
    module = report_module(kind)
    assert module.COLUMNS
    assert callable(module.make)


def test_every_event_that_is_queued_has_a_handler():
    """And no handler waits for an event that is never queued."""
    assert set(HANDLERS) == HANDLED_EVENTS


def test_every_event_that_is_queued_is_explained():
    """In docs/events.md, where `.updated` after a comma belongs to the type before it."""
    table = (PROJECT / "docs" / "events.md").read_text(encoding="utf-8")
    rows = re.findall(r"^\| (`.*?) \|", table, re.MULTILINE)
    named: set[str] = set()
    for row in rows:
        for name in re.findall(r"`([a-z_.]+)`", row):
            named.add(f"charge.dispute{name}" if name.startswith(".") else name)
    assert named == HANDLED_EVENTS
