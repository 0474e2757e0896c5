"""Facts §4: the first answer is the answer."""

from tests.integration.sandbox.api import HOLD, Api

KEY = {"Idempotency-Key": "attempt-1"}


async def test_a_repeat_gets_the_same_bytes_and_does_nothing(api: Api) -> None:
    """Facts §4.3."""
    first = await api.post("/v1/customers", {"name": "Ada"}, headers=KEY)
    again = await api.post("/v1/customers", {"name": "Ada"}, headers=KEY)
    assert again.body == first.body
    assert again.headers["Idempotent-Replayed"] == "true"
    assert again.headers["Original-Request"] == first.headers["Request-Id"]
    assert "Idempotent-Replayed" not in first.headers
    assert len((await api.get("/v1/customers")).body["data"]) == 1


async def test_a_repeat_shows_the_object_as_it_was(api: Api) -> None:
    """Facts §4.7."""
    student = await api.student()
    of = {"amount": 500, "customer": student.id, "payment_method": student.card}
    held = await api.post("/v1/payment_intents", {**HOLD, **of}, headers=KEY)
    await api.post(f"/v1/payment_intents/{held.body['id']}/cancel")
    again = await api.post("/v1/payment_intents", {**HOLD, **of}, headers=KEY)
    assert again.body["status"] == "requires_capture"


async def test_declines_and_state_errors_are_kept(api: Api) -> None:
    """Facts §4.2."""
    student = await api.student("pm_card_chargeCustomerFail")
    of = {"amount": 500, "customer": student.id, "payment_method": student.card}
    first = await api.post("/v1/payment_intents", {**HOLD, **of}, headers=KEY)
    again = await api.post("/v1/payment_intents", {**HOLD, **of}, headers=KEY)
    assert (first.status, again.status) == (402, 402)
    assert again.body == first.body
    assert len((await api.get("/v1/charges")).body["data"]) == 1


async def test_refused_parameters_are_not_kept(api: Api) -> None:
    """Facts §4.2."""
    refused = await api.post("/v1/payment_intents", {"amount": "abc"}, headers=KEY)
    fields = {"amount": 500, "currency": "usd"}
    made = await api.post("/v1/payment_intents", fields, headers=KEY)
    assert (refused.status, made.status) == (400, 200)


async def test_other_parameters_are_an_error(api: Api) -> None:
    """Facts §4.4."""
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


async def test_another_endpoint_is_an_error(api: Api) -> None:
    """Facts §4.5."""
    await api.post("/v1/customers", headers=KEY)
    reply = await api.post("/v1/setup_intents", headers=KEY)
    assert (reply.status, reply.error["message"]) == (
        400,
        "Keys for idempotent requests can only be used for the same endpoint they were first used "
        "for ('/v1/setup_intents' vs '/v1/customers'). Try using a key other than 'attempt-1' if "
        "you meant to execute a different request.",
    )


async def test_a_key_is_forgotten_after_a_day(api: Api) -> None:
    """Facts §4.1."""
    first = await api.post("/v1/customers", headers=KEY)
    api.advance(24 * 3_600 + 1)
    later = await api.post("/v1/customers", headers=KEY)
    assert later.body["id"] != first.body["id"]


async def test_a_key_means_nothing_on_reading_and_deleting(api: Api) -> None:
    """Facts §4.1."""
    customer = (await api.post("/v1/customers", headers=KEY)).body["id"]
    deleted = await api.send("DELETE", f"/v1/customers/{customer}", headers=KEY)
    assert deleted.body["deleted"] is True
