"""What nobody waits for, such as letting go of a lock: whoever waits for an answer comes first."""

import asyncio
from collections.abc import Callable, Coroutine, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from dataclasses import dataclass, field
from functools import partial
from typing import Any


@dataclass
class _Answer:
    """An answer that somebody waits for, and what is to begin behind it."""

    is_ready: bool = False
    behind: list[Callable[[], None]] = field(default_factory=list)

    def begin_all(self) -> None:
        while self.behind:
            self.behind.pop(0)()

    def get_ready(self) -> None:
        self.is_ready = True
        asyncio.get_running_loop().call_soon(self.begin_all)


_ANSWER: ContextVar[_Answer | None] = ContextVar("answer", default=None)


class Asides:
    """Work that was begun or waits to be."""

    def __init__(self) -> None:
        self._under_way: set[asyncio.Task[None]] = set()

    def begin(self, work: Coroutine[Any, Any, None]) -> None:
        """Begin work, which must not raise."""
        task = asyncio.create_task(work)
        self._under_way.add(task)
        task.add_done_callback(self._under_way.discard)

    def begin_behind_answer(self, work: Coroutine[Any, Any, None]) -> None:
        """The same once `answering` is over; at once where nobody waits for an answer."""
        answer = _ANSWER.get()
        if answer is None or answer.is_ready:
            self.begin(work)
        else:
            answer.behind.append(partial(self.begin, work))

    async def finished(self) -> None:
        """Wait for all work, also for what an answer that is ready now has held back."""
        await asyncio.sleep(0)
        while self._under_way:
            await asyncio.wait(self._under_way)


@contextmanager
def answering() -> Iterator[None]:
    """Around making an answer. What is aside begins in the event loop's turn after it.

    So it does not get between the answer and whoever waits for it, and yet is on its way before the
    loop hears of anything that they do next.
    """
    answer = _Answer()
    token = _ANSWER.set(answer)
    try:
        yield
    finally:
        _ANSWER.reset(token)
        answer.get_ready()
