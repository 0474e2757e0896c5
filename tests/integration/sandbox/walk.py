"""Walks past every endpoint, and past every kind of error, for whoever watches the answers."""

from collections.abc import Awaitable
from typing import Any

from sandbox.endpoint import Endpoint
from tests.integration.sandbox.api import CARD, PUBLISHABLE_KEY, Api, Reply

DAY = 24 * 3600


async def every_endpoint(api: Api) -> None:
    """Each endpoint answers 200, but for those that never do, and each object is in many states."""
    await _customers_and_cards(api)
    await _setting_up(api)
    await _paying(api)
    await _refunds_and_rows(api)
    await _disputes(api)
    await _warnings(api)
    await _balance_and_payouts(api)
    await _webhook_endpoints(api)


async def every_refusal(api: Api, endpoint: Endpoint) -> list[int]:
    """The statuses of what any endpoint refuses, in the order of its checks.

    No key; a page's key; what it does not know; what it can't expand; an id nobody has.
    """
    path = endpoint.path.replace("{", "no_").replace("}", "")
    replies = [await api.send(endpoint.method, path, key="")]
    if not endpoint.publishable:
        replies.append(await api.send(endpoint.method, path, key=PUBLISHABLE_KEY))
    replies.append(await api.send(endpoint.method, f"{path}?wat=1"))
    replies.append(await api.send(endpoint.method, f"{path}?expand[]=wat"))
    if endpoint.path != path:
        replies.append(await api.send(endpoint.method, path))
    return [reply.status for reply in replies]


async def every_error(api: Api) -> None:
    """One error of each kind that only some endpoints give."""
    await _bad_parameters(api)
    await _refused_cards(api)
    await _wrong_states(api)
    await _idempotency(api)
    await _network(api)


async def ok(sent: Awaitable[Reply]) -> dict[str, Any]:
    """The body of an answer that has to be a success."""
    reply = await sent
    assert reply.status == 200, reply.body
    return reply.body


async def _customers_and_cards(api: Api) -> None:
    fields = {"name": "Ada", "email": "ada@example.com", "address[city]": "London"}
    customer = f"/v1/customers/{(await ok(api.post('/v1/customers', fields)))['id']}"
    card = f"/v1/payment_methods/{await api.card(**{'billing_details[name]': 'Ada'})}"
    await ok(api.post(f"{card}/attach", {"customer": customer.rpartition("/")[2]}))
    await ok(api.post(card, {"billing_details[address][postal_code]": "94107"}))
    default = {"invoice_settings[default_payment_method]": card.rpartition("/")[2]}
    await ok(api.post(customer, default))
    await ok(api.get(customer, **{"expand[]": ["sources", "tax"]}))
    await ok(api.get("/v1/customers"))
    await ok(api.get(card))
    await ok(api.get("/v1/payment_methods", customer=customer.rpartition("/")[2]))
    await ok(api.get(f"{customer}/payment_methods"))
    await ok(api.get(customer + card.removeprefix("/v1")))
    await ok(api.post(f"{card}/detach"))
    await ok(api.delete(customer))
    await ok(api.get(customer))


async def _setting_up(api: Api) -> None:
    made = await _setup(api)
    intent = f"/v1/setup_intents/{made['id']}"
    await ok(api.post(intent, {"description": "A card for lessons"}))
    page = {"client_secret": made["client_secret"], "payment_method": await api.card()}
    await ok(api.post(f"{intent}/confirm", page, key=PUBLISHABLE_KEY))
    seen = {"client_secret": made["client_secret"], "expand[]": "payment_method"}
    await ok(api.get(intent, key=PUBLISHABLE_KEY, **seen))
    await ok(api.get(intent, **{"expand[]": "latest_attempt"}))
    await ok(api.post(f"/v1/setup_intents/{(await _setup(api))['id']}/cancel"))
    await _challenged(api, "setup_intents", await _setup(api), "latest_attempt")
    await ok(api.get("/v1/setup_intents"))


async def _setup(api: Api) -> dict[str, Any]:
    customer = (await api.post("/v1/customers")).body["id"]
    fields = {"customer": customer, "allowed_payment_method_types[]": "card"}
    return await ok(api.post("/v1/setup_intents", fields))


async def _challenged(api: Api, path: str, intent: dict[str, Any], attempt: str) -> None:
    secret = {"client_secret": intent["client_secret"]}
    fields = {**secret, "payment_method": await api.card("4000002500003155")}
    confirm = f"/v1/{path}/{intent['id']}/confirm"
    waiting = await ok(api.post(confirm, fields, key=PUBLISHABLE_KEY))
    assert waiting["status"] == "requires_action"
    passed = {**secret, "outcome": "complete"}
    await ok(api.control("POST", f"challenges/{intent['id']}", passed))
    await ok(api.get(f"/v1/{path}/{intent['id']}", **{"expand[]": attempt}))


async def _paying(api: Api) -> None:
    student = await api.student()
    lesson = {"amount": 6500, "currency": "usd", "customer": student.id}
    made = await ok(api.post("/v1/payment_intents", lesson))
    intent = f"/v1/payment_intents/{made['id']}"
    await ok(api.post(intent, {"description": "Guitar lesson"}))
    await ok(api.get(intent, key=PUBLISHABLE_KEY, client_secret=made["client_secret"]))
    confirm = {"payment_method": student.card, "off_session": "true", "capture_method": "manual"}
    await ok(api.post(f"{intent}/confirm", confirm))
    await ok(api.post(f"{intent}/capture", {"amount_to_capture": 5000}))
    held = await ok(api.hold(student))
    await ok(api.post(f"/v1/payment_intents/{held['id']}/cancel"))
    await api.hold(await api.student("pm_card_chargeCustomerFail"))
    cards_only = {**lesson, "allowed_payment_method_types[]": "card"}
    on_page = await ok(api.post("/v1/payment_intents", cards_only))
    await _challenged(api, "payment_intents", on_page, "latest_charge")
    await ok(api.hold(student))
    api.advance(8 * DAY)
    await ok(
        api.get("/v1/payment_intents", **{"expand[]": ["data.latest_charge", "data.customer"]})
    )


async def _refunds_and_rows(api: Api) -> None:
    paid = await api.captured(await api.student())
    refund = await ok(api.post("/v1/refunds", {"payment_intent": paid["id"], "amount": 100}))
    await ok(api.post(f"/v1/refunds/{refund['id']}", {"metadata[why]": "ill"}))
    await ok(api.get(f"/v1/refunds/{refund['id']}", **{"expand[]": "charge.payment_intent"}))
    failing = await api.captured(await api.student("pm_card_refundFail"))
    await ok(api.post("/v1/refunds", {"payment_intent": failing["id"]}))
    api.advance(DAY)
    charge = f"/v1/charges/{paid['latest_charge']}"
    await ok(api.get("/v1/refunds", charge=paid["latest_charge"]))
    await ok(api.get("/v1/refunds", **{"expand[]": "data.failure_balance_transaction"}))
    await ok(api.get(f"{charge}/refunds"))
    await ok(api.post(charge, {"description": "Guitar lesson, shortened"}))
    await ok(api.get(charge, **{"expand[]": ["refunds", "balance_transaction"]}))
    await ok(api.get("/v1/charges"))
    row = refund["balance_transaction"]
    await ok(api.get(f"/v1/balance_transactions/{row}", **{"expand[]": "source.charge"}))


async def _disputes(api: Api) -> None:
    contested = await api.captured(await api.student("pm_card_createDispute"))
    await api.captured(await api.student("pm_card_createDisputeInquiry"))
    dispute = await ok(api.get(f"/v1/charges/{contested['latest_charge']}/dispute"))
    path = f"/v1/disputes/{dispute['id']}"
    await ok(api.post(path, {"evidence[customer_name]": "Ada", "submit": "false"}))
    await ok(api.get(path, **{"expand[]": ["charge", "payment_intent"]}))
    await ok(api.post(f"{path}/close"))
    await ok(api.get("/v1/disputes", charge=contested["latest_charge"]))
    await ok(api.get("/v1/balance_transactions", limit=100, **{"expand[]": "data.source"}))
    newest = (await ok(api.get("/v1/events", limit=100)))["data"][0]
    await ok(api.get(f"/v1/events/{newest['id']}"))


async def _warnings(api: Api) -> None:
    await api.captured(await api.student("pm_card_createIssuerFraudRecord"))
    (warning,) = (await ok(api.get("/v1/radar/early_fraud_warnings")))["data"]
    path = f"/v1/radar/early_fraud_warnings/{warning['id']}"
    await ok(api.get(path, **{"expand[]": ["charge", "payment_intent"]}))


async def _balance_and_payouts(api: Api) -> None:
    await ok(api.get("/v1/balance"))
    api.advance(8 * DAY)
    payout, *_ = (await ok(api.get("/v1/payouts")))["data"]
    expand = {"expand[]": ["balance_transaction", "destination", "original_payout"]}
    await ok(api.get(f"/v1/payouts/{payout['id']}", **expand))
    rows = {"payout": payout["id"], "expand[]": "data.source"}
    await ok(api.get("/v1/balance_transactions", **rows))
    await ok(api.get("/v1/events", type="payout.*"))


async def _webhook_endpoints(api: Api) -> None:
    fields = {"url": "http://127.0.0.1:9/hook", "enabled_events[]": "charge.captured"}
    made = await ok(api.post("/v1/webhook_endpoints", fields))
    path = f"/v1/webhook_endpoints/{made['id']}"
    await ok(api.get("/v1/webhook_endpoints"))
    await ok(api.get(path))
    await ok(api.post(path, {"disabled": "true"}))
    await ok(api.delete(path))


async def _bad_parameters(api: Api) -> None:
    await api.get("/v1/nowhere")
    await api.post("/v1/customers", {"name": "x" * 600_000})
    await api.get("/v1/customers", limit="many")
    await api.get("/v1/customers", starting_after="cus_x")
    await api.get("/v1/customers", starting_after="cus_x", ending_before="cus_y")
    await api.get("/v1/customers", **{"expand[]": "data.a.b.c.d"})
    await api.post("/v1/customers", {"email": "nobody"})
    await api.post("/v1/customers", {"name[]": "Ada"})
    await api.post("/v1/payment_intents", {"amount": 500})
    await api.post("/v1/payment_intents", {"amount": "", "currency": "usd"})
    for amount in (0, 1, 100_000_000):
        await api.post("/v1/payment_intents", {"amount": amount, "currency": "usd"})
    await api.post("/v1/webhook_endpoints", {"url": "nowhere", "enabled_events[]": "*"})


async def _refused_cards(api: Api) -> None:
    await api.post("/v1/payment_methods/pm_card_visa/attach")
    student = await api.student()
    for name in ("chargeDeclined", "chargeDeclinedExpiredCard", "chargeDeclinedProcessingError"):
        await api.post(f"/v1/payment_methods/pm_card_{name}/attach", {"customer": student.id})
    wrong_cvc = await api.card("4000000000000127")
    await api.post(f"/v1/payment_methods/{wrong_cvc}/attach", {"customer": student.id})
    setup = f"/v1/setup_intents/{(await _setup(api))['id']}/confirm"
    await api.post(setup, {"payment_method": "pm_card_chargeDeclined"})
    for name in ("chargeCustomerFail", "authenticationRequired"):
        await api.hold(await api.student(f"pm_card_{name}"))
    await api.post("/v1/payment_methods", {**CARD, "card[number]": "4242424242424241"})


async def _wrong_states(api: Api) -> None:
    student = await api.student()
    held = (await api.hold(student)).body
    capture = f"/v1/payment_intents/{held['id']}/capture"
    await api.post(capture, {"amount_to_capture": 9900})
    await api.post("/v1/refunds", {"payment_intent": held["id"]})
    await ok(api.post(capture))
    await api.post(capture)
    await api.post(f"/v1/charges/{held['latest_charge']}/capture")
    await ok(api.post("/v1/refunds", {"payment_intent": held["id"]}))
    await api.post("/v1/refunds", {"payment_intent": held["id"]})
    refunds = (await api.get("/v1/refunds")).body["data"]
    await api.post(f"/v1/refunds/{refunds[0]['id']}/cancel")
    contested = await api.captured(await api.student("pm_card_createDispute"))
    await api.post("/v1/refunds", {"payment_intent": contested["id"]})
    expired = (await api.hold(student)).body
    api.advance(8 * DAY)
    await api.post(f"/v1/charges/{expired['latest_charge']}/capture")
    setup = f"/v1/setup_intents/{(await _setup(api))['id']}"
    await ok(api.post(f"{setup}/cancel"))
    await api.post(f"{setup}/confirm")


async def _idempotency(api: Api) -> None:
    key = {"Idempotency-Key": "attempt-1"}
    await ok(api.post("/v1/customers", {"name": "Ada"}, headers=key))
    await api.post("/v1/customers", {"name": "Bob"}, headers=key)


async def _network(api: Api) -> None:
    for kind in ("429", "lock_timeout", "409", "500"):
        armed = await api.control("POST", "faults", {"rules": [{"kind": kind, "times": 1}]})
        assert armed.status == 200, armed.body
        await api.post("/v1/customers", headers={"Idempotency-Key": f"meets-{kind}"})
