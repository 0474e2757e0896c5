"""Facts §2: ids replaced by the objects they name."""

from typing import Any

import pytest

from tests.integration.sandbox.api import Api


async def first(api: Api, path: str, *expand: str) -> dict[str, Any]:
    """The newest row of a list, expanded."""
    return (await api.get(path, **{"expand[]": expand})).body["data"][0]


async def test_through_an_intent_to_its_balance_transaction(api: Api) -> None:
    """Facts §2.1."""
    intent = (await api.hold(await api.student())).body["id"]
    path = f"/v1/payment_intents/{intent}/capture"
    captured = await api.post(path, {"expand[]": "latest_charge.balance_transaction"})
    assert captured.body["latest_charge"]["balance_transaction"]["net"] == 6281


async def test_polymorphic_sources_are_walked_through_where_they_have_the_member(api: Api) -> None:
    """Facts §2.6 and §2.7."""
    intent = await api.captured(await api.student())
    await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 100})
    await api.captured(await api.student("pm_card_createDispute"))
    path = "/v1/balance_transactions"
    listed = await api.get(path, **{"expand[]": ["data.source", "data.source.charge"]})
    sources = [row["source"] for row in listed.body["data"]]
    assert [source["object"] for source in sources] == ["dispute", "charge", "refund", "charge"]
    assert sources[0]["charge"]["metadata"] == {"type": "lessons-payment"}
    assert sources[2]["charge"]["id"] == intent["latest_charge"]


async def test_four_levels_down_to_the_default_card(api: Api) -> None:
    """Facts §2.8."""
    student = await api.student()
    default = {"invoice_settings[default_payment_method]": student.card}
    await api.post(f"/v1/customers/{student.id}", default)
    await api.hold(student)
    path = "data.customer.invoice_settings.default_payment_method"
    row = await first(api, "/v1/payment_intents", path)
    settings = row["customer"]["invoice_settings"]
    assert settings["default_payment_method"]["card"]["last4"] == "4242"


async def test_five_levels_are_too_many(api: Api) -> None:
    """Facts §2.2."""
    path = "data.customer.invoice_settings.default_payment_method.customer"
    reply = await api.get("/v1/payment_intents", **{"expand[]": path})
    assert (reply.status, reply.error) == (
        400,
        {
            "code": "property_expansion_max_depth",
            "doc_url": "https://stripe.com/docs/error-codes/property-expansion-max-depth",
            "message": f"You cannot expand more than 4 levels of a property. Property: {path}",
            "type": "invalid_request_error",
        },
    )


@pytest.mark.parametrize(
    ("path", "expand", "message"),
    [
        ("/v1/charges/ch_x", "bogus", "This property cannot be expanded (bogus)."),
        (
            "/v1/customers/cus_x",
            "invoice_settings.bogus",
            "This property cannot be expanded (invoice_settings.bogus).",
        ),
        (
            "/v1/payment_intents",
            "customer",
            "This property cannot be expanded (customer). You may want to try expanding "
            "'data.customer' instead.",
        ),
        (
            "/v1/balance_transactions",
            "data.source.bogus",
            "This property cannot be expanded (data.source.bogus).",
        ),
        (
            "/v1/charges/ch_x",
            "payment_method",
            "This property cannot be expanded (payment_method).",
        ),
    ],
)
async def test_what_can_not_be_expanded(api: Api, path: str, expand: str, message: str) -> None:
    """Facts §2.3, §2.5 (it outranks the 404) and §2.11 (a charge's card is a plain id)."""
    reply = await api.get(path, **{"expand[]": expand})
    assert (reply.status, reply.error) == (
        400,
        {"message": message, "type": "invalid_request_error"},
    )


async def test_a_bad_path_writes_nothing_and_frees_the_idempotency_key(api: Api) -> None:
    """Facts §2.5."""
    key = {"Idempotency-Key": "sign-up"}
    refused = await api.post("/v1/customers", {"expand[]": "bogus"}, headers=key)
    none = (await api.get("/v1/customers")).body["data"]
    made = await api.post("/v1/customers", headers=key)
    assert (refused.status, none, made.status) == (400, [], 200)


async def test_data_and_embedded_objects_are_accepted_and_change_nothing(api: Api) -> None:
    """Facts §2.4."""
    await api.student()
    plain = await api.get("/v1/customers")
    expanded = await api.get(
        "/v1/customers", **{"expand[]": ["data", "data.invoice_settings", "data.address"]}
    )
    assert expanded.body == plain.body


async def test_a_deleted_customer_expands_to_its_stub(api: Api) -> None:
    """Facts §2.9."""
    student = await api.student()
    await api.hold(student)
    await api.delete(f"/v1/customers/{student.id}")
    row = await first(
        api, "/v1/payment_intents", "data.customer.invoice_settings.default_payment_method"
    )
    assert row["customer"] == {"id": student.id, "object": "customer", "deleted": True}


async def test_the_refunds_of_a_charge_are_there_only_when_expanded(api: Api) -> None:
    """Facts §2.10."""
    intent = await api.captured(await api.student())
    for _ in range(12):
        await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 1})
    path = f"/v1/charges/{intent['latest_charge']}"
    plain = (await api.get(path)).body
    expanded = (await api.get(path, **{"expand[]": "refunds.data.balance_transaction"})).body
    refunds = expanded["refunds"]
    assert "refunds" not in plain
    assert {name: refunds[name] for name in ("object", "has_more", "total_count", "url")} == {
        "object": "list",
        "has_more": True,
        "total_count": 12,
        "url": f"{path}/refunds",
    }
    assert len(refunds["data"]) == 10
    assert refunds["data"][0]["balance_transaction"]["amount"] == -1
