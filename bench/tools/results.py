"""What was measured: a table that grows line by line, then one JSON line for each case."""

import json

WIDTH = 24

FIGURES_A_LINE = 5


class Results:
    """The cases of one bench at one size; the unit of a figure is in its name."""

    def __init__(self, bench: str, **size: int) -> None:
        self._cases: list[dict[str, object]] = []
        self._same: dict[str, object] = {"bench": bench, **size}
        print("\n" + ", ".join(f"{value:,} {name}" for name, value in size.items()), flush=True)

    def add(self, case: str, **figures: float) -> None:
        """Show one case, and keep it for its JSON line."""
        shown = [f"{_short(value):>9} {name:<11}" for name, value in figures.items()]
        for place in range(0, len(shown), FIGURES_A_LINE):
            line = "".join(shown[place : place + FIGURES_A_LINE])
            print(f"  {'' if place else case:{WIDTH}}{line}".rstrip(), flush=True)
        rounded = {name: round(value, 4) for name, value in figures.items()}
        self._cases.append({**self._same, "case": case, **rounded})

    def print_json(self) -> None:
        """One line for each case."""
        for case in self._cases:
            print(json.dumps(case), flush=True)


def _short(value: float) -> str:
    return f"{value:,.0f}" if value >= 100 or value == int(value) else f"{value:.2f}"
