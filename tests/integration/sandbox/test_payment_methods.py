"""PaymentMethods: cards entered, put on file and taken off again."""

import pytest

from tests.integration.sandbox.api import CARD, PUBLISHABLE_KEY, Api

SET_UP = {"allowed_payment_method_types[]": "card", "confirm": "true"}


@pytest.mark.fact("10.2", "10.2a")
async def test_a_new_card_has_every_member_that_stripe_shows(api: Api) -> None:
    fields = {
        **CARD,
        "card[number]": "4000 0566 5566 5556",
        "billing_details[name]": "Ada",
        "billing_details[address][postal_code]": "10003",
    }
    method = (await api.post("/v1/payment_methods", fields)).body
    assert method.pop("id").startswith("pm_1")
    assert method["card"].pop("fingerprint").isalnum()
    assert method.pop("created") > 0
    assert method == {
        "object": "payment_method",
        "allow_redisplay": "unspecified",
        "billing_details": {
            "address": {
                "city": None,
                "country": None,
                "line1": None,
                "line2": None,
                "postal_code": "10003",
                "state": None,
            },
            "email": None,
            "name": "Ada",
            "phone": None,
            "tax_id": None,
        },
        "card": {
            "brand": "visa",
            "checks": {
                "address_line1_check": None,
                "address_postal_code_check": "unchecked",
                "cvc_check": "unchecked",
            },
            "country": "US",
            "display_brand": "visa",
            "exp_month": 12,
            "exp_year": 2034,
            "funding": "debit",
            "generated_from": None,
            "last4": "5556",
            "networks": {"available": ["visa"], "preferred": None},
            "regulated_status": "unregulated",
            "three_d_secure_usage": {"supported": True},
            "wallet": None,
        },
        "customer": None,
        "customer_account": None,
        "livemode": False,
        "metadata": {},
        "type": "card",
    }


@pytest.mark.parametrize(
    ("field", "value", "code", "message"),
    [
        pytest.param(
            "number",
            "4242424242424241",
            "incorrect_number",
            "Your card number is incorrect.",
            marks=pytest.mark.fact("7.1/4241"),
        ),
        ("number", "card", "incorrect_number", "Your card number is incorrect."),
        ("exp_month", 13, "invalid_expiry_month", "Your card's expiration month is invalid."),
        ("exp_year", 2020, "invalid_expiry_year", "Your card's expiration year is invalid."),
        ("cvc", "12", "invalid_cvc", "Your card's security code is invalid."),
    ],
)
async def test_a_mistyped_card_is_refused(
    api: Api, field: str, value: object, code: str, message: str
) -> None:
    fields = {**CARD, "card[number]": "4242424242424242", f"card[{field}]": value}
    reply = await api.post("/v1/payment_methods", fields, key=PUBLISHABLE_KEY)
    assert (reply.status, reply.error) == (
        402,
        {
            "code": code,
            "doc_url": f"https://stripe.com/docs/error-codes/{code.replace('_', '-')}",
            "message": message,
            "param": field,
            "type": "card_error",
        },
    )


async def test_a_real_card_number_is_declined_in_test_mode(api: Api) -> None:
    fields = {**CARD, "card[number]": "4111111111111111"}
    reply = await api.post("/v1/payment_methods", fields)
    assert (reply.status, reply.error["decline_code"]) == (402, "test_mode_live_card")


@pytest.mark.fact("5.7a", "7.1/0002", "7.1/attach")
async def test_a_declining_card_can_be_entered_but_not_attached(api: Api) -> None:
    """Attaching runs the bank's check, entering does not."""
    card = await api.card("4000000000000002")
    customer = (await api.post("/v1/customers")).body["id"]
    reply = await api.post(f"/v1/payment_methods/{card}/attach", {"customer": customer})
    assert (reply.status, reply.error) == (
        402,
        {
            "advice_code": "try_again_later",
            "code": "card_declined",
            "decline_code": "generic_decline",
            "doc_url": "https://stripe.com/docs/error-codes/card-declined",
            "message": "Your card was declined.",
            "network_decline_code": "01",
            "param": "",
            "type": "card_error",
        },
    )


@pytest.mark.parametrize(
    ("number", "code", "decline_code", "param"),
    [
        pytest.param(
            "4000000000009995",
            "card_declined",
            "insufficient_funds",
            "",
            marks=pytest.mark.fact("7.1/9995"),
        ),
        pytest.param(
            "4000000000009987",
            "card_declined",
            "lost_card",
            "",
            marks=pytest.mark.fact("7.1/9987"),
        ),
        pytest.param(
            "4000000000009979",
            "card_declined",
            "stolen_card",
            "",
            marks=pytest.mark.fact("7.1/9979"),
        ),
        pytest.param(
            "4000000000000069",
            "expired_card",
            "expired_card",
            "exp_month",
            marks=pytest.mark.fact("7.1/0069"),
        ),
        pytest.param(
            "4000000000000127",
            "incorrect_cvc",
            "incorrect_cvc",
            "cvc",
            marks=pytest.mark.fact("7.1/0127"),
        ),
        pytest.param(
            "4000000000000119",
            "processing_error",
            "processing_error",
            "",
            marks=pytest.mark.fact("7.1/0119"),
        ),
        pytest.param(
            "4000000000006975",
            "card_declined",
            "card_velocity_exceeded",
            "",
            marks=pytest.mark.fact("7.1/6975"),
        ),
    ],
)
async def test_a_declining_card_says_why_at_set_up_as_when_it_is_attached(
    api: Api, number: str, code: str, decline_code: str, param: str
) -> None:
    card = await api.card(number)
    customer = (await api.post("/v1/customers")).body["id"]
    attached = await api.post(f"/v1/payment_methods/{card}/attach", {"customer": customer})
    fields = {"customer": customer, "payment_method": card, **SET_UP}
    set_up = await api.post("/v1/setup_intents", fields)
    for reply in (attached, set_up):
        error = reply.error
        assert (reply.status, error["type"]) == (402, "card_error")
        assert (error["code"], error["decline_code"]) == (code, decline_code)
        assert error.get("param", "") == param


@pytest.mark.fact("7.1/0127")
async def test_a_wrong_cvc_can_only_be_found_if_one_was_given(api: Api) -> None:
    fields = {**CARD, "card[number]": "4000000000000127"}
    del fields["card[cvc]"]
    card = (await api.post("/v1/payment_methods", fields)).body["id"]
    customer = (await api.post("/v1/customers")).body["id"]
    reply = await api.post(f"/v1/payment_methods/{card}/attach", {"customer": customer})
    assert (reply.status, reply.body["card"]["checks"]["cvc_check"]) == (200, None)


@pytest.mark.fact("10.2a", "10.3")
async def test_attaching_passes_the_cvc_check_and_may_be_repeated(api: Api) -> None:
    student = await api.student()
    again = await api.post(f"/v1/payment_methods/{student.card}/attach", {"customer": student.id})
    assert (again.status, again.body["customer"]) == (200, student.id)
    assert again.body["card"]["checks"]["cvc_check"] == "pass"
    assert await api.events() == ["customer.created", "payment_method.attached"]


@pytest.mark.fact("10.3", "10.3a")
async def test_a_card_belongs_to_one_customer(api: Api) -> None:
    student = await api.student()
    other = (await api.post("/v1/customers")).body["id"]
    reply = await api.post(f"/v1/payment_methods/{student.card}/attach", {"customer": other})
    assert (reply.status, reply.error["message"]) == (
        400,
        "The payment method you provided has already been attached to a customer.",
    )


@pytest.mark.fact("10.3")
async def test_several_cards_may_be_on_file_and_the_newest_is_listed_first(api: Api) -> None:
    student = await api.student()
    path = "/v1/payment_methods/pm_card_amex/attach"
    newer = (await api.post(path, {"customer": student.id})).body["id"]
    listed = (await api.get("/v1/payment_methods", customer=student.id)).body["data"]
    assert [row["id"] for row in listed] == [newer, student.card]


@pytest.mark.fact("5.5/attach", "5.1/customer_param")
async def test_attaching_needs_a_customer_that_exists(api: Api) -> None:
    card = await api.card()
    nobody = await api.post(f"/v1/payment_methods/{card}/attach")
    unknown = await api.post(f"/v1/payment_methods/{card}/attach", {"customer": "ci_invalid"})
    assert (nobody.status, nobody.error) == (
        400,
        {
            "code": "parameter_missing",
            "doc_url": "https://stripe.com/docs/error-codes/parameter-missing",
            "message": "Must provide customer or customer_account.",
            "type": "invalid_request_error",
        },
    )
    assert (unknown.status, unknown.error["message"], unknown.error["param"]) == (
        400,
        "No such customer: 'ci_invalid'",
        "customer",
    )


@pytest.mark.fact("5.5/detach", "5.5/spent", "10.4", "10.4a")
async def test_detaching_is_for_good_and_clears_the_default(api: Api) -> None:
    student = await api.student()
    default = {"invoice_settings[default_payment_method]": student.card}
    await api.post(f"/v1/customers/{student.id}", default)
    detached = await api.post(f"/v1/payment_methods/{student.card}/detach")
    customer = await api.get(f"/v1/customers/{student.id}")
    again = await api.post(f"/v1/payment_methods/{student.card}/detach")
    back = await api.post(f"/v1/payment_methods/{student.card}/attach", {"customer": student.id})
    assert detached.body["customer"] is None
    assert customer.body["invoice_settings"]["default_payment_method"] is None
    message = (
        "The payment method you provided is not attached to a customer so detachment is impossible."
    )
    expected = {"message": message, "type": "invalid_request_error"}
    assert (again.status, again.error) == (400, expected)
    assert (back.status, "may not be used again" in back.error["message"]) == (400, True)


@pytest.mark.fact("10.4", "11.2/detach")
async def test_the_event_of_a_detachment_names_the_former_customer(api: Api) -> None:
    student = await api.student()
    await api.post(f"/v1/payment_methods/{student.card}/detach")
    event = (await api.get("/v1/events", type="payment_method.detached")).body["data"][0]
    assert event["data"]["previous_attributes"] == {"customer": student.id}


@pytest.mark.fact("1.14b", "10.5")
async def test_both_lists_show_the_same_cards_and_differ_in_their_errors(api: Api) -> None:
    student = await api.student()
    flat = await api.get("/v1/payment_methods", customer=student.id)
    nested = await api.get(f"/v1/customers/{student.id}/payment_methods")
    assert flat.body["data"] == nested.body["data"] != []
    assert flat.body["url"] == "/v1/payment_methods"
    assert nested.body["url"] == f"/v1/customers/{student.id}/payment_methods"
    await api.delete(f"/v1/customers/{student.id}")
    for id in ("cus_nope", student.id):
        flat = await api.get("/v1/payment_methods", customer=id)
        nested = await api.get(f"/v1/customers/{id}/payment_methods")
        assert (flat.status, flat.error["param"]) == (400, "customer")
        assert (nested.status, nested.error["param"]) == (404, "id")
        assert flat.error["message"] == nested.error["message"] == f"No such customer: '{id}'"


@pytest.mark.fact("5.5/nested")
async def test_a_card_of_nobody_is_not_found_under_a_customer(api: Api) -> None:
    student = await api.student()
    path = f"/v1/customers/{student.id}/payment_methods"
    own = await api.get(f"{path}/{student.card}")
    other = await api.get(f"{path}/{await api.card()}")
    assert own.body["id"] == student.card
    assert (other.status, other.error) == (
        404,
        {"message": "Invalid request", "param": "customer", "type": "invalid_request_error"},
    )


@pytest.mark.fact("1.14c")
async def test_without_a_customer_the_list_is_empty(api: Api) -> None:
    await api.student()
    assert (await api.get("/v1/payment_methods")).body["data"] == []


async def test_billing_details_and_expiry_of_a_card_on_file_can_be_changed(api: Api) -> None:
    student = await api.student()
    reply = await api.post(
        f"/v1/payment_methods/{student.card}",
        {"billing_details[name]": "Ada Bell", "card[exp_year]": 2040},
    )
    assert reply.body["billing_details"]["name"] == "Ada Bell"
    assert (reply.body["card"]["exp_year"], reply.body["card"]["last4"]) == (2040, "4242")


async def test_an_update_that_is_refused_changes_nothing(api: Api) -> None:
    path = f"/v1/payment_methods/{(await api.student()).card}"
    before = (await api.get(path)).body
    reply = await api.post(path, {"billing_details[name]": "Ada Bell", "card[exp_year]": 2001})
    assert (reply.status, (await api.get(path)).body) == (402, before)


async def test_deleting_a_customer_takes_the_cards_off_file(api: Api) -> None:
    student = await api.student()
    await api.delete(f"/v1/customers/{student.id}")
    card = await api.get(f"/v1/payment_methods/{student.card}")
    assert card.body["customer"] is None


@pytest.mark.fact("1.12", "13/later")
async def test_lists_can_be_narrowed_by_type(api: Api) -> None:
    student = await api.student()
    cards = await api.get("/v1/payment_methods", customer=student.id, type="card")
    others = await api.get("/v1/payment_methods", customer=student.id, type="us_bank_account")
    assert ([row["id"] for row in cards.body["data"]], others.body["data"]) == ([student.card], [])
