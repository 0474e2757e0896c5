"""Facts §5: keys, addresses, shapes and parameters."""

import base64

import aiohttp
import pytest

from tests.integration.sandbox.api import PUBLISHABLE_KEY, Api


async def test_an_error_carries_its_documentation_and_its_log(api: Api) -> None:
    reply = await api.get("/v1/customers/cus_x")
    request = reply.headers["Request-Id"]
    assert (reply.status, reply.body) == (
        404,
        {
            "error": {
                "code": "resource_missing",
                "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
                "message": "No such customer: 'cus_x'",
                "param": "id",
                "request_log_url": "https://dashboard.stripe.com/acct_sandbox/test/workbench/"
                f"logs?object={request}",
                "type": "invalid_request_error",
            }
        },
    )


async def test_every_answer_names_the_request_and_the_version(api: Api) -> None:
    reply = await api.get("/v1/customers")
    assert reply.headers["Request-Id"].startswith("req_")
    assert reply.headers["Stripe-Version"] == "2026-10-28.endive"


async def test_a_key_is_needed(api: Api, url: str) -> None:
    async with aiohttp.ClientSession(url) as session:
        response = await session.get("/v1/customers")
        error = (await response.json())["error"]
    wrong = await api.get("/v1/customers", key="sk_test_abcdefgh1234")
    assert response.status == 401
    assert error["message"].startswith("You did not provide an API key.")
    assert (wrong.status, wrong.error) == (
        401,
        {
            "message": "Invalid API Key provided: sk_test_********1234",
            "type": "invalid_request_error",
        },
    )


async def test_a_key_may_come_as_a_user_name(url: str) -> None:
    name = base64.b64encode(b"sk_test_sandbox:").decode()
    async with aiohttp.ClientSession(url) as session:
        response = await session.get("/v1/customers", headers={"Authorization": f"Basic {name}"})
    assert response.status == 200


async def test_a_page_may_not_call_as_a_server(api: Api) -> None:
    reply = await api.get("/v1/customers", key=PUBLISHABLE_KEY)
    assert (reply.status, reply.error["code"]) == (403, "secret_key_required")


async def test_a_page_of_another_origin_may_call(url: str) -> None:
    async with aiohttp.ClientSession(url) as session:
        asked = await session.options("/v1/payment_methods")
    assert asked.status == 204
    assert asked.headers["Access-Control-Allow-Origin"] == "*"
    assert asked.headers["Access-Control-Allow-Headers"] == (
        "Authorization, Content-Type, Stripe-Version, Idempotency-Key"
    )


@pytest.mark.parametrize(("method", "path"), [("GET", "/v1/nope"), ("PUT", "/v1/customers")])
async def test_an_address_that_stripe_does_not_have(api: Api, method: str, path: str) -> None:
    reply = await api.send(method, path)
    assert (reply.status, reply.error["message"]) == (
        404,
        f"Unrecognized request URL ({method}: {path}). Please see https://stripe.com/docs or we "
        "can help at https://support.stripe.com/.",
    )


@pytest.mark.parametrize(
    ("path", "message", "param"),
    [
        ("charges/ch_x", "No such charge: 'ch_x'", "id"),
        ("payment_methods/pm_x", "No such PaymentMethod: 'pm_x'", "payment_method"),
        ("payment_intents/pi_x", "No such payment_intent: 'pi_x'", "intent"),
        ("refunds/re_x", "No such refund: 're_x'", "refund"),
        ("disputes/du_x", "No such dispute: 'du_x'", "dispute"),
    ],
)
async def test_missing_objects(api: Api, path: str, message: str, param: str) -> None:
    """Facts §5.1."""
    reply = await api.get(f"/v1/{path}")
    assert (reply.status, reply.error["message"], reply.error["param"]) == (404, message, param)


async def test_a_missing_parameter(api: Api) -> None:
    """Facts §5.2."""
    reply = await api.post("/v1/payment_intents", {"amount": 500})
    assert (reply.error["code"], reply.error["message"], reply.error["param"]) == (
        "parameter_missing",
        "Missing required param: currency.",
        "currency",
    )


async def test_an_array_where_text_is_wanted(api: Api) -> None:
    """Facts §5.2."""
    reply = await api.post("/v1/customers", {"name[]": ["wrong", "type"]})
    assert reply.error["message"] == 'Invalid string: {"0":"wrong","1":"type"}'


@pytest.mark.parametrize(
    "metadata",
    [
        {f"metadata[k{number}]": "v" for number in range(51)},
        {f"metadata[{'k' * 41}]": "v"},
        {"metadata[k]": "v" * 501},
    ],
)
async def test_the_limits_of_metadata(api: Api, metadata: dict[str, str]) -> None:
    """Facts §5.2."""
    assert (await api.post("/v1/customers", metadata)).status == 400


async def test_a_body_too_large(api: Api) -> None:
    reply = await api.post("/v1/customers", {"name": "x" * 600_000})
    assert (reply.status, reply.error["message"]) == (413, "Request body too large.")
