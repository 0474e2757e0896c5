"""How fast reports are, against Stripe's limit and the usual loop, and what they cost others.

    script/bench reports                                  everything; about twenty minutes
    script/bench reports --only speed --sizes 20000       a part of it

See script/bench for all options. Ends with status 1 where a bar was missed.
"""

import argparse
from collections.abc import Callable

from bench.tools.bars import Bar, Verdicts
from bench.tools.history import ONE_SECOND
from bench.tools.report_cases import baseline, holds, memory, speed

PARTS = ("speed", "baseline", "memory", "holds")
SHAPES = ("even", "growing", "one-hour", ONE_SECOND)

BARS = {
    "wall_ratio": Bar(1.15),
    "calls_ratio": Bar(1.08),
    "wall_gain": Bar(6, at_least=True),
    "cpu_gain": Bar(40, at_least=True),
    "mb_ratio": Bar(1.2),
    "mb_peak": Bar(150),
    "p95_ratio": Bar(1.2),
    "wrong": Bar(0),
    "missing": Bar(0),
    "doubled": Bar(0),
}
"""By figure, in every case that has it; the wall time of a history of one second has none."""


def main() -> int:
    """Measure what was asked for; answers with the exit status."""
    options = _options()
    verdicts = Verdicts(BARS)
    if "speed" in options.only:
        speed(options.sizes, options.shapes, verdicts)
    if "baseline" in options.only:
        baseline(min(options.sizes), verdicts)
    if "memory" in options.only:
        memory(options.memory, verdicts)
    if "holds" in options.only:
        holds(max(options.sizes), options.holds, verdicts)
    verdicts.print_table()
    return 1 if verdicts.missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench reports")
    parser.add_argument("--only", type=_some_of(PARTS), default=PARTS)
    parser.add_argument("--sizes", type=_sizes, default=[20_000, 200_000])
    parser.add_argument("--shapes", type=_some_of(SHAPES), default=SHAPES)
    parser.add_argument("--memory", type=_sizes, default=[20_000, 1_000_000])
    parser.add_argument("--holds", type=int, default=60)
    return parser.parse_args()


def _sizes(text: str) -> list[int]:
    """`20000,200000` as numbers."""
    return [int(part) for part in text.split(",")]


def _some_of(known: tuple[str, ...]) -> Callable[[str], list[str]]:
    """A reader of a list with commas, whose parts must be known."""

    def chosen(text: str) -> list[str]:
        parts = text.split(",")
        if unknown := [part for part in parts if part not in known]:
            raise argparse.ArgumentTypeError(f"{unknown[0]!r} is none of {', '.join(known)}")
        return parts

    return chosen


if __name__ == "__main__":
    raise SystemExit(main())
