"""Two ways to read the same balance transactions, each in a process of its own.

    python -m bench.tools.readers auto_paging_iter START END    the usual loop of stripe-python
    python -m bench.tools.readers pager START END               the shop's pager

Each prints what it read and what the reading cost as one line of JSON. The shop's settings come
from the environment, and say where the sandbox is.
"""

import asyncio
import json
import subprocess
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass

import msgspec
import stripe

from bench.tools.program import PROJECT
from shop.reports.kept_parts import KeptParts, parts_of
from shop.reports.results import open_results
from shop.rules.window import Window
from shop.settings import load
from shop.storage import open_storage
from shop.stripe_gateway import open_gateway
from shop.stripe_gateway.listings import BALANCE_TRANSACTIONS

NAME = "bench-reader"


@dataclass(frozen=True)
class Read:
    """What was read (`net`: the sum of all rows' nets) and what it cost in seconds."""

    rows: int
    net: int
    seconds: float
    cpu: float


def read(way: str, window: Window, environment: Mapping[str, str]) -> Read:
    """Read the window in one of the two ways, in a new process."""
    done = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", __name__, way, str(window.start), str(window.end)],
        cwd=PROJECT,
        env=environment,
        stdout=subprocess.PIPE,
        check=True,
    )
    return msgspec.json.decode(done.stdout, type=Read)


def auto_paging_iter(window: Window) -> tuple[int, int]:
    """Rows and the sum of their nets, through stripe-python as it comes."""
    settings = load()
    client = stripe.StripeClient(settings.secret_key, base_addresses={"api": settings.api_base})
    listed = client.v1.balance_transactions.list(
        {
            "created": {"gte": window.start, "lte": window.end},
            "limit": 100,
            "expand": list(BALANCE_TRANSACTIONS.expand),
        }
    )
    rows = net = 0
    for row in listed.auto_paging_iter():
        rows += 1
        net += row.net
    return rows, net


async def pager(window: Window) -> tuple[int, int]:
    """The same through the shop's pager, with its finished ranges kept as a report's are."""
    settings = load()
    results = open_results(settings)
    rows = net = 0
    async with open_storage(settings) as storage, open_gateway(settings, storage) as gateway:
        parts = KeptParts(results, NAME, BALANCE_TRANSACTIONS.kept_as)
        async for page in gateway.bulk.walk(BALANCE_TRANSACTIONS, window, parts).pages():
            rows += len(page)
            net += sum(row.net for row in page)
    await results.delete(parts_of(NAME))
    return rows, net


def main() -> None:
    """Read once and say what it cost; starting Python and importing is not counted."""
    way, start, end = sys.argv[1], int(sys.argv[2]), int(sys.argv[3])
    window = Window(start, end)
    began, before = time.perf_counter(), time.process_time()
    rows, net = asyncio.run(pager(window)) if way == "pager" else auto_paging_iter(window)
    spent = {"seconds": time.perf_counter() - began, "cpu": time.process_time() - before}
    print(json.dumps({"rows": rows, "net": net, **spent}))


if __name__ == "__main__":
    main()
