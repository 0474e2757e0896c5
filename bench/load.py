"""Everybody at once, more and more of them: students, instructors, an accountant, Stripe's events.

    script/bench load                           one web process, then two; some four minutes
    script/bench load --web 1 --rates 10,40     one, at these requests a second

See script/bench for all options. Ends with status 1 where a bar was missed.
"""

import argparse

from bench.tools.bars import Bar, Verdicts
from bench.tools.load_cases import new_crowd, reports_made, rise
from bench.tools.shop import open_shop

BARS = {"errors": Bar(0), "growth_mb_each": Bar(20), "sustained": Bar(40, at_least=True)}
"""By figure, in every case that has it. Memory grows by what a web process keeps at hand, such
as connections; it is told for each of them, with the workers' share."""

UNLIMITED = {"STRIPE_RATE_TOTAL": "10000", "STRIPE_RATE_PER_ENDPOINT": "10000"}
"""The shop is measured and not Stripe's limit, which 25 holds a second would meet."""


def main() -> int:
    """Measure what was asked for; answers with the exit status."""
    options = _options()
    verdicts = Verdicts(BARS)
    for processes in options.web:
        with open_shop({**UNLIMITED, "WEB_WORKERS": str(processes)}, web=True) as shop:
            shop.stack.start("prompt worker")
            crowd = new_crowd(shop, options.students)
            with reports_made(shop, options.transactions):
                rise(shop, crowd, options.rates, options.seconds, verdicts)
    verdicts.print_table()
    return 1 if verdicts.missed else 0


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench load")
    parser.add_argument("--web", type=_numbers, default=[1, 2])
    parser.add_argument("--rates", type=_numbers, default=[10, 20, 40, 80, 120, 160])
    parser.add_argument("--seconds", type=float, default=12)
    parser.add_argument("--students", type=int, default=200)
    parser.add_argument("--transactions", type=int, default=5_000)
    return parser.parse_args()


def _numbers(text: str) -> list[int]:
    return [int(part) for part in text.split(",")]


if __name__ == "__main__":
    raise SystemExit(main())
