"""The job of one event: it says what it could not do, and remembers what it did."""

import logging
import time

import pytest

from jobs.handle_event import handle_event
from shop.errors import StripeRefused
from shop.seen_events import SeenEvents
from tests.integration.events.conftest import Studio


@pytest.fixture
def environment(studio: Studio, monkeypatch: pytest.MonkeyPatch) -> None:
    """A job reads its settings itself."""
    for name in ("PORT", "SANDBOX_PORT", "VAR_DIR", "REDIS_URL"):
        monkeypatch.setenv(name, studio.environment[name])


def moment(ago: int = 0) -> str:
    """When an event was made."""
    return str(int(time.time()) - ago)


@pytest.mark.usefixtures("environment")
async def test_an_old_event_tells_nobody_once_redis_was_emptied(studio: Studio):
    """It may have been acted on, and its letter sent, before; a new one is told of."""
    student = await studio.student()
    old, new = await studio.hold(student), await studio.hold(student)
    assert await SeenEvents(studio.desk.storage).is_new("evt_1")
    await handle_event("evt_1", "payment_intent.amount_capturable_updated", old, moment(ago=10))
    await handle_event("evt_2", "payment_intent.amount_capturable_updated", new, moment())
    assert await studio.has(old)
    assert set(studio.letters()) == {f"hold-placed:{new}"}


@pytest.mark.usefixtures("environment")
async def test_an_event_that_was_acted_on_is_done(studio: Studio):
    """So the night leaves it alone."""
    payment = await studio.hold(await studio.student())
    await handle_event("evt_1", "payment_intent.amount_capturable_updated", payment, moment())
    assert await studio.has(payment)
    assert await SeenEvents(studio.desk.storage).not_done(["evt_1", "evt_2"]) == {"evt_2"}


@pytest.mark.usefixtures("environment")
async def test_an_event_that_could_not_be_acted_on_is_said_and_not_done(
    studio: Studio, caplog: pytest.LogCaptureFixture
):
    """One line names the event and the reason; the queue gets the error, for its retry."""
    with caplog.at_level(logging.INFO), pytest.raises(StripeRefused):
        await handle_event("evt_1", "refund.failed", "re_unseen", moment())
    said = [line.message for line in caplog.records if line.name == "jobs.handle_event"]
    assert said == [
        "event evt_1 (refund.failed of re_unseen) could not be handled and is tried again at "
        "night: No such refund: 're_unseen'"
    ]
    assert await SeenEvents(studio.desk.storage).not_done(["evt_1"]) == {"evt_1"}
