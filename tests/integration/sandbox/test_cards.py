"""Test cards that work, by number and by name."""

import pytest

from tests.integration.sandbox.api import CARD, Api, Student


async def saved(api: Api, number: str) -> Student:
    """A customer whose card of that number was saved with a SetupIntent."""
    customer = (await api.post("/v1/customers")).body["id"]
    fields = {"customer": customer, "payment_method": await api.card(number)}
    fields |= {"confirm": "true", "allowed_payment_method_types[]": "card"}
    intent = (await api.post("/v1/setup_intents", fields)).body
    assert intent["status"] == "succeeded"
    return Student(customer, intent["payment_method"])


@pytest.mark.parametrize(
    ("number", "brand", "funding"),
    [
        pytest.param("4242424242424242", "visa", "credit", marks=pytest.mark.fact("7.1/4242")),
        pytest.param("4000056655665556", "visa", "debit", marks=pytest.mark.fact("7.1/5556")),
        pytest.param(
            "5555555555554444", "mastercard", "credit", marks=pytest.mark.fact("7.1/4444")
        ),
        pytest.param("378282246310005", "amex", "credit", marks=pytest.mark.fact("7.1/0005")),
        pytest.param("6011111111111117", "discover", "credit", marks=pytest.mark.fact("7.1/1117")),
    ],
)
async def test_a_plain_card_can_be_saved_and_charged(
    api: Api, number: str, brand: str, funding: str
) -> None:
    student = await saved(api, number)
    card = (await api.get(f"/v1/payment_methods/{student.card}")).body["card"]
    held = await api.hold(student)
    assert (card["brand"], card["funding"], card["last4"]) == (brand, funding, number[-4:])
    assert held.body["status"] == "requires_capture"


@pytest.mark.fact("7.1/0005")
async def test_an_amex_card_takes_four_digits_of_cvc(api: Api) -> None:
    fields = {**CARD, "card[cvc]": "1234"}
    amex = await api.post("/v1/payment_methods", {**fields, "card[number]": "378282246310005"})
    visa = await api.post("/v1/payment_methods", {**fields, "card[number]": "4242424242424242"})
    assert (amex.status, visa.status, visa.error["code"]) == (200, 402, "invalid_cvc")


@pytest.mark.fact("7.1/0341")
async def test_a_card_may_be_saved_and_still_be_refused_when_it_is_charged(api: Api) -> None:
    held = await api.hold(await saved(api, "4000000000000341"))
    assert (held.status, held.error["code"], held.error["decline_code"]) == (
        402,
        "card_declined",
        "generic_decline",
    )


@pytest.mark.fact("7.1/5423")
async def test_a_card_that_would_be_warned_about_is_charged(api: Api) -> None:
    intent = await api.captured(await saved(api, "4000000000005423"))
    assert intent["status"] == "succeeded"


@pytest.mark.parametrize(
    ("name", "last4"),
    [
        ("pm_card_visa", "4242"),
        ("pm_card_chargeCustomerFail", "0341"),
        ("pm_card_authenticationRequired", "3184"),
    ],
)
@pytest.mark.fact("7.1/names")
async def test_a_name_stands_for_a_card_on_file(api: Api, name: str, last4: str) -> None:
    student = await api.student(name)
    card = (await api.get(f"/v1/payment_methods/{student.card}")).body
    assert (card["card"]["last4"], card["customer"]) == (last4, student.id)
    assert card["id"] != name


@pytest.mark.parametrize(
    ("name", "last4"),
    [
        ("tok_visa", "4242"),
        ("tok_visa_chargeDeclined", "0002"),
        ("tok_visa_createDispute", "0259"),
        ("tok_threeDSecure2Required", "3220"),
    ],
)
@pytest.mark.fact("7.1/names")
async def test_a_token_stands_for_what_was_typed_in(api: Api, name: str, last4: str) -> None:
    card = await api.post("/v1/payment_methods", {"type": "card", "card[token]": name})
    assert card.body["card"]["last4"] == last4
