"""Money added up under keys: by hour, by category, by instrument."""

from collections.abc import Callable
from typing import Generic, TypeVar

Key = TypeVar("Key")
NewKey = TypeVar("NewKey")

MOST_KEYS = 5000
"""Keys of text that are kept apart, so that free text in a description can't fill the memory."""

ALL_OTHERS = "(all others)"
"""Under which the text keys beyond those are added up together."""


class Sums:
    """What came in and what is left, minor units of one currency."""

    __slots__ = ("entries", "gross", "net")

    def __init__(self, gross: int = 0, net: int = 0, entries: int = 0) -> None:
        self.gross = gross
        self.net = net
        self.entries = entries

    def add(self, gross: int, net: int, entries: int = 1) -> None:
        """Count one entry more, or several."""
        self.gross += gross
        self.net += net
        self.entries += entries

    @property
    def deductions(self) -> int:
        """What came off."""
        return self.gross - self.net

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Sums) and self._figures() == other._figures()

    __hash__ = None  # type: ignore[assignment]  # it changes while it counts

    def __repr__(self) -> str:
        return f"Sums(gross={self.gross}, net={self.net}, entries={self.entries})"

    def _figures(self) -> tuple[int, int, int]:
        return self.gross, self.net, self.entries


class Breakdown(Generic[Key]):
    """One `Sums` a key. Every entry is under exactly one key, so the keys add up to the whole."""

    def __init__(self) -> None:
        self._sums: dict[Key, Sums] = {}

    def add(self, key: Key, gross: int, net: int, entries: int = 1) -> None:
        """Count an entry, or several, under the key."""
        sums = self._sums.get(key)
        if sums is None:
            sums = self._begin(key)
        sums.add(gross, net, entries)

    def _begin(self, key: Key) -> Sums:
        if isinstance(key, str) and len(self._sums) >= MOST_KEYS:
            key = ALL_OTHERS  # type: ignore[assignment]  # str is Key's type here
        return self._sums.setdefault(key, Sums())

    def of(self, key: Key) -> Sums:
        """What was counted under the key; zeros where nothing was."""
        return self._sums.get(key) or Sums()

    def ordered(self) -> list[tuple[Key, Sums]]:
        """All keys, the ones with most money first, then by name."""
        return sorted(self._sums.items(), key=lambda item: (-item[1].gross, str(item[0])))

    def in_order(self) -> list[tuple[Key, Sums]]:
        """All keys in the order of time, where the keys are times."""
        return sorted(self._sums.items(), key=lambda item: item[0])  # type: ignore[arg-type,return-value]

    def regrouped(self, group_of: Callable[[Key], NewKey]) -> "Breakdown[NewKey]":
        """The same entries under coarser keys."""
        coarser: Breakdown[NewKey] = Breakdown()
        for key, sums in self._sums.items():
            coarser.add(group_of(key), sums.gross, sums.net, sums.entries)
        return coarser

    def whole(self) -> Sums:
        """Everything together."""
        whole = Sums()
        for sums in self._sums.values():
            whole.add(sums.gross, sums.net, sums.entries)
        return whole

    def __len__(self) -> int:
        return len(self._sums)
