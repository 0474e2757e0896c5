"""What a bench demands of its figures, and whether they were good enough."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass

WIDTH = 34


@dataclass(frozen=True)
class Bar:
    """The most a figure may be or, with `at_least`, the least it must be."""

    limit: float
    at_least: bool = False

    def holds(self, value: float) -> bool:
        """Whether the figure is good enough."""
        return value >= self.limit if self.at_least else value <= self.limit

    def __str__(self) -> str:
        return f"{'≥' if self.at_least else '≤'} {self.limit:g}"


class Verdicts:
    """Holds the figures of every case against the bars that their names have.

    Attributes:
        missed: the cases and figures that were not good enough.
    """

    def __init__(self, bars: Mapping[str, Bar]) -> None:
        self._bars = bars
        self._lines: list[str] = []
        self.missed: list[str] = []

    def judge(self, case: str, figures: Mapping[str, float], without: Collection[str] = ()) -> None:
        """Judge one case; `without` names figures that have no bar in it."""
        for name, value in figures.items():
            if name not in self._bars or name in without:
                continue
            bar = self._bars[name]
            held = bar.holds(value)
            verdict = "held" if held else "MISSED"
            self._lines.append(f"  {case:{WIDTH}}{name:<14}{value:>9,.2f}   {bar!s:<8}{verdict}")
            if not held:
                self.missed.append(f"{case}: {name} {value:.3f}, bar {bar}")

    def print_table(self) -> None:
        """A line for each figure that has a bar, then those that missed it."""
        print("\nmeasured against the bars", *self._lines, sep="\n")
        print("", *(self.missed or ["every bar was held"]), sep="\n", flush=True)
