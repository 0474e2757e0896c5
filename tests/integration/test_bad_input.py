"""What nobody should send, and the sentence it gets: never a stack trace, never a 500."""

import io

import pytest

from tests.integration.conftest import Caller

POSTS = [
    "/lessons",
    "/schedule-lesson",
    "/complete-lesson-payment",
    "/refund-lesson",
    "/account-update",
    "/reports",
]


def is_error(answer: dict) -> bool:
    """Exactly a code and a sentence."""
    error = answer["error"]
    return error.keys() == {"code", "message"} and error["message"].endswith((".", "'", ")", "x"))


@pytest.mark.parametrize("route", POSTS)
@pytest.mark.parametrize(
    ("body", "content_type", "status", "code"),
    [
        (b'{"name": ', "application/json", 400, "invalid_json"),
        (b"[1, 2]", "application/json", 400, "invalid_json"),
        (b'"text"', "application/json", 400, "invalid_json"),
        (b'{"name": {"a": 1}}', "application/json", 400, "invalid_json"),
        (b"\xff\xfe", "application/json", 400, "invalid_json"),
        (b"[" * 50_000, "application/json", 400, "invalid_json"),
        (b'{"a":' * 10_000, "application/json", 400, "invalid_json"),
        (b"name=%ff", "application/x-www-form-urlencoded", 400, "invalid_form"),
        (b"name=x", "text/plain", 415, "unsupported_media_type"),
        (b"<a/>", "application/xml", 415, "unsupported_media_type"),
        (b"x" * 70_000, "application/json", 413, "body_too_large"),
        (b"x" * 1_048_576, "application/json", 413, "body_too_large"),
        (b"x" * 2_000_000, "application/x-www-form-urlencoded", 413, "body_too_large"),
        (b"", "application/json", 400, "parameter_missing"),
        (b"{}", "application/json", 400, "parameter_missing"),
    ],
)
async def test_bodies_that_cannot_be_read(
    shop: Caller, route: str, body: bytes, content_type: str, status: int, code: str
):
    """The right status, the right code, a sentence."""
    answer = await shop.raw(
        "POST", route, data=io.BytesIO(body), headers={"Content-Type": content_type}
    )
    assert (answer.status, (await answer.json())["error"]["code"]) == (status, code)
    assert is_error(await answer.json())


async def test_unknown_addresses_and_methods(shop: Caller):
    """JSON for programs, a page for people."""
    assert await shop.get("/nowhere") == (
        404,
        {"error": {"code": "not_found", "message": "There is nothing at this address."}},
    )
    answer = await shop.raw("DELETE", "/lessons")
    assert answer.status == 405
    assert answer.headers["Allow"] == "GET,HEAD,POST"
    assert (await answer.json())["error"]["code"] == "method_not_allowed"
    page = await shop.raw("GET", "/nowhere", headers={"Accept": "text/html"})
    assert (page.status, page.content_type) == (404, "text/html")


@pytest.mark.parametrize("amount", [0, -1, 512.7, "5_00", True, "abc", "", 10**20, "1" * 400])
async def test_amounts_that_are_none(shop: Caller, amount):
    """Asked before anything is asked of Stripe."""
    status, answer = await shop.post(
        "/schedule-lesson", {"customer_id": "cus_x", "amount": amount, "description": "x"}
    )
    assert (status, is_error(answer)) == (400, True)


@pytest.mark.parametrize("field", ["name", "email", "first_lesson"])
async def test_fields_that_are_missing_blank_or_too_long(shop: Caller, field: str):
    """The sentence names the field."""
    good = {"name": "A", "email": "a@example.com", "first_lesson": "01 Dec 3:00 p.m."}
    for value in (None, "", "   ", "x" * 5000, 7, "a\x00b"):
        status, answer = await shop.post("/lessons", {**good, field: value})
        assert (status, is_error(answer)) == (400, True)
        assert field.replace("_", " ") in answer["error"]["message"]


@pytest.mark.parametrize("key", ["", " ", "x" * 201, "ünïcode"])
async def test_idempotency_keys_that_are_none(shop: Caller, key: str):
    """A key is visible ASCII, so that Stripe accepts it."""
    status, answer = await shop.post(
        "/lessons",
        {"name": "A", "email": "a@example.com", "first_lesson": "x"},
        headers={"Idempotency-Key": key},
    )
    assert (status, answer["error"]["code"]) == (400, "parameter_invalid")


@pytest.mark.parametrize("customer_id", ["a%2fb", "..%2f..", "%00", "x" * 3000, "%F0%9F%8E%B8"])
async def test_ids_that_are_no_ids(shop: Caller, customer_id: str):
    """They are unknown students, nothing else."""
    answer = await shop.raw("GET", f"/payment-method/{customer_id}")
    assert answer.status in (400, 404)
    assert is_error(await answer.json())
