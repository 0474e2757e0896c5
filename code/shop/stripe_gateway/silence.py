"""How long Stripe has owed an answer to what a report asks."""

import time
from collections.abc import Iterator
from contextlib import contextmanager


class Silence:
    """Of all requests that are on their way or wait to be sent again, together."""

    def __init__(self) -> None:
        self._asked = 0
        self._since = 0.0

    @contextmanager
    def asking(self) -> Iterator[None]:
        """Around one request with its retries; leaving it without an exception is an answer."""
        if self._asked == 0:
            self._since = time.monotonic()
        self._asked += 1
        try:
            yield
            self._since = time.monotonic()
        finally:
            self._asked -= 1

    @property
    def seconds(self) -> float:
        """Since the last answer, or since it was asked; 0 while it owes none."""
        return time.monotonic() - self._since if self._asked else 0.0
