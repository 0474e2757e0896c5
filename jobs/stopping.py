"""A job that is told to stop.

A worker that is told to stop sends its job SIGTERM, more than once, and ends it a few seconds later
(`worker.patient`). A job that does not ask here takes no notice, which is right for short work.
"""

import asyncio
import signal
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def stop_asked() -> Iterator[asyncio.Event]:
    """An event that is set once the job is to stop. For the main thread, which runs the loop."""
    loop = asyncio.get_running_loop()
    asked = asyncio.Event()
    before = signal.signal(signal.SIGTERM, lambda *_: loop.call_soon_threadsafe(asked.set))
    try:
        yield asked
    finally:
        signal.signal(signal.SIGTERM, before)
