"""What is measured of the web process, which has one core to itself."""

import asyncio
import itertools
import json
import statistics
import time
from collections.abc import Callable, Iterator, Sequence
from concurrent.futures import ThreadPoolExecutor
from uuid import uuid4

import stripe

from bench.tools.bars import Verdicts
from bench.tools.client import Client
from bench.tools.cores import processor_time
from bench.tools.history import make
from bench.tools.load import Call, Connection, as_many_as_possible, at_a_pace, get, post
from bench.tools.results import Results
from bench.tools.shop import Shop

A_SECOND = 100
"""Requests that come in a second where the overhead is measured."""

LATENCY = {"base_ms": 50, "jitter": 0, "per_object_ms": 0}
"""What a call to Stripe takes here: always the same, so that the rest is our own."""

CONNECTIONS = 16
STUDENTS = 300
EXPAND = "invoice_settings.default_payment_method"

IN_FULL = {
    "expand[0]": "latest_charge.balance_transaction",
    "expand[1]": "latest_charge.refunds",
}
"""What the shop has expanded when it writes a payment."""

STATIC = {
    "home page": "/",
    "account page": "/account-update/cus_1",
    "script": "/assets/js/api.js",
    "config": "/config",
}

VISITED = (*STATIC.values(), "/reports", "/accountant") * 10
"""What people ask for while a report runs."""

Calls = Callable[[int], list[Call]]
"""So many calls of one kind, each with parameters of its own."""


def throughput(shop: Shop, seconds: float, verdicts: Verdicts) -> None:
    """Pages and other answers that need nobody else, as many a second as go."""
    results = Results("web", connections=CONNECTIONS)
    for name, path in STATIC.items():
        rate = asyncio.run(
            as_many_as_possible(
                shop.stack.settings.port, get(path), connections=CONNECTIONS, seconds=seconds
            )
        )
        figures = {"page_per_s" if "page" in name else "per_s": rate}
        results.add(f"static, {name}", **figures)
        verdicts.judge(f"static, {name}", figures)
    results.print_json()


def overhead(shop: Shop, requests: int, rounds: int, verdicts: Verdicts) -> None:
    """What the shop's routes take beyond the calls to Stripe that they make.

    The same calls are sent to the sandbox directly, in turns with the route, at the same pace.
    """
    shop.stripe.control("latency", {"profile": "none"})
    students = [new_student(shop.stripe) for _ in range(STUDENTS)]
    shop.stripe.control("latency", LATENCY)
    results = Results("web", per_second=A_SECOND)
    settings = shop.stack.settings
    for kind, through_shop, direct in _kinds(shop, students):
        ours, theirs, cpu = list[float](), list[float](), 0.0
        for _ in range(rounds):
            theirs += _paced(settings.sandbox_port, direct(requests))
            calls, before = through_shop(requests), processor_time(shop.stack.processes["web"].pid)
            ours += _paced(settings.port, calls)
            cpu += processor_time(shop.stack.processes["web"].pid) - before
        figures = {
            "cpu_ms": cpu / len(ours) * 1e3,
            "p50_ms": _percentile(ours, 50) * 1e3,
            "p99_ms": _percentile(ours, 99) * 1e3,
            "p50_extra_ms": (_percentile(ours, 50) - _percentile(theirs, 50)) * 1e3,
            "p99_extra_ms": (_percentile(ours, 99) - _percentile(theirs, 99)) * 1e3,
        }
        results.add(f"quick, {kind}", **figures)
        verdicts.judge(f"quick, {kind}", figures)
    results.print_json()
    shop.stripe.control("latency", {"profile": "none"})


def events(shop: Shop, requests: int, verdicts: Verdicts) -> None:
    """How long Stripe waits until an event is taken, 50 of them a second."""
    secret = shop.stack.settings.webhook_secrets[0]
    waits = asyncio.run(
        at_a_pace(
            shop.stack.settings.port, [_event(secret) for _ in range(requests)], per_second=50
        )
    )
    figures = {"p50_ms": _percentile(waits, 50) * 1e3, "event_p99_ms": _percentile(waits, 99) * 1e3}
    results = Results("web", per_second=50)
    results.add("events", **figures)
    verdicts.judge("events", figures)
    results.print_json()


def delay(shop: Shop, transactions: int, verdicts: Verdicts) -> None:
    """How late the event loop is while a report runs and people go on using the shop."""
    history = make(shop, transactions)
    shop.be_live()
    shop.lateness()
    with ThreadPoolExecutor(1) as aside:
        running = aside.submit(shop.report, history.window)
        while not running.done():
            _paced(shop.stack.settings.port, [_asking(get(path)) for path in VISITED])
        shop.forget(running.result())
    late = shop.lateness()
    shop.be_quick()
    figures = {
        "late_p50_ms": _percentile(late, 50) * 1e3,
        "late_p99_ms": _percentile(late, 99) * 1e3,
        "late_most_ms": max(late) * 1e3,
    }
    results = Results("web", transactions=transactions)
    results.add("delay, during a report", **figures)
    verdicts.judge("delay, during a report", figures)
    results.print_json()


def _kinds(shop: Shop, students: Sequence[str]) -> Iterator[tuple[str, Calls, Calls]]:
    turn = itertools.cycle(students)
    cards = {student: _card(shop.stripe, student) for student in students}

    def accounts(count: int) -> list[Call]:
        return [_asking(get(f"/payment-method/{next(turn)}")) for _ in range(count)]

    def customers(count: int) -> list[Call]:
        return [_asking(_customer(next(turn))) for _ in range(count)]

    def holds(count: int) -> list[Call]:
        return [_asking(_hold_through_shop(next(turn))) for _ in range(count)]

    def direct_holds(count: int) -> list[Call]:
        chosen = [next(turn) for _ in range(count)]
        return [_asking(_customer(each), _hold(each, cards[each])) for each in chosen]

    def captures(count: int) -> list[Call]:
        return [
            _asking(post("/complete-lesson-payment", str(uuid4()), payment_intent_id=held))
            for held in _held(shop.stripe, students, cards, count)
        ]

    def direct_captures(count: int) -> list[Call]:
        return [
            _asking(
                get(f"/v1/payment_intents/{held}"),
                post(f"/v1/payment_intents/{held}/capture", amount_to_capture=6_500, **IN_FULL),
            )
            for held in _held(shop.stripe, students, cards, count)
        ]

    yield "account", accounts, customers
    yield "hold", holds, direct_holds
    yield "capture", captures, direct_captures


def _asking(*requests: bytes) -> Call:
    async def ask(connection: Connection) -> None:
        for request in requests:
            await connection.ask(request)

    return ask


def _paced(port: int, calls: Sequence[Call]) -> list[float]:
    return asyncio.run(at_a_pace(port, calls, per_second=A_SECOND))


def _customer(student: str) -> bytes:
    return get(f"/v1/customers/{student}?expand%5B%5D={EXPAND}")


def _hold_through_shop(student: str) -> bytes:
    return post(
        "/schedule-lesson",
        str(uuid4()),
        customer_id=student,
        amount=6_500,
        description="Guitar lesson",
    )


def _hold(student: str, card: str) -> bytes:
    fields: dict[str, object] = {
        "amount": 6_500,
        "currency": "usd",
        "customer": student,
        "payment_method": card,
        "capture_method": "manual",
        "confirm": "true",
        "off_session": "true",
        "metadata[type]": "lessons-payment",
        **IN_FULL,
    }
    return post("/v1/payment_intents", str(uuid4()), **fields)


def _held(
    client: Client, students: Sequence[str], cards: dict[str, str], count: int
) -> Iterator[str]:
    """So many open holds, placed without latency before anything is measured."""
    client.control("latency", {"profile": "none"})

    async def placed() -> list[str]:
        connection = await Connection.to(client.port)
        turn = itertools.cycle(students)
        chosen = [next(turn) for _ in range(count)]
        answers = [await connection.ask(_hold(each, cards[each])) for each in chosen]
        connection.close()
        return [json.loads(answer)["id"] for answer in answers]

    held = asyncio.run(placed())
    client.control("latency", LATENCY)
    yield from held


def _event(secret: str) -> Call:
    body = json.dumps(
        {
            "id": f"evt_{uuid4().hex}",
            "type": "setup_intent.succeeded",
            "created": int(time.time()),
            "data": {"object": {"id": "seti_of_nobody", "object": "setup_intent"}},
        }
    )

    async def deliver(connection: Connection) -> None:
        signature = stripe.WebhookSignature.generate_signature_header(
            body, secret, int(time.time())
        )
        head = f"POST /webhook HTTP/1.1\r\nHost: localhost\r\nStripe-Signature: {signature}\r\n"
        kind = f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
        await connection.ask(f"{head}{kind}{body}".encode())

    return deliver


def new_student(client: Client) -> str:
    """A new student with a card on file."""
    customer = client.post("/v1/customers", name="Jenny Rosen", email="jenny.rosen@example.com")
    card = client.post("/v1/payment_methods/pm_card_visa/attach", customer=customer["id"])
    default = {"invoice_settings[default_payment_method]": card["id"]}
    client.post(f"/v1/customers/{customer['id']}", **default)
    return str(customer["id"])


def _card(client: Client, student: str) -> str:
    customer = json.loads(client.get(f"/v1/customers/{student}"))
    return str(customer["invoice_settings"]["default_payment_method"])


def _percentile(waits: Sequence[float], percent: int) -> float:
    return statistics.quantiles(waits, n=100, method="inclusive")[percent - 1]
