"""Events: what is told about each step, in which order, and for how long."""

import pytest

from tests.integration.sandbox.api import HOLD, Api


async def types(api: Api, **params: object) -> list[str]:
    """The types of the events a filter leaves, newest first."""
    return [row["type"] for row in (await api.get("/v1/events", **params)).body["data"]]


@pytest.mark.fact("11.2/customer")
async def test_the_events_of_a_customer(api: Api) -> None:
    customer = (await api.post("/v1/customers", {"name": "Ada"})).body["id"]
    await api.post(f"/v1/customers/{customer}", {"name": "Ida"})
    await api.delete(f"/v1/customers/{customer}")
    assert await api.events() == ["customer.created", "customer.updated", "customer.deleted"]


@pytest.mark.fact("11.1", "11.2/detach")
async def test_only_what_changes_something_tells_what_was_before(api: Api) -> None:
    """A card put on file, changed and taken off again."""
    student = await api.student()
    card = f"/v1/payment_methods/{student.card}"
    await api.post(card, {"billing_details[name]": "Ada"})
    await api.post(f"{card}/detach")
    events = (await api.get("/v1/events")).body["data"]
    assert [(event["type"], event["data"].get("previous_attributes")) for event in events] == [
        ("payment_method.detached", {"customer": student.id}),
        ("payment_method.updated", {"billing_details": {"name": None}}),
        ("payment_method.attached", None),
        ("customer.created", None),
    ]


@pytest.mark.fact("11.1")
async def test_an_event_keeps_the_object_as_it_was(api: Api) -> None:
    customer = (await api.post("/v1/customers", {"name": "Ada"})).body
    await api.post(f"/v1/customers/{customer['id']}", {"name": "Ida"})
    first = (await api.get("/v1/events", type="customer.created")).body["data"][0]
    assert first["data"]["object"] == customer
    assert (await api.get(f"/v1/events/{first['id']}")).body == first


@pytest.mark.fact("10.8", "11.2/never")
async def test_entering_a_card_and_changing_an_intent_make_no_event(api: Api) -> None:
    await api.card()
    payment = (await api.post("/v1/payment_intents", {"amount": 500, "currency": "usd"})).body
    await api.post(f"/v1/payment_intents/{payment['id']}", {"description": "Later"})
    set_up = (await api.post("/v1/setup_intents")).body
    await api.post(f"/v1/setup_intents/{set_up['id']}", {"description": "Later"})
    assert await api.events() == ["payment_intent.created", "setup_intent.created"]


@pytest.mark.fact("11.2/automatic")
async def test_the_events_of_a_payment_without_a_hold(api: Api) -> None:
    """With ``automatic`` it is booked at once, so nothing follows."""
    student = await api.student()
    of = {"amount": 500, "customer": student.id, "payment_method": student.card}
    await api.post("/v1/payment_intents", {**HOLD, **of, "capture_method": "automatic"})
    assert (await api.events())[2:] == [
        "payment_intent.created",
        "charge.succeeded",
        "payment_intent.succeeded",
    ]


@pytest.mark.fact("1.12a")
async def test_events_can_be_listed_by_type(api: Api) -> None:
    await api.captured(await api.student())
    several = {"types[]": ["customer.created", "charge.captured"]}
    both = await api.get("/v1/events", type="charge.captured", **several)
    many = await api.get("/v1/events", **{"types[]": ["charge.captured"] * 21})
    assert await types(api, type="charge.*") == ["charge.captured", "charge.succeeded"]
    assert await types(api, type="charge.captured") == ["charge.captured"]
    assert await types(api, **several) == ["charge.captured", "customer.created"]
    assert (both.status, many.status) == (400, 400)


@pytest.mark.fact("1.18")
async def test_the_list_reaches_back_thirty_days(api: Api) -> None:
    await api.post("/v1/customers")
    api.advance(30 * 86_400 - 60)
    kept = await api.events()
    api.advance(120)
    assert (kept, await api.events()) == (["customer.created"], [])
