"""Errors: keys, addresses, shapes and parameters."""

import base64
from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
import pytest

from tests.integration.sandbox.api import HOLD, PUBLISHABLE_KEY, Api

MISSING = {
    "code": "resource_missing",
    "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
    "type": "invalid_request_error",
}


@pytest.mark.fact("5.0")
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


@pytest.mark.fact("5.0a")
async def test_the_status_tells_the_kind_of_error(api: Api) -> None:
    """Those of 409, 429 and 5xx are told by the tests of idempotency and of the network."""
    declined = await api.hold(await api.student("pm_card_chargeCustomerFail"))
    replies = (
        await api.get("/v1/customers", limit="abc"),
        await api.get("/v1/customers", key="sk_test_wrong"),
        declined,
        await api.get("/v1/customers", key=PUBLISHABLE_KEY),
        await api.get("/v1/customers/cus_x"),
    )
    assert [(reply.status, reply.error["type"]) for reply in replies] == [
        (400, "invalid_request_error"),
        (401, "invalid_request_error"),
        (402, "card_error"),
        (403, "invalid_request_error"),
        (404, "invalid_request_error"),
    ]


@pytest.mark.fact("4.3a", "13/header")
async def test_every_answer_names_the_request_and_the_version(api: Api) -> None:
    reply = await api.get("/v1/customers")
    assert reply.headers["Request-Id"].startswith("req_")
    assert reply.headers["Stripe-Version"] == "2026-10-28.endive"


@pytest.mark.fact("5.2/key")
async def test_a_key_is_needed(api: Api, url: str) -> None:
    async with aiohttp.ClientSession(url) as session:
        response = await session.get("/v1/customers")
        error = (await response.json())["error"]
    wrong = await api.get("/v1/customers", key="sk_test_abcdefgh1234")
    assert response.status == 401
    assert error["message"] == (
        "You did not provide an API key. You need to provide your API key in the Authorization "
        "header, using Bearer auth (e.g. 'Authorization: Bearer YOUR_SECRET_KEY'). See "
        "https://stripe.com/docs/api#authentication for details, or we can help at "
        "https://support.stripe.com/."
    )
    assert "code" not in error
    assert (wrong.status, wrong.error) == (
        401,
        {
            "message": "Invalid API Key provided: sk_test_********1234",
            "type": "invalid_request_error",
        },
    )


async def test_a_key_may_come_as_a_user_name(url: str) -> None:
    name = base64.b64encode(b"sk_test_sandbox:").decode()
    key = {"Authorization": f"Basic {name}"}
    async with (
        aiohttp.ClientSession(url) as session,
        session.get("/v1/customers", headers=key) as got,
    ):
        assert got.status == 200


async def test_a_page_may_not_call_as_a_server(api: Api) -> None:
    reply = await api.get("/v1/customers", key=PUBLISHABLE_KEY)
    assert (reply.status, reply.error["code"]) == (403, "secret_key_required")


async def test_a_page_of_another_origin_may_call(url: str) -> None:
    async with (
        aiohttp.ClientSession(url) as session,
        session.options("/v1/payment_methods") as asked,
    ):
        assert asked.status == 204
        assert asked.headers["Access-Control-Allow-Origin"] == "*"
        assert asked.headers["Access-Control-Allow-Headers"] == (
            "Authorization, Content-Type, Stripe-Version, Idempotency-Key"
        )


@pytest.mark.parametrize(
    ("method", "path"),
    [
        ("GET", "/v1/nope"),
        ("PUT", "/v1/customers"),
        ("GET", "/v1/customers/search?query=email:'ada@example.com'"),
        ("GET", "/v1/payment_intents/search?query=status:'succeeded'"),
        ("GET", "/v1/charges/search?query=amount>100"),
    ],
)
@pytest.mark.fact("5.2/url")
async def test_an_address_that_stripe_does_not_have(api: Api, method: str, path: str) -> None:
    """Or that only the sandbox does not have: search."""
    reply = await api.send(method, path)
    assert (reply.status, reply.error["message"]) == (
        404,
        f"Unrecognized request URL ({method}: {path.split('?')[0]}). Please see "
        "https://stripe.com/docs or we can help at https://support.stripe.com/.",
    )


@pytest.mark.parametrize(
    ("calls", "label", "param"),
    [
        pytest.param(
            ("GET customers/x/payment_methods", "POST customers/x", "DELETE customers/x"),
            "customer",
            "id",
            marks=pytest.mark.fact("5.1/customer"),
        ),
        pytest.param(
            ("GET charges/x", "POST charges/x"),
            "charge",
            "id",
            marks=pytest.mark.fact("5.1/charge"),
        ),
        pytest.param(
            ("GET payment_intents/x", "POST payment_intents/x/capture"),
            "payment_intent",
            "intent",
            marks=pytest.mark.fact("5.1/payment_intent"),
        ),
        pytest.param(
            ("GET setup_intents/x", "POST setup_intents/x/cancel"),
            "setupintent",
            "intent",
            marks=pytest.mark.fact("5.1/setup_intent"),
        ),
        pytest.param(
            ("GET payment_methods/x", "POST payment_methods/x/detach"),
            "PaymentMethod",
            "payment_method",
            marks=pytest.mark.fact("5.1/payment_method"),
        ),
        pytest.param(("GET refunds/x",), "refund", "refund", marks=pytest.mark.fact("5.1/refund")),
        pytest.param(
            ("GET disputes/x",), "dispute", "dispute", marks=pytest.mark.fact("5.1/dispute")
        ),
        pytest.param(
            ("GET balance_transactions/x",),
            "balance transaction",
            "id",
            marks=pytest.mark.fact("5.1/balance_transaction"),
        ),
    ],
)
async def test_an_object_that_is_not_there(
    api: Api, calls: tuple[str, ...], label: str, param: str
) -> None:
    for call in calls:
        method, path = call.split()
        reply = await api.send(method, f"/v1/{path}")
        message = f"No such {label}: 'x'"
        assert (reply.status, reply.error) == (404, {**MISSING, "message": message, "param": param})


@pytest.mark.fact("5.1/prefix")
async def test_ids_are_not_judged_by_their_prefix(api: Api) -> None:
    customer = await api.get("/v1/customers/ci_invalid")
    intent = await api.post("/v1/payment_intents/pi_invalid/cancel")
    assert customer.error["message"] == "No such customer: 'ci_invalid'"
    assert intent.error["message"] == "No such payment_intent: 'pi_invalid'"


@pytest.mark.fact("5.1/customer_param", "5.1/deleted")
async def test_a_customer_named_in_a_parameter_must_exist(api: Api) -> None:
    """An unknown one and a deleted one are told apart nowhere."""
    deleted = (await api.post("/v1/customers")).body["id"]
    await api.delete(f"/v1/customers/{deleted}")
    card = await api.card()
    for id in ("cus_x", deleted):
        named = {"customer": id}
        replies = (
            await api.post("/v1/payment_intents", {**HOLD, "amount": 500, **named}),
            await api.post("/v1/setup_intents", named),
            await api.post(f"/v1/payment_methods/{card}/attach", named),
            await api.get("/v1/payment_methods", **named),
        )
        message = f"No such customer: '{id}'"
        for reply in replies:
            expected = {**MISSING, "message": message, "param": "customer"}
            assert (reply.status, reply.error) == (400, expected)


@pytest.mark.fact("5.1/payment_method_param")
async def test_a_card_named_in_a_parameter_must_exist(api: Api) -> None:
    for path in ("/v1/payment_intents", "/v1/setup_intents"):
        fields = {"payment_method": "pm_x"}
        if "payment" in path:
            fields |= {"amount": "500", "currency": "usd"}
        reply = await api.post(path, fields)
        message = "No such PaymentMethod: 'pm_x'"
        expected = {**MISSING, "message": message, "param": "payment_method"}
        assert (reply.status, reply.error) == (400, expected)


@pytest.mark.fact("5.2/missing")
async def test_a_missing_parameter(api: Api) -> None:
    reply = await api.post("/v1/payment_intents", {"amount": 500})
    assert (reply.status, reply.error) == (
        400,
        {
            "code": "parameter_missing",
            "doc_url": "https://stripe.com/docs/error-codes/parameter-missing",
            "message": "Missing required param: currency.",
            "param": "currency",
            "type": "invalid_request_error",
        },
    )


@pytest.mark.fact("5.2/integer")
async def test_text_where_a_number_is_wanted(api: Api) -> None:
    reply = await api.post("/v1/payment_intents", {"amount": "abc", "currency": "usd"})
    assert (reply.error["code"], reply.error["message"], reply.error["param"]) == (
        "parameter_invalid_integer",
        "Invalid integer: abc",
        "amount",
    )


@pytest.mark.fact("5.2/empty")
async def test_an_empty_value_where_there_must_be_one(api: Api) -> None:
    reply = await api.post("/v1/payment_intents", {"amount": "", "currency": "usd"})
    assert (reply.error["code"], reply.error["param"]) == ("parameter_invalid_empty", "amount")
    assert reply.error["message"] == (
        "You passed an empty string for 'amount'. We assume empty values are an attempt to unset "
        "a parameter; however 'amount' cannot be unset. You should remove 'amount' from your "
        "request or supply a non-empty value."
    )


@pytest.mark.fact("5.2/unset")
async def test_an_empty_value_unsets_what_may_be_unset(api: Api) -> None:
    given = {"email": "ada@example.com", "name": "Ada", "metadata[a]": "1", "metadata[b]": "2"}
    made = (await api.post("/v1/customers", given)).body
    empty = {"email": "", "name": "", "metadata[a]": ""}
    seen = (await api.post(f"/v1/customers/{made['id']}", empty)).body
    assert (seen["email"], seen["name"], seen["metadata"]) == (None, None, {"b": "2"})


@pytest.mark.fact("5.2/type")
async def test_an_array_where_text_is_wanted(api: Api) -> None:
    made = await api.post("/v1/customers", {"name[]": ["wrong", "type", "array"]})
    listed = await api.get("/v1/customers", **{"email[]": "ada@example.com"})
    assert made.error["message"] == 'Invalid string: {"0":"wrong","1":"type","2":"array"}'
    assert listed.error["message"] == 'Invalid string: {"0":"ada@example.com"}'


@pytest.mark.parametrize(
    "metadata",
    [
        {f"metadata[k{number}]": "v" for number in range(51)},
        {f"metadata[{'k' * 41}]": "v"},
        {"metadata[k]": "v" * 501},
    ],
)
@pytest.mark.fact("5.2/metadata")
async def test_more_metadata_than_allowed(api: Api, metadata: dict[str, str]) -> None:
    assert (await api.post("/v1/customers", metadata)).status == 400


@pytest.mark.fact("5.2/metadata")
async def test_as_much_metadata_as_allowed(api: Api) -> None:
    metadata = {f"metadata[{f'{number:040}'}]": "v" * 500 for number in range(50)}
    assert len((await api.post("/v1/customers", metadata)).body["metadata"]) == 50


@pytest.mark.parametrize(
    ("kind", "other"),
    [
        ("customers", {"name": "Ada", "email": "bob@example.com"}),
        ("payment_methods", {"card[exp_year]": "2040"}),
        ("payment_intents", {"amount": "7000", "description": "Later"}),
        ("setup_intents", {"description": "Later"}),
        ("charges", {"description": "Later"}),
        ("refunds", {}),
        ("disputes", {"evidence[uncategorized_text]": "winning_evidence"}),
        ("webhook_endpoints", {"url": "https://x.test/other"}),
    ],
)
@pytest.mark.fact("5.2/metadata")
async def test_metadata_is_counted_over_all_calls(
    api: Api, kind: str, other: dict[str, str]
) -> None:
    """The 51st key is refused with all else in its call; one that takes another's place is not."""
    path = f"/v1/{kind}/{await one_of_each(api)[kind]()}"
    full = {f"metadata[{number}]": "v" for number in range(50)}
    was = (await api.get(path)).body["metadata"]
    await api.post(path, {**{f"metadata[{key}]": "" for key in was}, **full})
    before = (await api.get(path)).body
    refused = await api.post(path, {**other, "metadata[more]": "v"})
    assert (refused.status, refused.error) == (
        400,
        {
            "message": "You can only have up to 50 metadata keys. You provided 51.",
            "param": "metadata",
            "type": "invalid_request_error",
        },
    )
    assert (await api.get(path)).body == before
    swapped = await api.post(path, {"metadata[more]": "v", "metadata[0]": ""})
    assert swapped.body["metadata"] == {**{str(n): "v" for n in range(1, 50)}, "more": "v"}


def one_of_each(api: Api) -> dict[str, Callable[[], Awaitable[str]]]:
    """How to make one object of a kind; each answers its id."""

    async def paid(card: str = "pm_card_visa") -> str:
        return str((await api.captured(await api.student(card)))["latest_charge"])

    async def made(kind: str, fields: dict[str, Any]) -> str:
        return str((await api.post(f"/v1/{kind}", fields)).body["id"])

    async def refund() -> str:
        return await made("refunds", {"charge": await paid()})

    async def dispute() -> str:
        await paid("pm_card_createDispute")
        return str((await api.get("/v1/disputes")).body["data"][0]["id"])

    async def card() -> str:
        return (await api.student()).card

    hook = {"url": "https://x.test/hook", "enabled_events[]": "charge.refunded"}
    return {
        "customers": lambda: made("customers", {}),
        "payment_methods": card,
        "payment_intents": lambda: made("payment_intents", {"amount": 500, "currency": "usd"}),
        "setup_intents": lambda: made("setup_intents", {}),
        "charges": paid,
        "refunds": refund,
        "disputes": dispute,
        "webhook_endpoints": lambda: made("webhook_endpoints", hook),
    }


async def test_a_body_too_large(api: Api) -> None:
    reply = await api.post("/v1/customers", {"name": "x" * 600_000})
    assert (reply.status, reply.error["message"]) == (413, "Request body too large.")
