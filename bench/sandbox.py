"""How fast and how large the sandbox is: pages, writes, generation, memory, snapshot.

    script/bench sandbox                          10,000, 100,000 and 1,000,000 payments
    script/bench sandbox --payments 10000,50000   other sizes

Prints a table, and one JSON line for each case. Processor time is the sandbox's own.
"""

import argparse
import http.client
import json
import tempfile
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlencode

import msgspec

from bench.program import Program, free_port, running
from bench.results import Results

DAYS = 90
DAY = 86_400
ROWS = "/v1/balance_transactions"
DEPTHS = {"newest": 0.0, "middle": 0.5, "oldest": 0.85}
"""Where a walk begins, as a share of the history's time."""

WALK = 10
"""Pages of 100 from there."""

ROUNDS = 30
"""How often each walk is made: enough for processor time in hundredths of a second."""

WRITES = 300


class Page(msgspec.Struct):
    """What a walk reads of a page."""

    data: list["Row"]
    has_more: bool


class Row(msgspec.Struct):
    """Enough of a row to go on from it."""

    id: str


class Client:
    """One connection to the sandbox that stays open."""

    def __init__(self, port: int) -> None:
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=600)

    def call(self, method: str, path: str, body: str = "") -> bytes:
        """The body of the answer, which has to be a good one."""
        headers = {"Authorization": "Bearer sk_test_sandbox"}
        if body:
            kind = "json" if path.startswith("/_sandbox/") else "x-www-form-urlencoded"
            headers["Content-Type"] = f"application/{kind}"
        self._connection.request(method, path, body or None, headers)
        response = self._connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise RuntimeError(f"{method} {path}: {response.status} {answer.decode()[:500]}")
        return answer

    def page(self, **params: object) -> Page:
        """A page of balance transactions."""
        path = f"{ROWS}?{urlencode({'limit': 100, **params}, doseq=True)}"
        return msgspec.json.decode(self.call("GET", path), type=Page)


class Waiting(threading.Thread):
    """Somebody else who asks for the time again and again, and notes the longest wait."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._client = Client(port)
        self._over = threading.Event()
        self.longest = 0.0

    def run(self) -> None:
        """Ask every hundredth of a second until told to stop."""
        while not self._over.wait(0.01):
            asked = time.perf_counter()
            self._client.call("GET", "/_sandbox/clock")
            self.longest = max(self.longest, time.perf_counter() - asked)

    def stop(self) -> float:
        """End it; the longest wait in seconds."""
        self._over.set()
        self.join()
        return self.longest


@contextmanager
def sandbox(*options: str) -> Iterator[tuple[Program, Client, int, float]]:
    """A sandbox that answers without latency, and how long it took until it did."""
    port = free_port()
    began = time.perf_counter()
    always = ("--port", str(port), "--latency", "none", "--no-webhook", "--env-file", "/dev/null")
    with running("-m", "sandbox", *always, *options) as program:
        if not program.wait_for_line():
            raise RuntimeError("the sandbox did not start")
        yield program, Client(port), port, time.perf_counter() - began


def measure(payments: int, results: Results) -> None:
    """Everything at one size."""
    students = max(payments // 20, 1)
    with (
        tempfile.TemporaryDirectory() as folder,
        sandbox("--students", "0", "--payments", "0") as (program, client, port, _),
    ):
        generation(program, client, port, students, payments, results)
        pages(program, client, results)
        writes(program, client, results)
        results.add("memory", peak_mb=program.peak_memory() / 1e6)



def generation(
    program: Program, client: Client, port: int, students: int, payments: int, results: Results
) -> None:
    """A history asked for over HTTP, while somebody else wants to be served."""
    order = {"students": students, "payments": payments, "days": DAYS}
    other = Waiting(port)
    other.start()
    cpu, began = program.cpu(), time.perf_counter()
    client.call("POST", "/_sandbox/history", json.dumps(order))
    wall, used = time.perf_counter() - began, program.cpu() - cpu
    results.add(
        "generate",
        seconds=wall,
        cpu_seconds=used,
        others_waited_ms=other.stop() * 1e3,
        mb=program.memory() / 1e6,
    )


def pages(program: Program, client: Client, results: Results) -> None:
    """Walks of a few pages at three depths, plain and expanded."""
    now = json.loads(client.call("GET", "/_sandbox/clock"))["now"]
    for expand in ((), ("data.source", "data.source.charge")):
        for depth, share in DEPTHS.items():
            before = {"created[lte]": int(now - share * DAYS * DAY), "expand[]": expand}
            case = f"page, {depth}{', expanded' if expand else ''}"
            measured(program, results, case, lambda before=before: walk(client, before))


def walk(client: Client, params: dict[str, object]) -> int:
    """Page on from there; how many pages there were."""
    after: dict[str, object] = {}
    for number in range(1, WALK + 1):
        page = client.page(**params, **after)
        if not page.has_more:
            break
        after = {"starting_after": page.data[-1].id}
    return number


def measured(program: Program, results: Results, case: str, work: Callable[[], int]) -> None:
    """Do it often; note processor time for each and how many there are in a second."""
    work()
    cpu, began = program.cpu(), time.perf_counter()
    done = sum(work() for _ in range(ROUNDS))
    wall, used = time.perf_counter() - began, program.cpu() - cpu
    results.add(case, cpu_ms=used / done * 1e3, per_second=done / wall)


def writes(program: Program, client: Client, results: Results) -> None:
    """A student's sign-up with a card, a hold, and its capture."""
    customer, card = new_student(client)
    hold = urlencode(
        {
            "amount": 6500,
            "currency": "usd",
            "customer": customer,
            "payment_method": card,
            "capture_method": "manual",
            "confirm": "true",
            "off_session": "true",
            "metadata[type]": "lessons-payment",
        }
    )
    held: list[str] = []

    def capture() -> int:
        client.call("POST", f"/v1/payment_intents/{held.pop()}/capture")
        return 1

    def place() -> int:
        held.append(json.loads(client.call("POST", "/v1/payment_intents", hold))["id"])
        return 1

    def sign_up() -> int:
        client.call("POST", "/v1/customers", "name=Ada&email=ada%40example.com")
        return 1

    for case, work in (("customer", sign_up), ("hold", place), ("capture", capture)):
        cpu, began = program.cpu(), time.perf_counter()
        for _ in range(WRITES):
            work()
        wall, used = time.perf_counter() - began, program.cpu() - cpu
        results.add(f"write, {case}", cpu_us=used / WRITES * 1e6, per_second=WRITES / wall)


def new_student(client: Client) -> tuple[str, str]:
    """A customer's id and a saved card's."""
    customer = json.loads(client.call("POST", "/v1/customers"))["id"]
    attached = client.call(
        "POST", "/v1/payment_methods/pm_card_visa/attach", urlencode({"customer": customer})
    )
    return customer, json.loads(attached)["id"]


def sizes(text: str) -> list[int]:
    """``10000,100000`` as numbers."""
    return [int(part) for part in text.split(",")]


def main() -> None:
    """Measure at every size asked for."""
    parser = argparse.ArgumentParser(prog="script/bench sandbox")
    parser.add_argument("--payments", type=sizes, default=[10_000, 100_000, 1_000_000])
    for payments in parser.parse_args().payments:
        results = Results("sandbox", payments=payments)
        results.title(f"{payments:,} payments")
        measure(payments, results)
        results.print_json()


if __name__ == "__main__":
    main()
