"""Histories asked for over HTTP: every shape, paged through, while others are served."""

import asyncio
from typing import Any

import pytest

from sandbox.history import Shape
from tests.integration.sandbox.api import Api

ORDER = {"students": 40, "payments": 400, "days": 30, "seed": 3}


async def rows_of(api: Api, path: str, **params: Any) -> list[dict[str, Any]]:
    """Every object of a list, page by page."""
    found: list[dict[str, Any]] = []
    while True:
        reply = await api.get(path, limit=100, **params)
        found += reply.body["data"]
        if not reply.body["has_more"]:
            return found
        params["starting_after"] = found[-1]["id"]


@pytest.mark.parametrize("shape", list(Shape))
async def test_pages_show_every_row_once_and_add_up_to_the_truth(api: Api, shape: Shape) -> None:
    made = await api.control("POST", "history", {**ORDER, "shape": shape})
    path, expand = "/v1/balance_transactions", ["data.source", "data.source.charge"]
    now = (await api.control("GET", "clock")).body["now"]
    rows = await rows_of(api, path, **{"expand[]": expand, "created[lte]": now})
    truth = (await api.control("GET", f"truth?from=0&to={now}")).body
    lessons = [row for row in rows if metadata_of(row).get("type") == "lessons-payment"]
    assert len({row["id"] for row in rows}) == len(rows) == made.body["balance_transactions"] > 200
    assert [row["created"] for row in rows] == sorted(
        (row["created"] for row in rows), reverse=True
    )
    assert truth["transactions"] == len(lessons)
    assert truth["net_total"] == sum(row["net"] for row in lessons)
    assert truth["payment_total"] == sum(
        row["amount"] for row in lessons if row["type"] == "charge"
    )
    assert truth["payment_total"] - truth["net_total"] == truth["fee_total"]


def metadata_of(row: dict[str, Any]) -> dict[str, str]:
    """The metadata of the charge that a row goes back to, if it goes back to one."""
    source: dict[str, Any] = row["source"] or {}
    charge: dict[str, Any] = (
        source if source.get("object") == "charge" else source.get("charge", {})
    )
    return charge.get("metadata", {})


async def test_others_are_served_meanwhile_and_see_nothing_before_it_is_whole(api: Api) -> None:
    await api.post("/v1/customers")
    order = {"students": 200, "payments": 3_000, "shape": "growing"}
    working = asyncio.create_task(api.control("POST", "history", order))
    seen: list[int] = []
    while not working.done():
        seen.append(len((await api.get("/v1/customers", limit=100)).body["data"]))
    reply = await working
    assert (len(seen) > 3, set(seen) <= {1, 100}) == (True, True)
    assert (reply.status, reply.body["customers"]) == (200, 201)
    assert len({row["id"] for row in await rows_of(api, "/v1/customers")}) == 201


async def test_what_happens_meanwhile_is_kept(api: Api) -> None:
    order = {"students": 50, "payments": 3_000, "shape": "one-second"}
    working = asyncio.create_task(api.control("POST", "history", order))
    own = [(await api.post("/v1/customers")).body["id"] for _ in range(3)]
    assert not working.done()
    await working
    rows = [row["id"] for row in await rows_of(api, "/v1/customers")]
    assert (len(rows), len(set(rows)), set(own) <= set(rows)) == (53, 53, True)


async def test_of_a_history_that_a_reset_overtakes_nothing_is_left(api: Api) -> None:
    working = asyncio.create_task(api.control("POST", "history", {"payments": 3_000}))
    await api.get("/v1/customers")
    await api.control("POST", "reset", {})
    reply = await working
    assert (reply.status, reply.body["error"]["message"]) == (
        409,
        "A reset came while the history was made, so none of it was added.",
    )
    assert (await api.get("/v1/payment_intents")).body["data"] == []


async def test_a_second_history_is_added_to_the_first(api: Api) -> None:
    for _ in range(2):
        reply = await api.control("POST", "history", ORDER)
    rows = await rows_of(api, "/v1/charges")
    assert (reply.body["customers"], reply.body["payment_intents"]) == (80, 800)
    assert len({row["id"] for row in rows}) == len(rows) > 700


@pytest.mark.parametrize(
    "body",
    [{"shape": "round"}, {"shape": None}, {"days": 0}, {"payments": 2_000_000}, {"seed": "x"}],
)
async def test_a_bad_order_is_told_why(api: Api, body: Any) -> None:
    reply = await api.control("POST", "history", body)
    assert (reply.status, len(reply.body["error"]["message"]) > 20) == (400, True)
