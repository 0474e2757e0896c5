"""A campaign against a whole shop of its own: Redis, local Stripe, web process and two workers.

    PYTHONPATH=code:. python -m tests.faults.fuzz [--seed 7] [--examples 300] [--closed]

prints how many requests each route has answered, and whatever was not as described. The same seed
leads to the same requests, but for the ids of students, payments and reports in them.
"""

import argparse
import asyncio
import tempfile
from pathlib import Path

from tests.faults.fuzz import campaign
from tests.faults.fuzz.campaign import Extent, Found
from tests.faults.fuzz.shop_state import prepare
from tests.faults.fuzz.shop_under_test import close, failed_jobs, mistakes, open_shop

EXAMPLES = 300
"""Enough for more than 10,000 requests."""

FEWEST = 10_000


def main() -> int:
    """Run it; 0 where nothing was found and it was large enough."""
    given = _parse_arguments()
    with tempfile.TemporaryDirectory() as folder, open_shop(Path(folder)) as stack:
        state = asyncio.run(prepare(stack, each=10))
        extent = Extent(examples=given.examples, seconds=given.minutes * 60)
        token = close(stack) if given.closed else None
        found = campaign.run(stack, state, extent, seed=given.seed, token=token)
        found.errors += failed_jobs(stack) + mistakes(stack)
    print(table(found))
    for (route, wrong), how in sorted(found.failures.items()):
        print(f"\n{route}\n{wrong}\n{how}")
    for error in found.errors:
        print(f"\n{error}")
    print(
        f"\n{found.total:,} requests in {found.seconds:.0f} seconds, seed {given.seed}: "
        f"{len(found.failures)} ways in which an answer was not as described, "
        f"{len(found.errors)} errors" + ("" if found.is_whole else "; ended by the clock")
    )
    enough = found.total >= FEWEST or given.examples < EXAMPLES
    return 0 if enough and not found.failures and not found.errors else 1


def table(found: Found) -> str:
    """Requests by route and by status, as Markdown."""
    rows = ["| route | requests | by status |", "| --- | ---: | --- |"]
    for route, counts in sorted(found.cases.items()):
        by_status = ", ".join(f"{status}: {count:,}" for status, count in sorted(counts.items()))
        rows.append(f"| `{route}` | {counts.total():,} | {by_status} |")
    return "\n".join(rows)


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(
        prog="python -m tests.faults.fuzz",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    parser.add_argument("--seed", type=int, default=1, help="default: %(default)s")
    parser.add_argument(
        "--examples",
        type=int,
        default=EXAMPLES,
        help="requests of chance for each route and kind, at most; default: %(default)s",
    )
    parser.add_argument(
        "--closed",
        action="store_true",
        help="with a staff account: send an owner's token, and see that nothing answers without it",
    )
    parser.add_argument(
        "--minutes", type=float, default=6.0, help="stop after these; default: %(default)s"
    )
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
