"""Idempotency keys: the first answer is the answer."""

import aiohttp
import pytest

from tests.integration.sandbox.api import HOLD, SECRET_KEY, Api

KEY = {"Idempotency-Key": "attempt-1"}
CONFIRMATION = {
    "payment_method": "pm_card_visa",
    "off_session": "true",
    "capture_method": "manual",
}


@pytest.mark.fact("4.3")
async def test_a_repeat_gets_the_same_bytes_and_does_nothing(api: Api, url: str) -> None:
    headers = {"Authorization": f"Bearer {SECRET_KEY}", **KEY}
    async with aiohttp.ClientSession(url, headers=headers) as session:
        first = await session.post("/v1/customers", data={"name": "Ada"})
        again = await session.post("/v1/customers", data={"name": "Ada"})
        assert await again.read() == await first.read()
    assert (first.status, again.status) == (200, 200)
    assert "Idempotent-Replayed" not in first.headers
    assert again.headers["Idempotent-Replayed"] == "true"
    assert len((await api.get("/v1/customers")).body["data"]) == 1


@pytest.mark.fact("4.3a")
async def test_what_the_headers_of_a_repeat_say(api: Api) -> None:
    first = await api.post("/v1/customers", headers=KEY)
    again = await api.post("/v1/customers", headers=KEY)
    assert (first.headers["Idempotency-Key"], again.headers["Idempotency-Key"]) == (
        "attempt-1",
        "attempt-1",
    )
    assert again.headers["Original-Request"] == first.headers["Request-Id"]
    assert again.headers["Request-Id"] != first.headers["Request-Id"]
    assert "Original-Request" not in first.headers


@pytest.mark.fact("4.3a")
async def test_a_refusal_names_the_key_too(api: Api) -> None:
    refused = await api.post("/v1/payment_intents", {"amount": "abc"}, headers=KEY)
    assert (refused.status, refused.headers["Idempotency-Key"]) == (400, "attempt-1")


@pytest.mark.fact("4.7")
async def test_a_repeat_shows_the_object_as_it_was(api: Api) -> None:
    student = await api.student()
    of = {"amount": 500, "customer": student.id, "payment_method": student.card}
    held = await api.post("/v1/payment_intents", {**HOLD, **of}, headers=KEY)
    await api.post(f"/v1/payment_intents/{held.body['id']}/cancel")
    again = await api.post("/v1/payment_intents", {**HOLD, **of}, headers=KEY)
    assert again.body["status"] == "requires_capture"


@pytest.mark.fact("4.2")
async def test_a_decline_is_kept(api: Api) -> None:
    student = await api.student("pm_card_chargeCustomerFail")
    of = {"amount": 500, "customer": student.id, "payment_method": student.card}
    first = await api.post("/v1/payment_intents", {**HOLD, **of}, headers=KEY)
    again = await api.post("/v1/payment_intents", {**HOLD, **of}, headers=KEY)
    assert (first.status, again.status) == (402, 402)
    assert again.body == first.body
    assert len((await api.get("/v1/charges")).body["data"]) == 1


@pytest.mark.fact("4.2")
async def test_a_state_error_is_kept_although_the_state_has_changed(api: Api) -> None:
    intent = (await api.post("/v1/payment_intents", {"amount": 500, "currency": "usd"})).body["id"]
    path = f"/v1/payment_intents/{intent}"
    first = await api.post(f"{path}/capture", headers=KEY)
    await api.post(f"{path}/confirm", CONFIRMATION)
    again = await api.post(f"{path}/capture", headers=KEY)
    assert (first.status, again.body) == (400, first.body)


@pytest.mark.fact("4.2a")
async def test_a_wrong_api_key_leaves_the_idempotency_key_free(api: Api) -> None:
    unknown = await api.post("/v1/customers", headers=KEY, key="sk_test_wrong")
    made = await api.post("/v1/customers", headers=KEY)
    assert (unknown.status, made.status) == (401, 200)
    assert "Idempotent-Replayed" not in made.headers


@pytest.mark.fact("4.2a")
async def test_refused_parameters_are_not_kept(api: Api) -> None:
    refused = await api.post("/v1/payment_intents", {"amount": "abc"}, headers=KEY)
    fields = {"amount": 500, "currency": "usd"}
    made = await api.post("/v1/payment_intents", fields, headers=KEY)
    assert (refused.status, made.status) == (400, 200)


@pytest.mark.fact("4.4")
async def test_other_parameters_are_an_error(api: Api) -> None:
    await api.post("/v1/customers", {"name": "Ada"}, headers=KEY)
    reply = await api.post("/v1/customers", {"name": "Ida"}, headers=KEY)
    assert (reply.status, reply.error) == (
        400,
        {
            "message": "Keys for idempotent requests can only be used with the same parameters "
            "they were first used with. Try using a key other than 'attempt-1' if you meant to "
            "execute a different request.",
            "type": "idempotency_error",
        },
    )


@pytest.mark.fact("4.5")
async def test_another_endpoint_is_an_error(api: Api) -> None:
    await api.post("/v1/customers", headers=KEY)
    reply = await api.post("/v1/setup_intents", headers=KEY)
    assert (reply.status, reply.error["message"]) == (
        400,
        "Keys for idempotent requests can only be used for the same endpoint they were first used "
        "for ('/v1/setup_intents' vs '/v1/customers'). Try using a key other than 'attempt-1' if "
        "you meant to execute a different request.",
    )


@pytest.mark.fact("4.1")
async def test_a_key_is_forgotten_after_a_day_and_not_before(api: Api) -> None:
    first = await api.post("/v1/customers", headers=KEY)
    api.advance(24 * 3_600 - 5)
    same = await api.post("/v1/customers", headers=KEY)
    api.advance(6)
    later = await api.post("/v1/customers", headers=KEY)
    assert same.body["id"] == first.body["id"] != later.body["id"]


@pytest.mark.fact("4.1a")
async def test_a_key_has_at_most_255_characters(api: Api) -> None:
    longest = await api.post("/v1/customers", headers={"Idempotency-Key": "k" * 255})
    longer = await api.post("/v1/customers", headers={"Idempotency-Key": "k" * 256})
    assert (longest.status, longer.status) == (200, 400)


@pytest.mark.fact("4.1")
async def test_a_key_means_nothing_on_reading_and_deleting(api: Api) -> None:
    customer = (await api.post("/v1/customers", headers=KEY)).body["id"]
    path = f"/v1/customers/{customer}"
    read = await api.send("GET", path, headers=KEY)
    deleted = await api.send("DELETE", path, headers=KEY)
    assert (read.body["id"], deleted.body["deleted"]) == (customer, True)
    assert "Idempotent-Replayed" not in deleted.headers
