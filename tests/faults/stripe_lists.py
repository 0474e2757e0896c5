"""The local Stripe's own lists and books, read directly: the truth that faults are held against."""

import time
from collections.abc import AsyncIterator

from tests.integration.conftest import Caller

LESSON = "lessons-payment"


async def whole_list(stripe: Caller, path: str, **query: object) -> AsyncIterator[dict]:
    """Every object of a list, newest first, one page after the other."""
    asked = {"limit": 100, **query}
    has_more = True
    while has_more:
        status, page = await stripe.get(path, params=asked)
        assert status == 200, page
        for each in page["data"]:
            yield each
        has_more = page["has_more"]
        if has_more:
            asked["starting_after"] = page["data"][-1]["id"]


async def lesson_movements(stripe: Caller, start: int, end: int) -> dict[str, dict]:
    """The balance transactions of lesson money between two seconds, both included, by id."""
    rows = whole_list(
        stripe,
        "/v1/balance_transactions",
        **{
            "created[gte]": start,
            "created[lte]": end,
            "expand[0]": "data.source",
            "expand[1]": "data.source.charge",
        },
    )
    return {row["id"]: row async for row in rows if _is_lesson(row["source"])}


async def truth(stripe: Caller, start: int, end: int) -> dict[str, int]:
    """What the local Stripe's own books say of a window's lesson money."""
    _, figures = await stripe.get("/_sandbox/truth", params={"from": start, "to": end})
    names = ("payment_total", "fee_total", "net_total", "transactions")
    return {name: figures[name] for name in names}


async def over(stripe: Caller) -> int:
    """The last second that is over, by Stripe's clock."""
    _, clock = await stripe.get("/_sandbox/clock")
    return int(clock["now"]) - 1


async def control(stripe: Caller, name: str, **members: object) -> dict:
    """What a control of the local Stripe answers."""
    status, answer = await stripe.post(f"/_sandbox/{name}", members)
    assert status == 200, answer
    return answer


def first_second() -> int:
    """A second before everything that the test does from now on."""
    return int(time.time()) - 1


def _is_lesson(source: object) -> bool:
    if not isinstance(source, dict):
        return False
    charge = source.get("charge")
    of = charge if isinstance(charge, dict) else source
    return (of.get("metadata") or {}).get("type") == LESSON
