"""Expansion: ids replaced by the objects they name."""

from typing import Any

import pytest

from tests.integration.sandbox.api import Api

SET_UP = {
    "allowed_payment_method_types[]": "card",
    "confirm": "true",
    "payment_method": "pm_card_visa",
}


async def first(api: Api, path: str, *expand: str) -> dict[str, Any]:
    """The newest row of a list, expanded."""
    return (await api.get(path, **{"expand[]": expand})).body["data"][0]


@pytest.mark.fact("2.1")
async def test_through_an_intent_to_its_balance_transaction(api: Api) -> None:
    intent = (await api.hold(await api.student())).body["id"]
    path, deep = f"/v1/payment_intents/{intent}", "latest_charge.balance_transaction"
    captured = await api.post(f"{path}/capture", {"expand[]": deep})
    read = await api.get(path, **{"expand[]": deep})
    listed = await first(api, "/v1/payment_intents", f"data.{deep}")
    assert captured.body["latest_charge"]["balance_transaction"]["net"] == 6281
    assert captured.body == read.body == listed


async def three_sources(api: Api) -> dict[str, Any]:
    """A charge, a refund of it, and a contested charge; answers the first payment."""
    intent = await api.captured(await api.student())
    await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 100})
    await api.captured(await api.student("pm_card_createDispute"))
    return intent


@pytest.mark.fact("2.6")
async def test_the_source_of_a_balance_transaction_may_be_any_of_three_kinds(api: Api) -> None:
    await three_sources(api)
    listed = await api.get("/v1/balance_transactions", **{"expand[]": "data.source"})
    kinds = [row["source"]["object"] for row in listed.body["data"]]
    assert kinds == ["dispute", "charge", "refund", "charge"]


@pytest.mark.fact("2.7")
async def test_sources_are_walked_through_where_they_have_the_member(api: Api) -> None:
    intent = await three_sources(api)
    inner = ("charge.balance_transaction", "payment_intent", "customer")
    paths = [f"data.source.{path}" for path in inner]
    listed = await api.get("/v1/balance_transactions", **{"expand[]": paths})
    contested, _, refund, charge = (row["source"] for row in listed.body["data"])
    assert refund["charge"]["id"] == intent["latest_charge"]
    assert refund["charge"]["balance_transaction"]["type"] == "charge"
    assert refund["payment_intent"]["id"] == charge["payment_intent"]["id"] == intent["id"]
    assert charge["customer"]["email"] == "ada@example.com"
    assert contested["charge"]["metadata"] == {"type": "lessons-payment"}
    assert ("charge" in charge, "customer" in contested) == (False, False)


@pytest.mark.fact("2.8")
async def test_four_levels_down_to_the_default_card(api: Api) -> None:
    student = await api.student()
    default = {"invoice_settings[default_payment_method]": student.card}
    await api.post(f"/v1/customers/{student.id}", default)
    await api.hold(student)
    for path in ("/v1/payment_intents", "/v1/charges"):
        row = await first(api, path, "data.customer.invoice_settings.default_payment_method")
        settings = row["customer"]["invoice_settings"]
        assert settings["default_payment_method"]["card"]["last4"] == "4242"


@pytest.mark.fact("2.2")
async def test_five_levels_are_too_many(api: Api) -> None:
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
@pytest.mark.fact("2.3", "2.3a", "2.5", "2.11a")
async def test_what_can_not_be_expanded(api: Api, path: str, expand: str, message: str) -> None:
    """Told before the object is looked for: none of these exists."""
    reply = await api.get(path, **{"expand[]": expand})
    assert (reply.status, reply.error) == (
        400,
        {"message": message, "type": "invalid_request_error"},
    )


@pytest.mark.fact("2.5")
async def test_a_bad_path_writes_nothing_and_frees_the_idempotency_key(api: Api) -> None:
    key = {"Idempotency-Key": "sign-up"}
    refused = await api.post("/v1/customers", {"expand[]": "bogus"}, headers=key)
    none = (await api.get("/v1/customers")).body["data"]
    made = await api.post("/v1/customers", headers=key)
    assert (refused.status, none, made.status) == (400, [], 200)


@pytest.mark.fact("2.4")
async def test_data_and_embedded_objects_are_accepted_and_change_nothing(api: Api) -> None:
    await api.student()
    plain = await api.get("/v1/customers")
    expanded = await api.get(
        "/v1/customers", **{"expand[]": ["data", "data.invoice_settings", "data.address"]}
    )
    assert expanded.body == plain.body


@pytest.mark.fact("2.9")
async def test_a_deleted_customer_expands_to_its_stub(api: Api) -> None:
    student = await api.student()
    await api.hold(student)
    await api.delete(f"/v1/customers/{student.id}")
    row = await first(
        api, "/v1/payment_intents", "data.customer.invoice_settings.default_payment_method"
    )
    assert row["customer"] == {"id": student.id, "object": "customer", "deleted": True}


@pytest.mark.fact("2.10", "13/2022-11-15")
async def test_the_refunds_of_a_charge_are_there_only_when_expanded(api: Api) -> None:
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


@pytest.mark.fact("2.11")
async def test_what_each_object_can_expand(api: Api) -> None:
    """Every path is accepted, and what has an id becomes the object with that id."""
    student = await api.student("pm_card_refundFail")
    customer = f"/v1/customers/{student.id}"
    field = "invoice_settings[default_payment_method]"
    await api.post(customer, {field: student.card})
    intent = await api.captured(student)
    refund = (await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 100})).body
    api.advance(10)
    contested = await api.captured(await api.student("pm_card_createDispute"))
    dispute = (await api.get("/v1/disputes", payment_intent=contested["id"])).body["data"][0]
    saved = await api.post("/v1/setup_intents", {**SET_UP, "customer": student.id})
    row = (await api.get("/v1/balance_transactions")).body["data"][-1]

    async def kinds(path: str, *names: str) -> list[str | None]:
        seen = (await api.get(path, **{"expand[]": names})).body
        return [seen[name] and seen[name]["object"] for name in names]

    names = ("customer", "payment_method", "latest_charge", "review")
    path = f"/v1/payment_intents/{intent['id']}"
    assert await kinds(path, *names) == ["customer", "payment_method", "charge", None]
    names = ("customer", "payment_method", "latest_attempt", "mandate")
    path = f"/v1/setup_intents/{saved.body['id']}"
    assert await kinds(path, *names) == ["customer", "payment_method", "setup_attempt", None]
    names = ("customer", "payment_intent", "balance_transaction", "review")
    path = f"/v1/charges/{intent['latest_charge']}"
    assert await kinds(path, *names, "refunds", "failure_balance_transaction") == [
        "customer",
        "payment_intent",
        "balance_transaction",
        None,
        "list",
        None,
    ]
    names = ("charge", "payment_intent", "balance_transaction", "failure_balance_transaction")
    assert await kinds(f"/v1/refunds/{refund['id']}", *names) == [
        "charge",
        "payment_intent",
        "balance_transaction",
        "balance_transaction",
    ]
    path = f"/v1/disputes/{dispute['id']}"
    assert await kinds(path, "charge", "payment_intent") == ["charge", "payment_intent"]
    assert await kinds(f"/v1/balance_transactions/{row['id']}", "source") == ["charge"]
    assert await kinds(f"/v1/payment_methods/{student.card}", "customer") == ["customer"]
    expanded = ("default_source", "sources", "tax", field.replace("[", ".").rstrip("]"))
    seen = (await api.get(customer, **{"expand[]": expanded})).body
    assert (seen["default_source"], seen["sources"]["data"]) == (None, [])
    assert seen["tax"]["automatic_tax"] == "unrecognized_location"
    assert seen["invoice_settings"]["default_payment_method"]["id"] == student.card


@pytest.mark.fact("2.11b")
async def test_a_disputes_balance_transactions_are_always_whole(api: Api) -> None:
    await api.captured(await api.student("pm_card_createDispute"))
    dispute = await first(api, "/v1/disputes")
    assert [row["object"] for row in dispute["balance_transactions"]] == ["balance_transaction"]


@pytest.mark.fact("2.11")
async def test_an_attempt_whose_challenge_was_never_done_is_abandoned(api: Api) -> None:
    fields = {**SET_UP, "payment_method": "pm_card_threeDSecure2Required"}
    intent = (await api.post("/v1/setup_intents", fields)).body
    path, expand = f"/v1/setup_intents/{intent['id']}", {"expand[]": "latest_attempt"}
    during = (await api.get(path, **expand)).body["latest_attempt"]
    await api.post(f"{path}/cancel")
    after = (await api.get(path, **expand)).body["latest_attempt"]
    assert (during["status"], after["status"]) == ("requires_action", "abandoned")


@pytest.mark.fact("2.11")
async def test_an_attempt_tells_how_it_went(api: Api) -> None:
    """A refused card, a challenge that was left for another card, and a success."""
    intent = (await api.post("/v1/setup_intents", {"payment_method_types[]": "card"})).body
    path = f"/v1/setup_intents/{intent['id']}"
    attempts = []
    for card in ("pm_card_chargeDeclined", "pm_card_threeDSecure2Required", "pm_card_visa"):
        await api.post(f"{path}/confirm", {"payment_method": card})
        attempts.append((await api.get(path, **{"expand[]": "latest_attempt"})).body)
    refused, left, saved = (attempt["latest_attempt"] for attempt in attempts)
    assert [refused["status"], left["status"], saved["status"]] == [
        "failed",
        "requires_action",
        "succeeded",
    ]
    assert refused["setup_error"]["code"] == "card_declined"
    assert (saved["setup_error"], saved["setup_intent"]) == (None, intent["id"])
    assert saved["payment_method"] == attempts[-1]["payment_method"]
    assert saved["payment_method_details"]["card"]["last4"] == "4242"
