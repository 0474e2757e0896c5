"""The comparison of requests with stripe-python's typed parameters can fail."""

from urllib.parse import quote, urlencode

import pytest

from tests.integration.conformance.parameters import nested, operation, wrong_parameters

HOLD = {"amount": "6500", "currency": "usd", "confirm": "true", "capture_method": "manual"}


def problems(call: str, **fields: str) -> list[str]:
    """What is wrong with a call such as `POST /v1/customers`."""
    method, _, path = call.partition(" ")
    return [str(problem) for problem in wrong_parameters(method, path, urlencode(fields))]


@pytest.mark.parametrize(
    ("call", "fields"),
    [
        ("POST /v1/payment_intents", HOLD),
        ("POST /v1/payment_intents", HOLD | {"allowed_payment_method_types[0]": "card"}),
        ("POST /v1/payment_intents", HOLD | {"off_session": "one_off"}),
        ("POST /v1/payment_intents", HOLD | {"metadata[type]": "lessons-payment"}),
        ("POST /v1/payment_intents/pi_1/capture", {}),
        ("GET /v1/balance_transactions", {"created[gte]": "1", "limit": "100"}),
        ("GET /v1/balance_transactions", {"created": "1", "expand[0]": "data.source"}),
        ("POST /v1/customers/cus_1", {"name": "", "metadata": ""}),
    ],
)
def test_parameters_as_typed_have_no_problem(call: str, fields: dict[str, str]) -> None:
    assert problems(call, **fields) == []


@pytest.mark.parametrize(
    ("call", "fields", "problem"),
    [
        (
            "POST /v1/payment_intents",
            HOLD | {"amout": "1"},
            "amout is no member of PaymentIntentCreateParams",
        ),
        ("POST /v1/payment_intents", HOLD | {"amount": "65.00"}, "amount is '65.00', no int"),
        ("POST /v1/payment_intents", HOLD | {"confirm": "True"}, "confirm is 'True', no bool"),
        (
            "POST /v1/payment_intents",
            {"amount": "6500"},
            "currency is required and missing",
        ),
        (
            "POST /v1/payment_intents",
            HOLD | {"capture_method": "by hand"},
            "capture_method is 'by hand', none of automatic, automatic_async, manual",
        ),
        (
            "POST /v1/payment_intents",
            HOLD | {"idempotency_key": "x"},
            "idempotency_key is no member of PaymentIntentCreateParams",
        ),
        (
            "POST /v1/payment_intents",
            HOLD | {"description[0]": "x"},
            "description is ['x'], no str",
        ),
        (
            "POST /v1/payment_intents",
            HOLD | {"metadata[type][of]": "lesson"},
            "metadata[type] is {'of': 'lesson'}, no str",
        ),
        (
            "POST /v1/customers/cus_1",
            {"invoice_settings[default_card]": "pm_1"},
            "invoice_settings.default_card is no member of CustomerUpdateParamsInvoiceSettings",
        ),
        ("GET /v1/balance_transactions", {"created[gte]": "now"}, "created.gte is 'now', no int"),
        (
            "GET /v1/balance_transactions",
            {"created[since]": "1"},
            "created.since is no member of BalanceTransactionListParamsCreated",
        ),
        (
            "GET /v1/balance_transactions",
            {"expand": "data.source"},
            "expand is 'data.source', no list",
        ),
        ("POST /v1/refunds", {"reason": "sorry"}, "reason is 'sorry', none of duplicate, "),
    ],
)
def test_each_way_to_be_wrong_is_told(call: str, fields: dict[str, str], problem: str) -> None:
    (found,) = problems(call, **fields)
    method, _, path = call.partition(" ")
    assert found.startswith(f"{operation(method, path)}.{problem}")


def test_a_call_that_no_parameters_are_named_for() -> None:
    assert problems("POST /v1/charges") == ["POST /v1/charges is no call that PARAMETERS knows"]


def test_ids_are_told_from_names() -> None:
    assert operation("GET", "/v1/customers/cus_1/payment_methods/pm_1") == (
        "GET /v1/customers/{}/payment_methods/{}"
    )


def test_brackets_become_objects_and_lists() -> None:
    encoded = "a[b][c]=1&a[b][d]=2&e[0]=x&e[1]=y&f[]=x&f[]=y&g=" + quote("[h]=i")
    assert nested(encoded) == {
        "a": {"b": {"c": "1", "d": "2"}},
        "e": ["x", "y"],
        "f": ["x", "y"],
        "g": "[h]=i",
    }
    assert nested("") == {}


@pytest.mark.parametrize("encoded", ["a=1&a=2", "a=1&a[b]=2"])
def test_a_parameter_given_twice_is_an_error(encoded: str) -> None:
    with pytest.raises(ValueError, match="given twice"):
        nested(encoded)
