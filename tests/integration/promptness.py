"""How quickly something is done, on a machine that may be busy with other tests."""

import time
from collections.abc import Awaitable, Callable
from typing import TypeVar

CHANCES = 5

Answer = TypeVar("Answer")


async def promptly(
    ask: Callable[..., Awaitable[Answer]], *arguments: object, within: float
) -> Answer:
    """What is answered within so many seconds.

    Whatever takes longer by itself does so each time; other processes are in the way now and then.
    """
    for _ in range(CHANCES):
        began = time.monotonic()
        answer = await ask(*arguments)
        if time.monotonic() - began < within:
            return answer
    raise AssertionError(f"it took longer than {within} seconds each time")
