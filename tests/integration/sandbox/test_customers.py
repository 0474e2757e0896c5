"""Customers, and how they are found by e-mail."""

import pytest

from tests.integration.sandbox.api import Api


@pytest.mark.fact("10.1")
async def test_a_new_customer_has_every_member_that_stripe_shows(api: Api) -> None:
    reply = await api.post(
        "/v1/customers",
        {"name": "Ada Bell", "email": "Ada@Example.com", "metadata[first_lesson]": "01 Dec"},
    )
    customer = reply.body
    assert reply.status == 200
    assert customer.pop("id").startswith("cus_")
    assert len(customer.pop("invoice_prefix")) == 8
    assert abs(customer.pop("created") - api.service.clock.now()) <= 1
    assert customer == {
        "object": "customer",
        "address": None,
        "balance": 0,
        "currency": None,
        "customer_account": None,
        "default_source": None,
        "delinquent": False,
        "description": None,
        "discount": None,
        "email": "Ada@Example.com",
        "invoice_settings": {
            "custom_fields": None,
            "default_payment_method": None,
            "footer": None,
            "rendering_options": None,
        },
        "livemode": False,
        "metadata": {"first_lesson": "01 Dec"},
        "name": "Ada Bell",
        "next_invoice_sequence": 1,
        "phone": None,
        "preferred_locales": [],
        "shipping": None,
        "tax_exempt": "none",
        "test_clock": None,
    }


@pytest.mark.fact("1.13")
async def test_the_email_filter_minds_the_case_and_emails_need_not_be_unique(api: Api) -> None:
    first = (await api.post("/v1/customers", {"email": "ada@example.com"})).body["id"]
    second = (await api.post("/v1/customers", {"email": "ada@example.com"})).body["id"]
    await api.post("/v1/customers", {"email": "Ada@example.com"})
    listed = await api.get("/v1/customers", email="ada@example.com")
    assert [row["id"] for row in listed.body["data"]] == [second, first]


@pytest.mark.fact("1.16")
async def test_the_email_filter_follows_a_change_of_address(api: Api) -> None:
    customer = (await api.post("/v1/customers", {"email": "old@example.com"})).body["id"]
    await api.post(f"/v1/customers/{customer}", {"email": "new@example.com"})
    old = await api.get("/v1/customers", email="old@example.com")
    new = await api.get("/v1/customers", email="new@example.com")
    assert [old.body["data"], [row["id"] for row in new.body["data"]]] == [[], [customer]]


async def test_an_update_merges_metadata_and_an_empty_value_removes_a_key(api: Api) -> None:
    made = await api.post("/v1/customers", {"metadata[a]": "1", "metadata[b]": "2"})
    path = f"/v1/customers/{made.body['id']}"
    updated = await api.post(path, {"metadata[a]": "", "metadata[c]": "3"})
    cleared = await api.post(path, {"metadata": ""})
    assert updated.body["metadata"] == {"b": "2", "c": "3"}
    assert cleared.body["metadata"] == {}


@pytest.mark.fact("11.1", "11.2/customer")
async def test_an_update_event_tells_only_what_changed(api: Api) -> None:
    made = await api.post("/v1/customers", {"name": "Ada", "metadata[a]": "1"})
    await api.post(f"/v1/customers/{made.body['id']}", {"name": "Ida", "metadata[b]": "2"})
    event = (await api.get("/v1/events", type="customer.updated")).body["data"][0]
    assert event["data"]["previous_attributes"] == {"name": "Ada", "metadata": {"b": None}}


async def test_an_address_shows_the_members_that_were_not_given_too(api: Api) -> None:
    customer = (await api.post("/v1/customers", {"address[city]": "New York"})).body
    assert customer["address"] == {
        "city": "New York",
        "country": None,
        "line1": None,
        "line2": None,
        "postal_code": None,
        "state": None,
    }


async def test_an_update_that_changes_nothing_makes_no_event(api: Api) -> None:
    made = await api.post("/v1/customers", {"name": "Ada"})
    await api.post(f"/v1/customers/{made.body['id']}", {"name": "Ada"})
    assert await api.events() == ["customer.created"]


@pytest.mark.fact("5.1/deleted", "10.6")
async def test_a_deleted_customer_is_a_stub_and_missing_everywhere_else(api: Api) -> None:
    student = await api.student()
    stub = {"id": student.id, "object": "customer", "deleted": True}
    gone = {
        "code": "resource_missing",
        "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
        "message": f"No such customer: '{student.id}'",
        "type": "invalid_request_error",
    }
    assert (await api.delete(f"/v1/customers/{student.id}")).body == stub
    assert (await api.get(f"/v1/customers/{student.id}")).body == stub
    again = await api.delete(f"/v1/customers/{student.id}")
    assert (again.status, again.error) == (404, {**gone, "param": "id"})
    held = await api.hold(student)
    assert (held.status, held.error) == (400, {**gone, "param": "customer"})
    listed = await api.get("/v1/customers", email="ada@example.com")
    assert listed.body["data"] == []


@pytest.mark.fact("10.6a")
async def test_the_event_of_a_deletion_carries_the_customer_as_it_was(api: Api) -> None:
    student = await api.student(name="Ada")
    await api.delete(f"/v1/customers/{student.id}")
    event = (await api.get("/v1/events", type="customer.deleted")).body["data"][0]
    assert event["data"]["object"]["name"] == "Ada"
    assert "deleted" not in event["data"]["object"]


@pytest.mark.fact("10.6b")
async def test_the_payments_of_a_deleted_customer_stay_and_can_be_refunded(api: Api) -> None:
    student = await api.student()
    intent = await api.captured(student)
    await api.delete(f"/v1/customers/{student.id}")
    seen = (await api.get(f"/v1/payment_intents/{intent['id']}")).body
    charge = (await api.get(f"/v1/charges/{intent['latest_charge']}")).body
    listed = (await api.get("/v1/charges", customer=student.id)).body["data"]
    refund = await api.post("/v1/refunds", {"payment_intent": intent["id"]})
    assert (seen["customer"], charge["customer"], listed) == (student.id, student.id, [charge])
    assert (refund.status, refund.body["customer"]) == (200, student.id)


@pytest.mark.fact("10.3c")
async def test_the_default_card_must_be_the_customers_own(api: Api) -> None:
    student = await api.student()
    other = await api.card()
    path = f"/v1/customers/{student.id}"
    field = "invoice_settings[default_payment_method]"
    accepted = await api.post(path, {field: student.card})
    refused = await api.post(path, {field: other})
    assert accepted.body["invoice_settings"]["default_payment_method"] == student.card
    assert refused.status == 400
    assert refused.error["message"] == (
        f"The customer does not have a payment method with the ID {other}. The payment method "
        "must be attached to the customer."
    )


async def test_a_customer_can_be_made_with_a_card_and_not_with_a_declining_one(api: Api) -> None:
    made = await api.post("/v1/customers", {"payment_method": "pm_card_visa"})
    cards = await api.get("/v1/payment_methods", customer=made.body["id"])
    refused = await api.post("/v1/customers", {"payment_method": "pm_card_chargeDeclined"})
    assert len(cards.body["data"]) == 1
    assert refused.status == 402
    assert len((await api.get("/v1/customers")).body["data"]) == 1
