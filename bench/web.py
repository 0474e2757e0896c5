"""How fast the web process is, with one core to itself, and what it adds to Stripe's own time.

    script/bench web                        everything; about three minutes
    script/bench web --only static,quick    some of its four parts

See script/bench for all options. Ends with status 1 where a bar was missed.
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from bench.tools import web_cases
from bench.tools.bars import Bar, Verdicts
from bench.tools.cores import give, leave_one_free
from bench.tools.shop import Shop, open_shop

PARTS = ("static", "quick", "events", "delay")

BARS = {
    "page_per_s": Bar(2_000, at_least=True),
    "p50_extra_ms": Bar(3),
    "p99_extra_ms": Bar(15),
    "event_p99_ms": Bar(50),
    "late_p99_ms": Bar(10),
}
"""By figure, in every case that has it."""


def main() -> int:
    """Measure what was asked for; answers with the exit status."""
    options = _options()
    verdicts = Verdicts(BARS)
    core = leave_one_free()
    if {"static", "quick", "events"} & set(options.only):
        with _shop(core) as shop:
            if "static" in options.only:
                web_cases.throughput(shop, options.seconds, verdicts)
            if "quick" in options.only:
                web_cases.overhead(shop, options.requests, options.rounds, verdicts)
            if "events" in options.only:
                web_cases.events(shop, options.requests, verdicts)
    if "delay" in options.only:
        with _shop(core, probed=True) as shop:
            web_cases.delay(shop, options.transactions, verdicts)
    verdicts.print_table()
    return 1 if verdicts.missed else 0


@contextmanager
def _shop(core: int | None, *, probed: bool = False) -> Iterator[Shop]:
    """A shop whose web server has this core, and which Stripe's events do not reach."""
    with open_shop({}, web=True, probed=probed) as shop:
        give(shop.stack.processes["web"].pid, core)
        shop.stripe.control("webhooks", {"outage": True, "retry_after": []})
        yield shop


def _options() -> argparse.Namespace:
    parser = argparse.ArgumentParser(prog="script/bench web")
    parser.add_argument("--only", type=lambda text: text.split(","), default=PARTS)
    parser.add_argument("--seconds", type=float, default=5)
    parser.add_argument("--requests", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=2)
    parser.add_argument("--transactions", type=int, default=20_000)
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
