"""Two requests with one key at the same time."""

import pytest

from sandbox.errors import ParameterError, StripeError
from sandbox.idempotency import IdempotencyKeys, Kept, check_key


def test_a_second_request_meets_the_first_still_at_work() -> None:
    keys = IdempotencyKeys()
    keys.begin("k", "/v1/customers", {}, "req_1", 0)
    with pytest.raises(StripeError) as caught:
        keys.begin("k", "/v1/customers", {}, "req_2", 1)
    assert caught.value.status == 409
    assert caught.value.members["code"] == "idempotency_key_in_use"
    assert str(caught.value) == (
        "There is currently another in-progress request using this Idempotent Key (that probably "
        "means you submitted twice, and the other request is still going through): k. Please try "
        "again later."
    )


def test_a_key_that_was_given_back_is_free() -> None:
    keys = IdempotencyKeys()
    keys.begin("k", "/v1/customers", {}, "req_1", 0)
    keys.release("k")
    assert keys.begin("k", "/v1/charges", {"a": "1"}, "req_2", 1) is None


def test_the_answer_remembers_the_first_request() -> None:
    keys = IdempotencyKeys()
    keys.begin("k", "/v1/customers", {}, "req_1", 0)
    keys.finish("k", 402, b"{}")
    assert keys.begin("k", "/v1/customers", {}, "req_2", 1) == Kept(402, b"{}", "req_1")


def test_a_key_has_at_most_255_characters() -> None:
    check_key("k" * 255)
    with pytest.raises(ParameterError):
        check_key("k" * 256)
