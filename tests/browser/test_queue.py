"""The owner's page of the queues."""

from collections.abc import Iterator
from contextlib import closing

import pytest
from playwright.sync_api import Page, expect
from redis import Redis
from rq import Queue
from rq.job import JobStatus
from rq.registry import FailedJobRegistry
from rq.serializers import JSONSerializer

from jobs.catalogue import KEEP_FAILURE, SEND_ACCOUNT_LINK
from jobs.queue_board import QueueBoard
from tests.stack import Stack

UNSERVED = "nobody-serves-this"


@pytest.fixture
def failed(stack: Stack) -> Iterator[str]:
    """A job that raised for the last time; its student is nobody, so running it does no harm."""
    with closing(Redis.from_url(stack.settings.redis_url)) as redis:
        aside = Queue(UNSERVED, connection=redis, serializer=JSONSerializer)
        job = aside.enqueue(SEND_ACCOUNT_LINK.function, "cus_nobody", failure_ttl=KEEP_FAILURE)
        aside.remove(job)
        job.origin = SEND_ACCOUNT_LINK.queue
        job.set_status(JobStatus.FAILED)
        queue = Queue(SEND_ACCOUNT_LINK.queue, connection=redis, serializer=JSONSerializer)
        with redis.pipeline() as pipe:
            FailedJobRegistry(queue=queue).add(job, KEEP_FAILURE, pipeline=pipe)
            job._handle_failure("ValueError: jenny@example.com is away", pipeline=pipe)
            pipe.execute()
        yield job.id
        QueueBoard(redis).remove(job.id)


def test_what_goes_on_is_shown(page: Page, failed: str) -> None:
    """Queues, the worker that is there, and what failed, without addresses."""
    page.goto("/owner")
    page.get_by_role("link", name="Queues").click()
    expect(page.get_by_role("heading", name="Queues", exact=True)).to_be_visible()
    expect(page.locator("#queues h3")).to_have_count(3)
    expect(page.locator("#workers .job-state").first).to_have_text("idle")
    expect(page.get_by_text("No worker is running")).to_be_hidden()
    job = page.locator("#failed .job").filter(has_text=failed)
    expect(job.locator(".job-name")).to_have_text("send_account_link")
    expect(job.locator(".job-error")).to_have_text("ValueError: … is away")


def test_a_failed_job_is_run_again_by_the_keyboard(page: Page, failed: str) -> None:
    """It leaves the list, and whoever listens hears of it."""
    page.goto("/owner/queue")
    page.get_by_role("button", name=f"Run send_account_link {failed} again").press("Enter")
    expect(page.get_by_role("status")).to_have_text("The job waits for its turn again.")
    expect(page.locator("#failed .job").filter(has_text=failed)).to_have_count(0)
    expect(page.get_by_role("heading", name="Failed")).to_be_focused()


def test_a_job_is_removed_only_by_whoever_means_it(page: Page, failed: str) -> None:
    """The question can be answered with no."""
    answers = iter(["dismiss", "accept"])
    page.on("dialog", lambda dialog: getattr(dialog, next(answers))())
    page.goto("/owner/queue")
    remove = page.get_by_role("button", name=f"Remove send_account_link {failed}")
    remove.click()
    expect(remove).to_be_visible()
    remove.click()
    expect(page.get_by_role("status")).to_have_text("The job is removed.")
    expect(remove).to_have_count(0)


def test_a_job_that_somebody_else_saw_to_is_said(page: Page, failed: str) -> None:
    """Two people look at one list."""
    page.goto("/owner/queue")
    button = page.get_by_role("button", name=f"Run send_account_link {failed} again")
    expect(button).to_be_visible()
    gone = {"error": {"code": "no_such_job", "message": "It was seen to already."}}
    page.route("**/run-again", lambda route: route.fulfill(status=404, json=gone))
    button.click()
    expect(page.get_by_role("alert")).to_contain_text("It was seen to already.")
