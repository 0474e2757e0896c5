"""Holds placed through the web, one after the other, and how long each took."""

import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from itertools import cycle

from bench.tools.children import children
from bench.tools.client import Client
from bench.tools.history import History
from bench.tools.shop import Made, Shop

STUDENTS = 12


class Holds:
    """Places holds for some students in turn; make it while the sandbox is quick."""

    def __init__(self, shop: Shop) -> None:
        self._shop = shop
        self._students: Iterator[str] = cycle([_student(shop.stripe) for _ in range(STUDENTS)])

    def place(self, count: int) -> list[float]:
        """So many holds; the seconds each took."""
        web = self._shop.web
        return [self._place(web) for _ in range(count)]

    def place_during(self, count: int, history: History) -> tuple[list[float], list[Made]]:
        """Holds for as long as a report runs; after that during another, until there are enough.

        Only those count that began and ended while it ran.
        """
        waits, made, web = list[float](), list[Made](), self._shop.web
        with ThreadPoolExecutor(1) as aside:
            while len(waits) < count:
                running = aside.submit(self._shop.report, history.window)
                while not children(self._shop.worker) and not running.done():
                    time.sleep(0.01)
                while not running.done():
                    wait = self._place(web)
                    if not running.done():
                        waits.append(wait)
                made.append(running.result())
        return waits, made

    def _place(self, web: Client) -> float:
        began = time.perf_counter()
        web.post(
            "/schedule-lesson",
            customer_id=next(self._students),
            amount=6_500,
            description="Guitar lesson",
        )
        return time.perf_counter() - began


def _student(stripe: Client) -> str:
    """A new student with a card on file."""
    customer = stripe.post("/v1/customers", name="Jenny Rosen", email="jenny.rosen@example.com")
    card = stripe.post("/v1/payment_methods/pm_card_visa/attach", customer=customer["id"])
    default = {"invoice_settings[default_payment_method]": card["id"]}
    stripe.post(f"/v1/customers/{customer['id']}", **default)
    return str(customer["id"])
