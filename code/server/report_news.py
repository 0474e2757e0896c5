"""News of reports for everybody who listens, over one subscription of the whole process.

A listener hears which reports have changed and looks for itself what they are like now. However
slow it is, it holds no more than the ids; however many there are, Redis has one to serve.
"""

import asyncio
import logging
from collections.abc import AsyncGenerator, AsyncIterator, Callable
from contextlib import aclosing, asynccontextmanager

from redis.exceptions import RedisError

log = logging.getLogger(__name__)

READ_AT_ONCE = 20
"""Listeners that ask Redis at the same time. All hear of a change together, and the rest of the
shop needs connections as well."""


class Listener:
    """Collects what one listener has not heard of yet."""

    def __init__(self) -> None:
        self._changed: set[str] = set()
        self._is_over = False
        self._news = asyncio.Event()

    def tell(self, report_id: str) -> None:
        """A report has changed or was deleted."""
        self._changed.add(report_id)
        self._news.set()

    def end(self) -> None:
        """There will be no more news."""
        self._is_over = True
        self._news.set()

    async def changed(self) -> set[str] | None:
        """Waits for news: the ids of all that changed since it was last asked; None at the end."""
        await self._news.wait()
        self._news.clear()
        if self._is_over:
            return None
        changed, self._changed = self._changed, set()
        return changed


class ReportNews:
    """Listens for as long as anybody might want to hear of reports.

    Made with what subscribes anew at each call, as `shop.reports.listening.news` does.

    Attributes:
        reading: to be held by a listener while it looks what has changed.
    """

    def __init__(self, subscribe: Callable[[], AsyncGenerator[str | None]]) -> None:
        self.reading = asyncio.Semaphore(READ_AT_ONCE)
        self._subscribe = subscribe
        self._listeners: set[Listener] = set()
        self._reading: asyncio.Task[None] | None = None
        self._hears: asyncio.Future[None]
        self._is_closed = False

    @asynccontextmanager
    async def listen(self) -> AsyncIterator[Listener]:
        """Hear of every change from now on; none is missed.

        Raises:
            RedisError: Redis is away.
        """
        listener = Listener()
        self._listeners.add(listener)
        try:
            await self._subscribed()
            if self._is_closed:
                listener.end()
            yield listener
        finally:
            self._listeners.discard(listener)

    async def close(self) -> None:
        """End every listener; to be called when the server stops."""
        self._is_closed = True
        for listener in self._listeners:
            listener.end()
        if self._reading is not None:
            self._reading.cancel()
            await asyncio.gather(self._reading, return_exceptions=True)

    async def _subscribed(self) -> None:
        if self._is_closed:
            return
        if self._reading is None or self._reading.done():
            self._hears = asyncio.get_running_loop().create_future()
            self._reading = asyncio.create_task(self._read(self._hears))
        await asyncio.shield(self._hears)

    async def _read(self, hears: asyncio.Future[None]) -> None:
        try:
            async with aclosing(self._subscribe()) as news:
                async for report_id in news:
                    if not hears.done():
                        hears.set_result(None)
                    if report_id is not None:
                        for listener in self._listeners:
                            listener.tell(report_id)
        except RedisError as error:
            log.warning("no news of reports: %s", error)
            if not hears.done():
                hears.set_exception(error)
        finally:
            if not hears.done():
                hears.set_result(None)
            for listener in self._listeners:
                listener.end()
