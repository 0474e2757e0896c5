"""What is kept of a walk, so that memory stays flat and a crash loses only what is unfinished.

While a range is walked its pages are put away as chunks. Its last chunk has a name that says so,
and all that must be known of the range; whoever takes the walk up again believes these names alone.

    open/<run>-<end>-<n>                                the n-th chunk of a range, from 0
    finished/<start>-<end>-<run>-<n>-<calls>-<rows>     the n-th, and the range has ended
"""

import re
from collections.abc import Iterable
from dataclasses import astuple, dataclass
from typing import Protocol

from shop.rules.window import Window

_FINISHED = re.compile(r"finished/(\d+)-(\d+)-(\w+)-(\d+)-(\d+)-(\d+)")


@dataclass(frozen=True)
class Finished:
    """A range that has ended.

    Attributes:
        start, end: unix seconds, both included.
        run: of the process that walked it.
        earlier: chunks before the last one.
        calls, rows: what it took, and what it holds.
    """

    start: int
    end: int
    run: str
    earlier: int
    calls: int
    rows: int

    @property
    def window(self) -> Window:
        """The seconds it covers."""
        return Window(self.start, self.end)

    @property
    def last_chunk(self) -> str:
        """The name of the chunk that, once it is there, says all of this."""
        return "finished/" + "-".join(map(str, astuple(self)))

    @property
    def chunks(self) -> list[str]:
        """Names of all its chunks, newest rows first."""
        return [*(open_chunk(self.run, self.end, n) for n in range(self.earlier)), self.last_chunk]


def open_chunk(run: str, end: int, number: int) -> str:
    """The name of a chunk that is not, or not yet known to be, the last of its range."""
    return f"open/{run}-{end}-{number}"


def finished_among(names: Iterable[str]) -> list[Finished]:
    """The ranges that have ended, by the names of all chunks; other names mean nothing.

    One that two processes have read, as the first was thought dead, is in it once.
    """
    ended: dict[Window, Finished] = {}
    for match in filter(None, map(_FINISHED.fullmatch, names)):
        start, end, run, earlier, calls, rows = match.groups()
        part = Finished(int(start), int(end), run, int(earlier), int(calls), int(rows))
        ended[part.window] = part
    return list(ended.values())


class Parts(Protocol):
    """Where chunks are kept. No name is used twice."""

    async def names(self) -> list[str]:
        """Of every chunk that was put so far, in any order."""

    async def put(self, chunk: str, body: bytes) -> None:
        """Keep a chunk, whole or not at all."""

    async def get(self, chunk: str) -> bytes:
        """A chunk that was put."""


class KeptInMemory:
    """For short walks that start again after a crash."""

    def __init__(self) -> None:
        self._chunks: dict[str, bytes] = {}

    async def names(self) -> list[str]:
        """None: memory does not outlive its process."""
        return []

    async def put(self, chunk: str, body: bytes) -> None:
        """Keep a chunk."""
        self._chunks[chunk] = body

    async def get(self, chunk: str) -> bytes:
        """A chunk, which is needed once only."""
        return self._chunks.pop(chunk)
