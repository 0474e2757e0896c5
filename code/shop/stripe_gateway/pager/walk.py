"""One walk over one list: pages come in at Stripe's speed limit, rows go out in Stripe's order.

Two things happen at once. The reader sends requests each time the budget allows some, for the
ranges that `plan` names, and puts away what comes back. The consumer is handed the rows of the
newest range, then of the next, each once the range has ended. Every row is decoded into just the
fields that are read and put away in a compact form, so that memory does not grow with the list.

Pages that arrive while the budget makes the reader wait are worked on together, just before the
next requests: nothing could be sent for them sooner, and a processor that wakes for each page
finds its caches cold and takes half as long again.
"""

import asyncio
import itertools
import secrets
from collections.abc import AsyncIterator
from dataclasses import dataclass, field
from typing import Generic

import msgspec

from shop.errors import StripeUnavailable
from shop.rules.retry import Failure
from shop.rules.window import Window
from shop.stripe_gateway.budget import Budget
from shop.stripe_gateway.client import StripeClient
from shop.stripe_gateway.listings import Listing
from shop.stripe_gateway.pager.parts import Finished, Parts, finished_among, open_chunk
from shop.stripe_gateway.pager.patience import Patience
from shop.stripe_gateway.pager.plan import FULL_PAGE, IncompleteWalk, Plan, Range, Row
from shop.tasks import end

SMALLEST_PAGE = 10
"""Rows asked for when even these arrive cut short."""

WHOLE_AGAIN = 8
"""Pages that must arrive whole before more rows are asked for again."""

PAGES_OF_A_CHUNK = 12
"""Pages held in memory of one range before they are put away; putting costs by the chunk.

With 16 the peak of memory grows with the list: 100 MB at 200,000 rows, 79 MB at 20,000."""

MOST_AT_ONCE = 20
"""Requests on their way at once, so that a slow Stripe does not gather them without end."""


class _Listed(msgspec.Struct, Generic[Row]):
    data: list[Row]
    has_more: bool


@dataclass(eq=False)
class _Hand:
    """The range one cursor walks, and what of it is not put away yet.

    Whoever puts away waits for their `turn`: a range is finished once all its chunks are kept.
    """

    range: Range
    page_size: int = FULL_PAGE
    pages: list[bytes] = field(default_factory=list)
    chunks: int = 0
    turn: asyncio.Lock = field(default_factory=asyncio.Lock)
    _whole: int = 0

    def page_arrived(self, *, whole: bool) -> None:
        """Ask for half as many rows where they arrive cut short, for more once they do not."""
        self._whole = self._whole + 1 if whole else 0
        if not whole:
            self.page_size = max(self.page_size // 2, SMALLEST_PAGE)
        elif self._whole % WHOLE_AGAIN == 0:
            self.page_size = min(self.page_size * 2, FULL_PAGE)


class Walk(Generic[Row]):
    """Reads a list over a window.

    Args:
        client: the account's connection.
        budget: asked before every request.
        listing: which list, and into what a row is decoded.
        window: frozen before the first call. Wait until its last second is over before reading.
        parts: where finished ranges are kept, and found again.

    Attributes:
        calls: pages read, those of an earlier run that are kept included.
        rows_read: rows in them.
    """

    def __init__(
        self,
        client: StripeClient,
        budget: Budget,
        listing: Listing[Row],
        window: Window,
        parts: Parts,
    ) -> None:
        self._client = client
        self._budget = budget
        self._listing = listing
        self._window = window
        self._parts = parts
        self._decoder = msgspec.json.Decoder(_Listed[listing.row])  # type: ignore[name-defined]
        self._encode = msgspec.msgpack.Encoder().encode
        self._rows_of = msgspec.msgpack.Decoder(list[listing.row]).decode  # type: ignore[name-defined]
        self._pages_of = msgspec.msgpack.Decoder(list[memoryview]).decode
        self._run = secrets.token_hex(4)
        self._finished: dict[int, Finished] = {}
        self._hands: dict[Range, _Hand] = {}
        self._news = asyncio.Event()
        self._sending = asyncio.Event()
        self._handed_to = window.end + 1
        self._patience = Patience(budget, listing.endpoint)
        self.calls = 0
        self.rows_read = 0

    @property
    def done(self) -> float:
        """The share of the window's seconds whose rows were handed on, 0 to 1."""
        return (self._window.end + 1 - self._handed_to) / (
            self._window.end + 1 - self._window.start
        )

    async def pages(self) -> AsyncIterator[list[Row]]:
        """Every row of the window, newest first, a page at a time.

        Raises:
            StripeError: Stripe refused, or was away for longer than `patience` lasts.
            IncompleteWalk: its pages contradict each other.
        """
        for part in finished_among(await self._parts.names()):
            if part.start >= self._window.start and part.end <= self._window.end:
                self._note(part)
        plan = Plan(self._window, [part.window for part in self._finished.values()])
        reader = asyncio.create_task(self._read(plan))
        try:
            top = self._window.end
            while top >= self._window.start:
                part = await self._ending_at(top, reader)
                for chunk in part.chunks:
                    for packed in self._pages_of(await self._parts.get(chunk)):
                        page = self._rows_of(packed)
                        yield page
                        self._handed_to = page[-1].created
                        await asyncio.sleep(0)  # requests go out while rows are worked on
                self._handed_to = part.start
                top = part.start - 1
            await reader
        finally:
            await end([reader])

    async def _ending_at(self, second: int, reader: "asyncio.Task[None]") -> Finished:
        """The finished range whose newest second this is, as soon as it has ended."""
        while second not in self._finished:
            self._news.clear()
            news = asyncio.create_task(self._news.wait())
            await asyncio.wait({news, reader}, return_when=asyncio.FIRST_COMPLETED)
            news.cancel()
            if reader.done():
                reader.result()
                if second not in self._finished:
                    raise IncompleteWalk("The reading ended before the window was covered.")
        return self._finished[second]

    async def _read(self, plan: Plan) -> None:
        """Send requests until every range has ended."""
        moved = asyncio.Event()
        at_once = asyncio.Semaphore(MOST_AT_ONCE)
        try:
            async with asyncio.TaskGroup() as fetching:
                while not plan.is_finished:
                    for _ in range(await self._allowed()):
                        while (part := plan.next()) is None and not plan.is_finished:
                            moved.clear()
                            await moved.wait()
                        if part is not None:
                            await at_once.acquire()
                            fetching.create_task(self._fetch(plan, part, moved, at_once))
        except ExceptionGroup as failures:
            raise failures.exceptions[0] from None

    async def _allowed(self) -> int:
        """How many requests may be sent now; pages that arrived meanwhile have been taken in."""
        self._sending.clear()
        requests = await self._budget.take(self._listing.endpoint, MOST_AT_ONCE)
        self._sending.set()
        await asyncio.sleep(0)  # those who waited for it come first
        return requests

    async def _fetch(
        self, plan: Plan, part: Range, moved: asyncio.Event, at_once: asyncio.Semaphore
    ) -> None:
        hand = self._hands.setdefault(part, _Hand(part))
        try:
            await self._page(plan, hand)
        finally:
            at_once.release()
        moved.set()
        done = part.done  # of this page: the next one may arrive while this one is put away
        async with hand.turn:
            if done:
                await self._finish(hand)
            elif len(hand.pages) >= PAGES_OF_A_CHUNK:
                await self._put(hand, open_chunk(self._run, part.end, hand.chunks))

    async def _page(self, plan: Plan, hand: _Hand) -> None:
        """Read one page, asking for fewer rows where the answer arrives cut short."""
        for cut_short in itertools.count(1):
            query = self._query(hand)
            body = await self._client.patient(
                self._listing.path, query, self._listing.endpoint, self._patience.retry
            )
            await self._sending.wait()
            try:
                listed = self._decoder.decode(body)
            except msgspec.ValidationError:
                raise
            except msgspec.DecodeError as error:
                hand.page_arrived(whole=False)
                if not await self._patience.retry(Failure(status=200), cut_short):
                    raise StripeUnavailable("Stripe's answers arrive cut short.") from error
            else:
                hand.page_arrived(whole=True)
                self._take(plan, hand, listed)
                return

    def _take(self, plan: Plan, hand: _Hand, listed: _Listed[Row]) -> None:
        """Pack the rows of a page that belong to its range.

        Nobody else holds them, so that the next page is decoded into memory that is still warm.
        """
        self._patience.answered()
        mine = plan.take(hand.range, listed.data, has_more=listed.has_more)
        self.calls += 1
        self.rows_read += len(mine)
        if mine:
            hand.pages.append(self._encode(mine))

    def _query(self, hand: _Hand) -> dict[str, str]:
        part = hand.range
        query = {
            **self._listing.filters,
            "created[gte]": str(part.start),
            "created[lte]": str(part.end),
            "limit": str(hand.page_size),
        }
        query |= {f"expand[{n}]": path for n, path in enumerate(self._listing.expand)}
        return query if part.cursor is None else {**query, "starting_after": part.cursor}

    async def _finish(self, hand: _Hand) -> None:
        part = self._hands.pop(hand.range).range
        ended = Finished(part.start, part.end, self._run, hand.chunks, part.calls, part.rows)
        await self._put(hand, ended.last_chunk)
        self._finished[ended.end] = ended
        self._news.set()

    async def _put(self, hand: _Hand, chunk: str) -> None:
        pages, hand.pages = hand.pages, []
        hand.chunks += 1
        await self._parts.put(chunk, self._encode(pages))

    def _note(self, part: Finished) -> None:
        """A range that an earlier run has read."""
        self._finished[part.end] = part
        self.calls += part.calls
        self.rows_read += part.rows
