"""Nothing the sandbox can answer goes unseen by the comparison with Stripe's own material.

Every test in this folder has its answers judged (`conftest.url`). The walks here make sure that
each endpoint and each kind of error is among them, and that no entry in the tables of reasons is
idle.
"""

import pytest

from sandbox.endpoint import Endpoint
from sandbox.resources import ENDPOINTS
from tests.integration.conformance.fixtures import ABSENT
from tests.integration.conformance.later import EXPLAINED
from tests.integration.conformance.official import official_folder
from tests.integration.conformance.watch import Watch
from tests.integration.sandbox import walk
from tests.integration.sandbox.api import Api

NEVER_SUCCEED = {
    "POST /v1/charges/{id}/capture": "a PaymentIntent's charge is captured through the intent",
    "POST /v1/refunds/{refund}/cancel": "a refund to a card can not be taken back",
}
ERRORS = {
    (400, None),
    (400, "amount_too_large"),
    (400, "amount_too_small"),
    (400, "charge_already_captured"),
    (400, "charge_already_refunded"),
    (400, "charge_disputed"),
    (400, "charge_expired_for_capture"),
    (400, "email_invalid"),
    (400, "parameter_invalid_empty"),
    (400, "parameter_invalid_integer"),
    (400, "parameter_missing"),
    (400, "payment_intent_unexpected_state"),
    (400, "property_expansion_max_depth"),
    (400, "resource_missing"),
    (400, "setup_intent_unexpected_state"),
    (400, "url_invalid"),
    (402, "authentication_required"),
    (402, "card_declined"),
    (402, "expired_card"),
    (402, "incorrect_cvc"),
    (402, "incorrect_number"),
    (402, "processing_error"),
    (404, None),
    (409, "idempotency_key_in_use"),
    (413, None),
    (429, "lock_timeout"),
    (429, "rate_limit"),
    (500, None),
}
"""Status and code of what only some endpoints, or none, refuse."""


async def test_every_endpoint_answers_as_described(api: Api, watch: Watch) -> None:
    await walk.every_endpoint(api)
    succeeded = {answer.endpoint for answer in watch.answers if answer.status == 200}
    assert succeeded == {name(endpoint) for endpoint in ENDPOINTS} - NEVER_SUCCEED.keys()


async def test_every_endpoint_refuses_as_described(api: Api) -> None:
    refused = {name(endpoint): await walk.every_refusal(api, endpoint) for endpoint in ENDPOINTS}
    assert refused == {name(endpoint): refusals(endpoint) for endpoint in ENDPOINTS}


async def test_every_kind_of_error_is_as_described(api: Api, watch: Watch) -> None:
    await walk.every_error(api)
    refused = {
        (answer.status, answer.error.get("code")) for answer in watch.answers if answer.error
    }
    assert refused == ERRORS


async def test_a_generated_history_is_as_described(api: Api, watch: Watch) -> None:
    """What is generated went through the same code, but through more states than tests make."""
    await api.control("POST", "history", {"students": 60, "payments": 300, "days": 90})
    lists = [each for each in ENDPOINTS if each.many and "{" not in each.path]
    for each in lists:
        await api.get(each.path, limit=100)
    assert [answer.status for answer in watch.answers] == [200] * len(lists)


async def test_no_reason_is_idle(api: Api, watch: Watch) -> None:
    """What Stripe's material does not have is listed, and all that is listed is there."""
    if watch.official is None:
        pytest.skip(f"Stripe's description and examples are not in {official_folder()}")
    await walk.every_endpoint(api)
    await walk.every_error(api)
    assert watch.verdict.excused == EXPLAINED | ABSENT.keys()


def name(endpoint: Endpoint) -> str:
    return f"{endpoint.method} {endpoint.path}"


def refusals(endpoint: Endpoint) -> list[int]:
    without_page = [] if endpoint.publishable else [403]
    unknown_id = [404] if "{" in endpoint.path else []
    return [401, *without_page, 400, 400, *unknown_id]
