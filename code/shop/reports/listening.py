"""Hearing of reports as they change: Redis tells every change on the channel of its report.

A message says only that there was a change. What the report is like now is read afterwards, so
changes that come together may be seen as one.
"""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from typing import Any

from redis.asyncio.client import PubSub
from redis.exceptions import TimeoutError as RedisTimeout

from shop.reports.reader import ReportReader
from shop.reports.record import Report

CONFIRMED_WITHIN = 1.2
"""Seconds that Redis has to confirm a subscription: whoever opens a stream is told within two."""

SILENCE = 60.0
"""Seconds without a message after which Redis is asked whether it is still there."""


async def wait_until_final(store: ReportReader, report_id: str, *, seconds: float) -> Report | None:
    """The report once it is final, or as it stands when the time is up."""
    report: Report | None = None
    try:
        async with asyncio.timeout(seconds), aclosing(changes(store, report_id)) as seen:
            async for report in seen:
                if report.state.is_final:
                    break
    except TimeoutError:
        pass
    return report


async def changes(store: ReportReader, report_id: str) -> AsyncGenerator[Report]:
    """The report as it is, and again each time it changes, until it is gone."""
    async with store.redis.pubsub() as channel:
        await channel.subscribe(store.keys.record(report_id))
        while (report := await store.get(report_id)) is not None:
            yield report
            while await channel.get_message(ignore_subscribe_messages=True, timeout=1.0) is None:
                pass


async def news(store: ReportReader) -> AsyncGenerator[str | None]:
    """Ids of reports as they change or are deleted. None comes first: now nothing is missed.

    It ends where the connection was lost and made again, for then something may be missed.

    Raises:
        RedisError: Redis is away; also where it is there and says nothing.
    """
    prefix = store.keys.record("")
    is_asked, is_listening = True, False
    async with store.redis.pubsub() as channels:
        await channels.psubscribe(f"{prefix}*")
        while True:
            message = await _message(channels, CONFIRMED_WITHIN if is_asked else SILENCE)
            if message is None and is_asked:
                raise RedisTimeout("Redis says nothing to whoever listens")
            if message is None:
                await channels.psubscribe(f"{prefix}*")  # which Redis confirms again
                is_asked = True
            elif message["type"] == "pmessage":
                yield str(message["channel"]).removeprefix(prefix)
            elif is_asked:
                is_asked = False
                if not is_listening:
                    is_listening = True
                    yield None
            else:
                return


async def _message(channels: PubSub, within: float) -> Any:
    """What comes within so many seconds, or None.

    Looked for twice: this process may be too busy, the first time, to read in time what is there.
    """
    half = within / 2
    return await channels.get_message(timeout=half) or await channels.get_message(timeout=half)
