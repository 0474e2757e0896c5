"""Settlement currencies: what is converted, at what rate, what it costs, and what comes back."""

from typing import Any

import pytest

from tests.integration.sandbox.api import Api, Reply

DEFAULTS = {
    "settlement_currencies": ["usd"],
    "dispute_fee_returned": False,
    "payout_schedule": "daily",
}


async def settling_in(api: Api, *currencies: str, **settings: Any) -> None:
    """Make the account settle in these currencies."""
    wanted = {"settlement_currencies": currencies, **settings}
    changed = await api.control("POST", "account", wanted)
    assert changed.status == 200, changed.body


async def rows(api: Api, **filters: str) -> list[dict[str, Any]]:
    """Every row of the balance, oldest first."""
    listed = await api.get("/v1/balance_transactions", limit=100, **filters)
    return list(reversed(listed.body["data"]))


def booked(row: dict[str, Any]) -> tuple[str, int, int, int, str, float | None]:
    """What a row says of money."""
    return (
        row["reporting_category"],
        row["amount"],
        row["fee"],
        row["net"],
        row["currency"],
        row["exchange_rate"],
    )


async def truth(api: Api) -> dict[str, Any]:
    """What the figures of the last minute must be."""
    now = api.service.clock.now()
    return (await api.control("GET", f"truth?from={now - 60}&to={now}")).body


async def priced(api: Api, amount: int, currency: str) -> Reply:
    """A payment of that amount, not confirmed."""
    return await api.post("/v1/payment_intents", {"amount": amount, "currency": currency})


@pytest.mark.fact("8.13", "8.4a")
async def test_a_charge_in_another_currency_is_booked_in_the_settlement_currency(api: Api) -> None:
    """50 euros are 54 dollars, of which 2.9 % and 1 % are 2.106 dollars, and 30 cents."""
    intent = await api.captured(await api.student(), 5000, currency="eur")
    charge = (await api.get(f"/v1/charges/{intent['latest_charge']}")).body
    (row,) = await rows(api)
    assert (charge["amount_captured"], charge["currency"]) == (5000, "eur")
    assert booked(row) == ("charge", 5400, 241, 5159, "usd", 1.08)
    assert row["fee_details"] == [
        {
            "amount": 241,
            "application": None,
            "currency": "usd",
            "description": "Stripe processing fees",
            "type": "stripe_fee",
        }
    ]


@pytest.mark.fact("8.13")
async def test_a_currency_without_cents_is_converted_by_its_whole_units(api: Api) -> None:
    """5,000 yen are 33 dollars: a yen is 0.66 cents."""
    await api.captured(await api.student(), 5000, currency="jpy")
    assert [booked(row) for row in await rows(api)] == [
        ("charge", 3300, 159, 3141, "usd", 0.66),
    ]


@pytest.mark.fact("8.13")
async def test_a_currency_the_account_settles_in_is_not_converted(api: Api) -> None:
    """Pounds are, to the first of the two; the fixed 30 US cents are 28 euro cents."""
    await settling_in(api, "eur", "usd")
    student = await api.student()
    for currency in ("eur", "usd", "gbp"):
        await api.captured(student, 5000, currency=currency)
    assert [booked(row) for row in await rows(api)] == [
        ("charge", 5000, 145 + 28, 4827, "eur", None),
        ("charge", 5000, 145 + 30, 4825, "usd", None),
        ("charge", 5880, 229 + 28, 5623, "eur", 1.175926),
    ]
    assert [row["net"] for row in await rows(api, currency="eur")] == [4827, 5623]


@pytest.mark.fact("8.4a")
@pytest.mark.parametrize(
    ("card", "country", "number"),
    [
        ("pm_card_gb", "GB", "4000008260000000"),
        ("pm_card_fr", "FR", "4000002500000003"),
        ("pm_card_ca", "CA", "4000001240000000"),
    ],
)
async def test_foreign_cards_cost_more(api: Api, card: str, country: str, number: str) -> None:
    """2.9 % and 1.5 % of 65 dollars are 2.86 dollars; with a conversion 1 % more, of 70.20."""
    student = await api.student(card)
    intent = await api.captured(student)
    await api.captured(student, currency="eur")
    charge = (await api.get(f"/v1/charges/{intent['latest_charge']}")).body
    method = (await api.get(f"/v1/payment_methods/{await api.card(number)}")).body
    countries = {
        charge["payment_method_details"]["card"]["country"],
        method["card"]["country"],
    }
    assert countries == {country}
    assert [booked(row) for row in await rows(api)] == [
        ("charge", 6500, 316, 6184, "usd", None),
        ("charge", 7020, 409, 6611, "usd", 1.08),
    ]


@pytest.mark.fact("8.13")
async def test_refunds_in_parts_add_up_to_what_was_booked(api: Api) -> None:
    """1,001 yen are booked as 661 cents, where parts of 219.78, 220.44 and 0.66 make 660.66."""
    intent = await api.captured(await api.student(), 1001, currency="jpy")
    for part in (333, 333, 334, 1):
        await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": part})
    (charge, *refunds) = await rows(api)
    assert (charge["amount"], [row["amount"] for row in refunds]) == (661, [-220, -220, -220, -1])
    assert {(row["currency"], row["exchange_rate"], row["fee"]) for row in refunds} == {
        ("usd", 0.66, 0)
    }


@pytest.mark.fact("8.13")
async def test_a_refund_that_fails_between_others_leaves_no_cent_behind(api: Api) -> None:
    student = await api.student("pm_card_refundFail")
    intent = (await api.captured(student, 1001, currency="jpy"))["id"]
    for part in (2, 2, 5, 1):
        await api.post("/v1/refunds", {"payment_intent": intent, "amount": part})
        api.advance(3)
    await api.post("/v1/refunds", {"payment_intent": intent})
    api.advance(60)
    taken, *others = await rows(api)
    back = [row["amount"] for row in others if row["type"] == "refund_failure"]
    gone = [-row["amount"] for row in others if row["type"] == "refund"]
    assert (taken["amount"], sorted(back)) == (661, sorted(gone))
    assert (await api.post("/v1/refunds", {"payment_intent": intent})).body["amount"] == 1001
    assert [row["amount"] for row in await rows(api)][-1] == -661


@pytest.mark.fact("8.13")
async def test_a_refund_and_a_dispute_before_the_charge_is_booked(api: Api) -> None:
    """An ``automatic_async`` payment is booked a second after it was made."""
    booked_later = {"capture_method": "automatic_async", "currency": "eur"}
    paid = (await api.hold(await api.student(), 5000, **booked_later)).body["id"]
    await api.post("/v1/refunds", {"payment_intent": paid, "amount": 1250})
    await api.hold(await api.student("pm_card_createDispute"), 5000, **booked_later)
    before = len(await rows(api))
    api.advance(2)
    after = sorted(booked(row) for row in await rows(api))
    assert (before, after) == (
        2,
        [
            ("charge", 5400, 241, 5159, "usd", 1.08),
            ("charge", 5400, 241, 5159, "usd", 1.08),
            ("dispute", -5400, 1500, -6900, "usd", 1.08),
            ("refund", -1350, 0, -1350, "usd", 1.08),
        ],
    )


@pytest.mark.fact("8.13")
async def test_how_a_charge_is_booked_is_decided_when_it_is_captured(api: Api) -> None:
    """Not in the second until it is booked, when the account comes to settle in euros."""
    booked_later = {"capture_method": "automatic_async", "currency": "eur"}
    student = await api.student()
    refunded = (await api.hold(student, 5000, **booked_later)).body["id"]
    await api.hold(student, 6000, **booked_later)
    await api.post("/v1/refunds", {"payment_intent": refunded, "amount": 1250})
    await settling_in(api, "eur")
    await api.post("/v1/refunds", {"payment_intent": refunded, "amount": 1250})
    api.advance(2)
    assert sorted(booked(row) for row in await rows(api)) == [
        ("charge", 5400, 241, 5159, "usd", 1.08),
        ("charge", 6480, 283, 6197, "usd", 1.08),
        ("refund", -1350, 0, -1350, "usd", 1.08),
        ("refund", -1350, 0, -1350, "usd", 1.08),
    ]


@pytest.mark.fact("8.13")
async def test_the_rate_of_a_refund_is_that_of_its_charge(api: Api) -> None:
    """The account has come to settle in euros since."""
    intent = await api.captured(await api.student(), 5000, currency="eur")
    await settling_in(api, "eur")
    await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 1250})
    assert booked((await rows(api))[1]) == ("refund", -1350, 0, -1350, "usd", 1.08)


@pytest.mark.fact("8.13")
async def test_a_dispute_takes_what_is_left_in_the_settlement_currency(api: Api) -> None:
    """It says so in the charge's currency itself."""
    student = await api.student("pm_card_createDisputeInquiry")
    intent = await api.captured(student, 5000, currency="eur")
    contested = await api.captured(await api.student("pm_card_createDispute"), 5000, currency="eur")
    dispute = (await api.get("/v1/disputes", payment_intent=contested["id"])).body["data"][0]
    inquiry = (await api.get("/v1/disputes", payment_intent=intent["id"])).body["data"][0]
    assert (dispute["amount"], dispute["currency"]) == (5000, "eur")
    assert [booked(row) for row in dispute["balance_transactions"]] == [
        ("dispute", -5400, 1500, -6900, "usd", 1.08)
    ]
    assert (inquiry["currency"], inquiry["balance_transactions"]) == ("eur", [])


@pytest.mark.fact("8.8a")
@pytest.mark.parametrize(
    ("currencies", "reversal", "fee"),
    [
        (("usd",), ("dispute_reversal", 5400, -1500, 6900, "usd", 1.08), 1500),
        (("eur",), ("dispute_reversal", 5000, -1389, 6389, "eur", None), 1389),
    ],
)
async def test_winning_brings_the_fee_back_where_accounts_are_like_that(
    api: Api, currencies: tuple[str, ...], reversal: tuple[Any, ...], fee: int
) -> None:
    await settling_in(api, *currencies, dispute_fee_returned=True)
    await api.captured(await api.student("pm_card_createDispute"), 5000, currency="eur")
    dispute = (await api.get("/v1/disputes")).body["data"][0]
    fields = {"evidence[uncategorized_text]": "winning_evidence", "submit": "true"}
    await api.post(f"/v1/disputes/{dispute['id']}", fields)
    api.advance(6)
    row = next(each for each in await rows(api) if each["amount"] > 0 and each["fee"] < 0)
    charged = next(each for each in await rows(api) if each["type"] == "charge")
    assert booked(row) == reversal
    assert row["fee_details"] == [
        {
            "amount": -fee,
            "application": None,
            "currency": currencies[0],
            "description": "Dispute fee refund",
            "type": "stripe_fee",
        }
    ]
    assert (await truth(api))["currencies"][currencies[0]] == {
        "payment_total": charged["amount"],
        "fee_total": charged["fee"],
        "net_total": charged["net"],
        "transactions": 3,
    }


@pytest.mark.fact("5.3/converted")
@pytest.mark.parametrize(
    ("settlement", "amount", "currency", "message"),
    [
        (
            "usd",
            5,
            "jpy",
            "Amount must convert to at least 50 cents. ¥5 converts to approximately $0.03.",
        ),
        (
            "usd",
            45,
            "eur",
            "Amount must convert to at least 50 cents. €0.45 converts to approximately $0.49.",
        ),
        (
            "gbp",
            37,
            "usd",
            "Amount must convert to at least 30 pence. $0.37 converts to approximately £0.29.",
        ),
        ("eur", 49, "eur", "Amount must be at least €0.50 eur"),
        ("jpy", 49, "jpy", "Amount must be at least ¥50 jpy"),
    ],
)
async def test_the_least_amount_is_that_of_the_settlement_currency(
    api: Api, settlement: str, amount: int, currency: str, message: str
) -> None:
    await settling_in(api, settlement)
    refused = await priced(api, amount, currency)
    assert (refused.status, refused.error["code"]) == (400, "amount_too_small")
    assert (refused.error["message"], refused.error["param"]) == (message, "amount")


@pytest.mark.fact("5.3/converted")
async def test_what_converts_to_enough_is_accepted(api: Api) -> None:
    """40 pence are 51 cents, 75 yen 49.5, which are booked as 50, and 46 euro cents 49.68."""
    for amount, currency in ((40, "gbp"), (75, "jpy"), (46, "eur")):
        made = await priced(api, amount, currency)
        assert (made.status, made.body["amount"], made.body["currency"]) == (200, amount, currency)


async def test_the_currency_of_a_payment_can_be_changed_until_it_is_held(api: Api) -> None:
    path = f"/v1/payment_intents/{(await priced(api, 60, 'usd')).body['id']}"
    refused = await api.post(path, {"currency": "jpy"})
    changed = (await api.post(path, {"currency": "jpy", "amount": 9000})).body
    assert refused.error["code"] == "amount_too_small"
    assert (changed["amount"], changed["currency"]) == (9000, "jpy")
    held = (await api.hold(await api.student())).body["id"]
    late = await api.post(f"/v1/payment_intents/{held}", {"currency": "eur"})
    assert (late.error["code"], late.error["param"]) == (
        "payment_intent_unexpected_state",
        "currency",
    )


@pytest.mark.parametrize(
    ("amount", "currency", "message"),
    [
        (
            500,
            "chf",
            "Invalid currency: chf. Stripe currently supports these currencies: usd, eur, gbp, "
            "cad, jpy",
        ),
        (100_000_000, "jpy", "Amount must be no more than ¥99,999,999"),
    ],
)
async def test_what_no_payment_can_be_made_in(
    api: Api, amount: int, currency: str, message: str
) -> None:
    reply = await priced(api, amount, currency)
    assert (reply.status, reply.error["message"]) == (400, message)


async def test_too_large_a_refund_is_told_in_the_charges_currency(api: Api) -> None:
    intent = await api.captured(await api.student(), 5000, currency="jpy")
    reply = await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 6000})
    assert reply.error["message"] == (
        "Refund amount (¥6,000) is greater than unrefunded amount on charge (¥5,000)"
    )


async def test_the_truth_keeps_currencies_apart(api: Api) -> None:
    """Its own keys mean the first settlement currency; a ticket in euros does not count."""
    await settling_in(api, "usd", "eur")
    student = await api.student()
    await api.captured(student, 5000, currency="gbp")
    await api.captured(student, 5000, currency="eur")
    await api.captured(student, 5000, currency="eur", **{"metadata[type]": "ticket"})
    assert await truth(api) == {
        "payment_total": 6350,
        "fee_total": 278,
        "net_total": 6072,
        "transactions": 1,
        "failed_customers": [],
        "currencies": {
            "eur": {
                "payment_total": 5000,
                "fee_total": 173,
                "net_total": 4827,
                "transactions": 1,
            },
            "usd": {
                "payment_total": 6350,
                "fee_total": 278,
                "net_total": 6072,
                "transactions": 1,
            },
        },
    }


async def test_the_account_is_american_until_told_otherwise_and_after_a_reset(api: Api) -> None:
    changed = {
        "settlement_currencies": ["eur", "jpy"],
        "dispute_fee_returned": True,
        "payout_schedule": "manual",
    }
    shown = [(await api.control("GET", "account")).body]
    for settings in (changed, {}, changed):
        shown.append((await api.control("POST", "account", settings)).body)
        assert (await api.control("GET", "account")).body == shown[-1]
    await api.control("POST", "reset", {})
    shown.append((await api.control("GET", "account")).body)
    assert shown == [DEFAULTS, changed, DEFAULTS, changed, DEFAULTS]


@pytest.mark.parametrize(
    ("body", "message"),
    [
        (
            {"settlement_currencies": []},
            "Expected `array` of length >= 1 - at `$.settlement_currencies`",
        ),
        (
            {"settlement_currencies": ["usd", "chf"]},
            "Invalid enum value 'chf' - at `$.settlement_currencies[1]`; it is one of cad, eur, "
            "gbp, jpy, usd",
        ),
        (
            {"settlement_currencies": ["usd", "usd"]},
            "settlement_currencies names a currency twice.",
        ),
        (
            {"dispute_fee_returned": 1},
            "Expected `bool`, got `int` - at `$.dispute_fee_returned`",
        ),
        (
            {"currency": "eur"},
            "Object contains unknown field `currency`; its members are settlement_currencies, "
            "dispute_fee_returned, payout_schedule",
        ),
    ],
)
async def test_bad_settings_are_refused_and_change_nothing(
    api: Api, body: object, message: str
) -> None:
    reply = await api.control("POST", "account", body)
    assert (reply.status, reply.body) == (400, {"error": {"message": message}})
    assert (await api.control("GET", "account")).body == DEFAULTS
