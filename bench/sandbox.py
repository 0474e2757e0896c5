"""How fast the sandbox is and how much it holds: pages, writes, histories, snapshots, memory.

    script/bench sandbox                          10,000, 100,000 and 1,000,000 payments
    script/bench sandbox --payments 10000,50000   other sizes

Latency is off and no webhook is sent, so that it is the sandbox's own work that is measured.
"""

import argparse
import tempfile
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

from bench.tools.client import Bystander, Client
from bench.tools.program import Program, Spent, free_port, running
from bench.tools.results import Results

DAYS = 90
DAY = 86_400
PAYMENTS_EACH = 20
"""Payments for each student."""

ROWS = "/v1/balance_transactions"
EXPANDED = ("data.source", "data.source.charge")
DEPTHS = {"newest": 0.0, "middle": 0.5, "oldest": 0.85}
"""Where a walk begins: the share of the history's time that is newer."""

WALK = 10
"""Pages of 100 that a walk goes on for."""

ROUNDS = 30
"""How often each walk is made; processor time is read in hundredths of a second."""

WRITES = 400


def main() -> None:
    """Measure at every size that was asked for."""
    parser = argparse.ArgumentParser(prog="script/bench sandbox")
    parser.add_argument("--payments", type=sizes, default=[10_000, 100_000, 1_000_000])
    for payments in parser.parse_args().payments:
        results = Results("sandbox", payments=payments)
        with tempfile.TemporaryDirectory() as folder:
            measure(payments, Path(folder), results)
        results.print_json()


def sizes(text: str) -> list[int]:
    """``10000,100000`` as numbers."""
    return [int(part) for part in text.split(",")]


def measure(payments: int, var_dir: Path, results: Results) -> None:
    """Everything at one size."""
    students = max(payments // PAYMENTS_EACH, 1)
    with sandbox(var_dir, "--students", "0", "--payments", "0") as (program, client, port):
        program.wait_until_ready()
        generation(program, client, port, students, payments, results)

    snapshot = var_dir / "sandbox" / "account.snapshot"
    size = ("--students", str(students), "--payments", str(payments), "--days", str(DAYS))
    with sandbox(var_dir, *size, "--snapshot", str(snapshot)) as (program, client, _):
        program.wait_until_ready()
        pages(program, client, results)
        writes(program, client, results)
        results.add("memory", mb_peak=program.megabytes(peak=True))

    with sandbox(var_dir, "--keep") as (program, client, _):
        loaded = program.wait_until_ready()
        memory = program.megabytes()
        client.post("/v1/customers")
        results.add("snapshot, load", seconds=loaded.wall, cpu_seconds=loaded.cpu, mb=memory)
        results.add("snapshot, save", seconds=program.stop(), mb_file=snapshot.stat().st_size / 1e6)


@contextmanager
def sandbox(var_dir: Path, *options: str) -> Iterator[tuple[Program, Client, int]]:
    """A sandbox of its own, a caller of it, and its port."""
    port = free_port()
    always = ("--port", str(port), "--latency", "none", "--no-webhook", "--env-file", "/dev/null")
    with running("-m", "sandbox", *always, *options, VAR_DIR=str(var_dir)) as program:
        yield program, Client(port), port


def generation(
    program: Program, client: Client, port: int, students: int, payments: int, results: Results
) -> None:
    """A history made on request, while somebody else wants to be served."""
    other, spent = Bystander(port), list[Spent]()
    other.start()
    with program.spending(spent):
        client.control("history", {"students": students, "payments": payments, "days": DAYS})
    median, longest = other.stop()
    results.add(
        "generate",
        seconds=spent[0].wall,
        cpu_seconds=spent[0].cpu,
        mb=program.megabytes(peak=True),
    )
    results.add("others meanwhile", ms_median=median * 1e3, ms_longest=longest * 1e3)


def pages(program: Program, client: Client, results: Results) -> None:
    """Walks of a few pages at three depths, plain and expanded."""
    now = client.control("clock", {"advance_seconds": 0})["now"]
    for expand in ((), EXPANDED):
        for depth, newer in DEPTHS.items():
            window = {"created[lte]": int(now - newer * DAYS * DAY), "expand[]": expand}
            walk(client, window)
            spent, count = list[Spent](), 0
            with program.spending(spent):
                for _ in range(ROUNDS):
                    count += walk(client, window)
            results.add(
                f"page, {depth}{', expanded' if expand else ''}",
                cpu_ms=spent[0].cpu / count * 1e3,
                pages_per_s=count / spent[0].wall,
            )


def walk(client: Client, window: Mapping[str, object]) -> int:
    """Page on from there; how many pages there were."""
    query: dict[str, object] = {"limit": 100, **window}
    count, more = 0, True
    while more and count < WALK:
        page = client.page(ROWS, **query)
        query["starting_after"], more = page.data[-1].id, page.has_more
        count += 1
    return count


def writes(program: Program, client: Client, results: Results) -> None:
    """Customers, holds on the card of one of them, and their captures."""
    customer = client.post("/v1/customers")["id"]
    card = client.post("/v1/payment_methods/pm_card_visa/attach", customer=customer)["id"]
    hold = {
        "amount": 6_500,
        "currency": "usd",
        "customer": customer,
        "payment_method": card,
        "capture_method": "manual",
        "confirm": "true",
        "off_session": "true",
        "metadata[type]": "lessons-payment",
    }
    held: list[str] = []
    kinds: dict[str, Callable[[], object]] = {
        "customer": lambda: client.post("/v1/customers", email="ada@example.com"),
        "hold": lambda: held.append(client.post("/v1/payment_intents", **hold)["id"]),
        "capture": lambda: client.post(f"/v1/payment_intents/{held.pop()}/capture"),
    }
    for kind, write in kinds.items():
        spent = list[Spent]()
        with program.spending(spent):
            for _ in range(WRITES):
                write()
        results.add(
            f"write, {kind}",
            cpu_us=spent[0].cpu / WRITES * 1e6,
            writes_per_s=WRITES / spent[0].wall,
        )


if __name__ == "__main__":
    main()
