"""What is kept of a walk, so that memory stays flat and a crash loses only what is unfinished.

While a range is walked its pages are put away as chunks; once it has ended, a record says which
chunks are its own. Whoever takes the walk up again believes the records alone.
"""

from typing import Protocol

import msgspec

from shop.rules.window import Window


class Finished(msgspec.Struct, frozen=True):
    """A range that has ended.

    Attributes:
        start, end: unix seconds, both included.
        chunks: names of its chunks, newest rows first.
        calls, rows: what it took, and what it holds.
    """

    start: int
    end: int
    chunks: tuple[str, ...]
    calls: int
    rows: int

    @property
    def window(self) -> Window:
        """The seconds it covers."""
        return Window(self.start, self.end)


class Parts(Protocol):
    """Where chunks and records are kept. Names of chunks are never used twice."""

    async def finished(self) -> list[Finished]:
        """Every range that has ended so far, in any order."""

    async def put(self, chunk: str, body: bytes) -> None:
        """Keep a chunk, whole or not at all."""

    async def get(self, chunk: str) -> bytes:
        """A chunk that was put."""

    async def finish(self, part: Finished) -> None:
        """Keep the record of a range whose chunks are all put."""


class KeptInMemory:
    """For short walks that start again after a crash."""

    def __init__(self) -> None:
        self._chunks: dict[str, bytes] = {}

    async def finished(self) -> list[Finished]:
        """Nothing: memory does not outlive its process."""
        return []

    async def put(self, chunk: str, body: bytes) -> None:
        """Keep a chunk."""
        self._chunks[chunk] = body

    async def get(self, chunk: str) -> bytes:
        """A chunk, which is needed once only."""
        return self._chunks.pop(chunk)

    async def finish(self, part: Finished) -> None:
        """Nobody else will ask."""
