"""From a figure to fields of a hash, and back. Pure.

A field is the JSON of the figure's name and its labels' values. A histogram has one more for each
bound, with what lies between that and the one below, and one with the microseconds together. All
are whole numbers, so that Redis adds them up exactly (HINCRBY).
"""

from collections.abc import Mapping
from dataclasses import dataclass

import msgspec

from shop.figures.table import COUNTERS, HISTOGRAMS, Counter, Histogram

SUM = "sum"
ABOVE_ALL = "+Inf"
MICROSECONDS = 1_000_000

Labels = tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """A histogram's state.

    Attributes:
        up_to: for each bound, the last of them `+Inf`, how many lie at or below it.
        seconds: all of them together.
    """

    up_to: tuple[int, ...]
    seconds: float


@dataclass(frozen=True)
class Kept:
    """All that a hash holds, by figure and the values of its labels."""

    counters: Mapping[Counter, Mapping[Labels, int]]
    histograms: Mapping[Histogram, Mapping[Labels, Spread]]


def of_count(counter: Counter, labels: Labels, amount: int) -> dict[str, int]:
    """What to add for something that was counted."""
    return {_field(counter.name, *labels): amount}


def of_time(histogram: Histogram, labels: Labels, seconds: float) -> dict[str, int]:
    """What to add for one thing that took so long."""
    bound = next((str(bound) for bound in histogram.bounds if seconds <= bound), ABOVE_ALL)
    return {
        _field(histogram.name, *labels, bound): 1,
        _field(histogram.name, *labels, SUM): round(seconds * MICROSECONDS),
    }


def read(fields: Mapping[str, str]) -> Kept:
    """Everything that is in the table; what an older version counted otherwise is left out."""
    by_name: dict[str, dict[Labels, int]] = {}
    for field, value in fields.items():
        name, *rest = msgspec.json.decode(field, type=list[str])
        by_name.setdefault(name, {})[tuple(rest)] = int(value)
    return Kept(
        counters={each: _counts(each, by_name.get(each.name, {})) for each in COUNTERS},
        histograms={each: _spreads(each, by_name.get(each.name, {})) for each in HISTOGRAMS},
    )


def _field(*parts: str) -> str:
    return msgspec.json.encode(parts).decode()


def _counts(counter: Counter, found: Mapping[Labels, int]) -> dict[Labels, int]:
    return {labels: n for labels, n in found.items() if len(labels) == len(counter.labels)}


def _spreads(histogram: Histogram, found: Mapping[Labels, int]) -> dict[Labels, Spread]:
    all_labels = {parts[:-1] for parts in found if len(parts) == len(histogram.labels) + 1}
    return {labels: _spread(histogram, labels, found) for labels in all_labels}


def _spread(histogram: Histogram, labels: Labels, found: Mapping[Labels, int]) -> Spread:
    up_to, so_far = [], 0
    for bound in (*map(str, histogram.bounds), ABOVE_ALL):
        so_far += found.get((*labels, bound), 0)
        up_to.append(so_far)
    return Spread(tuple(up_to), found.get((*labels, SUM), 0) / MICROSECONDS)
