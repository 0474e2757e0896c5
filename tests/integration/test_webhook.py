"""POST /webhook: only genuine events, each queued once, and none lost."""

import asyncio
import hashlib
import hmac
import io
import json
import time
import uuid
from collections.abc import AsyncIterator, Iterator
from pathlib import Path

import aiohttp
import pytest
from redis import Redis
from rq import Queue
from rq.serializers import JSONSerializer

from jobs.catalogue import HANDLE_EVENT, HANDLED_EVENTS
from server.app import LARGEST_BODY
from shop.settings import load
from tests.integration.conftest import Caller
from tests.integration.promptness import promptly
from tests.stack import Stack, free_port, open_stack


def event(event_type: str = "setup_intent.succeeded", **more: object) -> bytes:
    """An event nobody has sent yet."""
    about = {"id": f"seti_{uuid.uuid4().hex}"}
    made = {"id": f"evt_{uuid.uuid4().hex}", "type": event_type, "created": int(time.time())}
    return json.dumps({**made, "data": {"object": about}, **more}).encode()


def signed(body: bytes, secret: str, at: float | None = None) -> dict[str, str]:
    """The header Stripe would send (docs.stripe.com/webhooks#verify-manually)."""
    moment = int(time.time() if at is None else at)
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={moment},v1={mac}", "Content-Type": "application/json"}


SAMPLE = event()
RECEIVED = (200, {"received": True})


@pytest.fixture(scope="module")
def unmanned(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Stack]:
    """A shop whose events wait in the queue, as it has no worker."""
    with open_stack(tmp_path_factory.mktemp("webhook"), students=0, payments=0) as running:
        running.start("web")
        yield running


@pytest.fixture
async def shop(unmanned: Stack) -> AsyncIterator[Caller]:
    async with aiohttp.ClientSession(unmanned.url) as session:
        yield Caller(session)


@pytest.fixture
def queue(unmanned: Stack) -> Iterator[Queue]:
    """The events that wait, none when a test begins."""
    with Redis.from_url(unmanned.settings.redis_url) as redis:
        waiting = Queue(HANDLE_EVENT.queue, connection=redis, serializer=JSONSerializer)
        waiting.empty()
        yield waiting


async def send(shop: Caller, stack: Stack, body: bytes) -> tuple[int, dict]:
    [secret] = stack.settings.webhook_secrets
    answer = await shop.raw("POST", "/webhook", data=io.BytesIO(body), headers=signed(body, secret))
    return answer.status, await answer.json()


@pytest.mark.parametrize("event_type", sorted(HANDLED_EVENTS))
async def test_an_event_the_shop_acts_on_is_queued(
    shop: Caller, unmanned: Stack, queue: Queue, event_type: str
):
    """Under its own id."""
    body = event(event_type)
    assert await send(shop, unmanned, body) == RECEIVED
    assert queue.get_job_ids() == [json.loads(body)["id"]]


@pytest.mark.parametrize("body", [event("charge.succeeded"), event(data={"object": {}})])
async def test_other_events_are_received_and_that_is_all(
    shop: Caller, unmanned: Stack, queue: Queue, body: bytes
):
    """Stripe need not send them again, and no job waits for nothing."""
    assert await send(shop, unmanned, body) == RECEIVED
    assert queue.get_job_ids() == []


async def test_an_event_that_comes_often_at_once_is_queued_once(
    shop: Caller, unmanned: Stack, queue: Queue
):
    """Stripe may deliver twice, and whoever recorded a delivery may repeat it for five minutes."""
    body = event()
    answers = await asyncio.gather(*(send(shop, unmanned, body) for _ in range(20)))
    assert answers == [RECEIVED] * 20
    assert queue.get_job_ids() == [json.loads(body)["id"]]


async def test_an_event_whose_job_is_over_is_not_queued_again(
    shop: Caller, unmanned: Stack, queue: Queue
):
    """Its id is remembered longer than Stripe repeats it."""
    body = event()
    await send(shop, unmanned, body)
    queue.empty()
    assert await send(shop, unmanned, body) == RECEIVED
    assert queue.get_job_ids() == []


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Stripe-Signature": ""},
        {"Stripe-Signature": "nonsense"},
        {"Stripe-Signature": "t=1,v1=ü"},
        {"Stripe-Signature": f"t={int(time.time())},v1=00"},
        signed(SAMPLE, "whsec_of_somebody_else"),
        signed(SAMPLE, "whsec_sandbox", at=time.time() - 301),
    ],
)
async def test_a_forged_or_old_event_changes_nothing(
    shop: Caller, queue: Queue, headers: dict[str, str]
):
    """Whoever finds the address cannot speak for Stripe."""
    answer = await shop.raw("POST", "/webhook", data=SAMPLE, headers=headers)
    assert (answer.status, (await answer.json())["error"]["code"]) == (400, "signature_invalid")
    assert queue.get_job_ids() == []


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"{", b"\xff", b'{"id": "evt_1"}'])
async def test_a_body_that_is_no_event(shop: Caller, unmanned: Stack, body: bytes):
    """Even with a good signature."""
    status, _ = await send(shop, unmanned, body)
    assert status == 400


async def test_an_event_may_be_a_megabyte_long_and_not_longer(
    shop: Caller, unmanned: Stack, queue: Queue
):
    """Larger bodies are not read to their end, whoever signed them."""
    room = LARGEST_BODY - len(event(padding=""))
    largest = event(padding="x" * room)
    assert len(largest) == LARGEST_BODY
    assert await send(shop, unmanned, largest) == RECEIVED
    assert len(queue.get_job_ids()) == 1
    status, answer = await send(shop, unmanned, event(padding="x" * (room + 1)))
    assert (status, answer["error"]["code"]) == (413, "body_too_large")
    assert len(queue.get_job_ids()) == 1


async def test_while_redis_is_away_stripe_is_asked_to_send_again(unmanned: Stack, tmp_path: Path):
    """With a 503 within two seconds: an event that can't be kept must not count as received."""
    environment = {
        **unmanned.environment,
        "PORT": str(free_port()),
        "VAR_DIR": str(tmp_path),
        "REDIS_URL": f"unix://{tmp_path}/nobody.sock",
    }
    alone = Stack(load(environment=environment), environment)
    alone.start("web")
    try:
        async with aiohttp.ClientSession(alone.url) as session:
            status, answer = await promptly(send, Caller(session), alone, event(), within=2)
            assert (status, answer["error"]["code"]) == (503, "unavailable")
    finally:
        alone.stop()
