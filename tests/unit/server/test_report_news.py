"""Who hears of a report that changes, when, and what ends it."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import AsyncExitStack
from types import SimpleNamespace

import aiohttp
import pytest
from aiohttp import web
from aiohttp.test_utils import make_mocked_request
from redis.exceptions import ConnectionError as RedisConnectionError

from server import event_stream
from server.access.actor import ACTOR, SOMEBODY_HERE
from server.event_stream import Event, send_events
from server.handlers.report_events import _without_end
from server.keys import REPORT_NEWS, REPORTS, STAFF
from server.report_news import READ_AT_ONCE, Listener, ReportNews
from shop.reports.record import Report


class FakeStore:
    """News as Redis would bring them."""

    def __init__(self) -> None:
        self.subscriptions = 0
        self.queue: asyncio.Queue[str | Exception | None] = asyncio.Queue()

    async def news(self) -> AsyncGenerator[str | None]:
        self.subscriptions += 1
        while True:
            item = await self.queue.get()
            if isinstance(item, Exception):
                raise item
            yield item
            self.queue.task_done()


@pytest.fixture
def store() -> FakeStore:
    """A store that has just confirmed its subscription."""
    fake = FakeStore()
    fake.queue.put_nowait(None)
    return fake


@pytest.fixture
def news(store: FakeStore) -> ReportNews:
    return ReportNews(store.news)


async def soon(listener: Listener) -> set[str] | None:
    """What the listener hears; it does not wait for long."""
    return await asyncio.wait_for(listener.changed(), 2)


async def test_everybody_hears_over_one_subscription(store: FakeStore, news: ReportNews):
    """However many listen."""
    async with news.listen() as first, news.listen() as second:
        store.queue.put_nowait("r1")
        assert (await soon(first), await soon(second)) == ({"r1"}, {"r1"})
    assert store.subscriptions == 1
    await news.close()


async def test_a_slow_listener_hears_of_each_report_once(store: FakeStore, news: ReportNews):
    """What it holds does not grow with the number of changes."""
    async with news.listen() as listener:
        for report_id in ["r1", "r2"] * 1000:
            store.queue.put_nowait(report_id)
        await store.queue.join()
        assert await soon(listener) == {"r1", "r2"}
        store.queue.put_nowait("r1")
        assert await soon(listener) == {"r1"}
    await news.close()


async def test_listening_begins_once_nothing_can_be_missed(store: FakeStore, news: ReportNews):
    """Not before the subscription is confirmed."""
    store.queue.get_nowait()
    with pytest.raises(TimeoutError):
        await asyncio.wait_for(news.listen().__aenter__(), 0.05)
    await news.close()


async def test_redis_going_away_ends_everybody_until_it_is_back(store: FakeStore, news: ReportNews):
    """A browser connects again, and that subscribes anew."""
    async with news.listen() as listener:
        store.queue.put_nowait(RedisConnectionError("gone"))
        assert await soon(listener) is None
    store.queue.put_nowait(None)
    async with news.listen() as listener:
        store.queue.put_nowait("r1")
        assert await soon(listener) == {"r1"}
    assert store.subscriptions == 2
    await news.close()


async def test_redis_that_is_away_is_said_to_whoever_wants_to_listen(
    store: FakeStore, news: ReportNews
):
    """Before anything was sent, so that the answer can be an error."""
    store.queue.get_nowait()
    store.queue.put_nowait(RedisConnectionError("away"))
    with pytest.raises(RedisConnectionError):
        async with news.listen():
            pass


async def test_closing_ends_everybody_at_once(news: ReportNews):
    """And whoever comes later hears the end."""
    async with news.listen() as listener:
        await news.close()
        assert await soon(listener) is None
        async with news.listen() as late:
            assert await soon(late) is None


# ── The stream ───────────────────────────────────────────────────────────────────────────────


async def test_a_caller_who_goes_away_ends_the_listener(
    monkeypatch: pytest.MonkeyPatch, news: ReportNews
):
    """The next heartbeat finds out, although there is no news."""
    monkeypatch.setattr(event_stream, "HEARTBEAT", 0.05)
    ended = asyncio.Event()

    async def answer(request: web.Request) -> web.StreamResponse:
        async with news.listen() as listener:

            async def events() -> AsyncGenerator[Event]:
                yield Event("report", {"id": "r1"}, "r1:queued")
                while await listener.changed() is not None:
                    pass

            answer = await send_events(request, listener, events())
        ended.set()
        return answer

    app = web.Application()
    app.router.add_get("/", answer)
    runner = web.AppRunner(app)
    await runner.setup()
    await web.TCPSite(runner, "127.0.0.1", 0).start()
    port = runner.addresses[0][1]
    async with aiohttp.ClientSession() as session:
        stream = await session.get(f"http://127.0.0.1:{port}/")
        first = await stream.content.readuntil(b"\r\n\r\n")
        assert first == b'id: r1:queued\r\nevent: report\r\ndata: {"id": "r1"}\r\n\r\n'
        assert await stream.content.readuntil(b"\r\n\r\n") == b": ping\r\n\r\n"
        assert not ended.is_set()
        stream.close()
    await asyncio.wait_for(ended.wait(), 5)
    await news.close()
    await runner.cleanup()


class BusyStore:
    """Counts who asks for listed reports, and how many of them at the same time."""

    def __init__(self, expected: int) -> None:
        self.all_answered = asyncio.Event()
        self.most_at_once = 0
        self._expected = expected
        self._asking = 0

    async def listed(self, _: set[str]) -> list[Report]:
        self._asking += 1
        self.most_at_once = max(self.most_at_once, self._asking)
        await asyncio.sleep(0.001)
        self._asking -= 1
        self._expected -= 1
        if self._expected == 0:
            self.all_answered.set()
        return []


async def test_many_who_hear_of_a_change_leave_connections_to_others(
    store: FakeStore, news: ReportNews
):
    """Those who follow the list all look for themselves, and only some of them at a time."""
    many = 3 * READ_AT_ONCE
    busy = BusyStore(expected=many)
    app = web.Application()
    app[REPORTS], app[REPORT_NEWS] = busy, news  # type: ignore[misc]
    app[STAFF] = SimpleNamespace(staff=lambda: SimpleNamespace(is_open=True))  # type: ignore[misc]
    request = make_mocked_request("GET", "/reports/events", app=app)
    request[ACTOR] = SOMEBODY_HERE

    async def follow(listener: Listener) -> list[Event]:
        return [event async for event in _without_end(request, listener, [])]

    async with AsyncExitStack() as stack, asyncio.timeout(5):
        listeners = [await stack.enter_async_context(news.listen()) for _ in range(many)]
        followers = [asyncio.create_task(follow(listener)) for listener in listeners]
        store.queue.put_nowait("r1")
        await busy.all_answered.wait()
        await news.close()
        assert await asyncio.gather(*followers) == [[]] * many
    assert busy.most_at_once == READ_AT_ONCE
