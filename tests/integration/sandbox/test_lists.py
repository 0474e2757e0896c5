"""Lists: pages, cursors and filters."""

import pytest

from tests.integration.sandbox.api import Api

FILTERS = {
    "/v1/customers": {"created", "email", "test_clock"},
    "/v1/payment_methods": {"customer", "customer_account", "type", "allow_redisplay"},
    "/v1/setup_intents": {
        "customer",
        "customer_account",
        "payment_method",
        "created",
        "attach_to_self",
    },
    "/v1/payment_intents": {"customer", "customer_account", "created"},
    "/v1/charges": {"customer", "payment_intent", "created", "transfer_group"},
    "/v1/refunds": {"charge", "payment_intent", "created"},
    "/v1/disputes": {"charge", "payment_intent", "created"},
    "/v1/balance_transactions": {"type", "source", "currency", "payout", "created"},
    "/v1/payouts": {"arrival_date", "created", "destination", "status"},
    "/v1/radar/early_fraud_warnings": {"charge", "payment_intent", "created"},
    "/v1/events": {"type", "types[]", "created", "delivery_success"},
    "/v1/webhook_endpoints": set(),
}
"""What each list can be narrowed by."""

VALUES = {
    "arrival_date": 1,
    "created": 1,
    "attach_to_self": "true",
    "delivery_success": "true",
    "allow_redisplay": "always",
}
"""Values that a filter's type allows; text serves the others."""

SET_UP = {"confirm": "true", "allowed_payment_method_types[]": "card"}


@pytest.fixture
async def customers(api: Api) -> list[str]:
    """Twelve customers, newest first; most of them made in the same second."""
    return [(await api.post("/v1/customers")).body["id"] for _ in range(12)][::-1]


async def ids(api: Api, **params: object) -> list[str]:
    """The ids of a page."""
    return [row["id"] for row in (await api.get("/v1/customers", **params)).body["data"]]


@pytest.mark.fact("1.1", "1.9")
async def test_ten_are_shown_the_newest_first_and_the_later_of_one_second_before_the_earlier(
    api: Api, customers: list[str]
) -> None:
    page = (await api.get("/v1/customers")).body
    assert [row["id"] for row in page["data"]] == customers[:10]
    assert page["has_more"] is True


@pytest.mark.fact("1.2", "1.2a")
async def test_every_list_comes_in_an_envelope_of_four_members(api: Api) -> None:
    student = await api.student()
    charge = (await api.captured(student))["latest_charge"]
    nested = (f"/v1/customers/{student.id}/payment_methods", f"/v1/charges/{charge}/refunds")
    for path in (*FILTERS, *nested):
        page = (await api.get(path, limit=3)).body
        assert isinstance(page.pop("data"), list)
        assert page == {"object": "list", "has_more": page["has_more"], "url": path}


@pytest.mark.fact("1.1", "1.3")
async def test_a_limit_out_of_range_is_clamped(api: Api) -> None:
    customers = [(await api.post("/v1/customers")).body["id"] for _ in range(102)][::-1]
    for limit, shown in ((-1, 1), (0, 1), (5, 5), (100, 100), (101, 100), (200, 100)):
        page = (await api.get("/v1/customers", limit=limit)).body
        assert [row["id"] for row in page["data"]] == customers[:shown]
        assert page["has_more"] is True


@pytest.mark.parametrize("path", FILTERS)
@pytest.mark.fact("1.4")
async def test_a_limit_that_is_no_number_is_refused(api: Api, path: str) -> None:
    reply = await api.get(path, limit="abc")
    assert (reply.status, reply.error) == (
        400,
        {
            "code": "parameter_invalid_integer",
            "doc_url": "https://stripe.com/docs/error-codes/parameter-invalid-integer",
            "message": "Invalid integer: abc",
            "param": "limit",
            "type": "invalid_request_error",
        },
    )


@pytest.mark.fact("1.1")
async def test_walking_forward_sees_each_once(api: Api, customers: list[str]) -> None:
    seen: list[str] = []
    more = True
    while more:
        after = {"starting_after": seen[-1]} if seen else {}
        page = (await api.get("/v1/customers", limit=5, **after)).body
        seen += [row["id"] for row in page["data"]]
        more = page["has_more"]
    assert seen == customers


@pytest.mark.fact("1.1", "1.10")
async def test_walking_back_gives_the_nearest_newest_first(api: Api, customers: list[str]) -> None:
    page = (await api.get("/v1/customers", limit=3, ending_before=customers[6])).body
    assert [row["id"] for row in page["data"]] == customers[3:6]
    assert page["has_more"] is True
    page = (await api.get("/v1/customers", limit=3, ending_before=customers[2])).body
    assert [row["id"] for row in page["data"]] == customers[:2]
    assert page["has_more"] is False


@pytest.mark.parametrize("cursor", ["starting_after", "ending_before"])
@pytest.mark.fact("1.5", "5.1/cursor")
async def test_an_unknown_cursor_is_a_bad_request(api: Api, cursor: str) -> None:
    reply = await api.get("/v1/customers", **{cursor: "cus_aaa"})
    assert (reply.status, reply.error) == (
        400,
        {
            "code": "resource_missing",
            "doc_url": "https://stripe.com/docs/error-codes/resource-missing",
            "message": "No such customer: 'cus_aaa'",
            "param": cursor,
            "type": "invalid_request_error",
        },
    )


@pytest.mark.fact("1.6")
async def test_both_cursors_are_one_too_many_if_they_exist(api: Api, customers: list[str]) -> None:
    both = {"starting_after": customers[0], "ending_before": customers[1]}
    reply = await api.get("/v1/customers", **both)
    assert reply.error == {
        "message": "Received both starting_after and ending_before parameters. Please pass in "
        "only one.",
        "type": "invalid_request_error",
    }
    unknown = await api.get("/v1/customers", **{**both, "ending_before": "cus_aaa"})
    assert unknown.error["param"] == "ending_before"


@pytest.mark.fact("1.7", "1.17")
async def test_a_deleted_cursor_keeps_its_place(api: Api, customers: list[str]) -> None:
    await api.delete(f"/v1/customers/{customers[4]}")
    assert await ids(api, limit=3, starting_after=customers[4]) == customers[5:8]
    assert await ids(api, limit=3, ending_before=customers[4]) == customers[1:4]
    assert customers[4] not in await ids(api, limit=100)


@pytest.mark.fact("1.17")
async def test_new_rows_do_not_disturb_a_walk(api: Api, customers: list[str]) -> None:
    first = await ids(api, limit=6)
    await api.post("/v1/customers")
    rest = await ids(api, limit=100, starting_after=first[-1])
    assert first + rest == customers


@pytest.mark.fact("1.8", "5.2/unknown")
async def test_an_unknown_parameter_is_refused_by_its_full_name(api: Api) -> None:
    made = (await api.post("/v1/customers")).body["id"]
    flat = await api.get("/v1/payment_intents", status="succeeded")
    nested = await api.post(f"/v1/customers/{made}", {"invoice_settings[nope]": "x"})
    for reply, name in ((flat, "status"), (nested, "invoice_settings[nope]")):
        assert (reply.status, reply.error) == (
            400,
            {
                "code": "parameter_unknown",
                "doc_url": "https://stripe.com/docs/error-codes/parameter-unknown",
                "message": f"Received unknown parameter: {name}",
                "param": name,
                "type": "invalid_request_error",
            },
        )


@pytest.mark.parametrize("path", FILTERS)
@pytest.mark.fact("1.12")
async def test_each_list_has_its_own_filters_and_no_others(api: Api, path: str) -> None:
    known = set()
    for name in set().union(*FILTERS.values(), {"status", "q"}):
        reply = await api.get(path, **{name: VALUES.get(name, "x")})
        if reply.status == 200 or reply.error.get("code") != "parameter_unknown":
            known.add(name)
    assert known == FILTERS[path]


@pytest.mark.fact("1.12")
async def test_the_cards_of_one_customer_can_be_narrowed_by_two_filters(api: Api) -> None:
    student = await api.student()
    path = f"/v1/customers/{student.id}/payment_methods"
    cards = await api.get(path, type="card", allow_redisplay="unspecified")
    banks = await api.get(path, type="us_bank_account")
    hidden = await api.get(path, allow_redisplay="always")
    assert [row["id"] for row in cards.body["data"]] == [student.card]
    assert (banks.body["data"], hidden.body["data"]) == ([], [])
    refused = await api.get(path, customer=student.id)
    assert refused.error["code"] == "parameter_unknown"


@pytest.mark.fact("1.12")
async def test_a_filter_by_card_finds_the_set_up_that_saved_it(api: Api) -> None:
    made = [
        (await api.post("/v1/setup_intents", {**SET_UP, "payment_method": card})).body
        for card in ("pm_card_visa", "pm_card_amex")
    ]
    listed = await api.get("/v1/setup_intents", payment_method=made[0]["payment_method"])
    assert [row["id"] for row in listed.body["data"]] == [made[0]["id"]]


@pytest.mark.parametrize(
    ("path", "filter"),
    [
        ("/v1/customers", {"test_clock": "clock_x"}),
        ("/v1/payment_methods", {"customer_account": "acct_x"}),
        ("/v1/payment_intents", {"customer_account": "acct_x"}),
        ("/v1/setup_intents", {"customer_account": "acct_x"}),
        ("/v1/setup_intents", {"attach_to_self": "true"}),
        ("/v1/charges", {"transfer_group": "x"}),
    ],
)
@pytest.mark.fact("1.12")
async def test_a_filter_for_what_nothing_here_has_leaves_nothing(
    api: Api, path: str, filter: dict[str, str]
) -> None:
    student = await api.student()
    await api.hold(student)
    await api.post("/v1/setup_intents", {**SET_UP, "payment_method": "pm_card_visa"})
    of = {"customer": student.id} if path == "/v1/payment_methods" else {}
    everything = (await api.get(path, **of)).body["data"]
    assert (len(everything) > 0, (await api.get(path, **filter)).body["data"]) == (True, [])


@pytest.mark.fact("1.12")
async def test_set_ups_that_are_not_the_accounts_own_are_all_there_are(api: Api) -> None:
    made = (await api.post("/v1/setup_intents")).body["id"]
    listed = (await api.get("/v1/setup_intents", attach_to_self="false")).body["data"]
    assert [row["id"] for row in listed] == [made]


@pytest.mark.fact("1.16")
async def test_a_list_is_consistent_at_once(api: Api) -> None:
    made = (await api.post("/v1/customers", {"email": "ada@example.com"})).body["id"]
    after_creation = await ids(api, email="ada@example.com")
    await api.delete(f"/v1/customers/{made}")
    after_deletion = await ids(api, email="ada@example.com")
    assert (after_creation, after_deletion) == ([made], [])


@pytest.mark.fact("1.11")
async def test_created_takes_a_second_or_a_range(api: Api) -> None:
    made = []
    for _ in range(4):
        made.append((await api.post("/v1/customers")).body)
        api.advance(100)
    moments = [customer["created"] for customer in made]
    names = [customer["id"] for customer in made]
    assert await ids(api, created=moments[1]) == [names[1]]
    between = {"created[gt]": moments[0], "created[lte]": moments[2]}
    assert await ids(api, **between) == [names[2], names[1]]
    between = {"created[gte]": moments[0], "created[lt]": moments[2]}
    assert await ids(api, **between) == [names[1], names[0]]
    assert await ids(api, **{**between, "starting_after": names[1]}) == [names[0]]


@pytest.mark.fact("1.12")
async def test_a_filter_by_customer_keeps_the_order(api: Api) -> None:
    student, other = await api.student(), await api.student()
    own = [(await api.hold(student)).body for _ in range(3)][::-1]
    await api.hold(other)
    for path, wanted in (
        ("/v1/payment_intents", [intent["id"] for intent in own]),
        ("/v1/charges", [intent["latest_charge"] for intent in own]),
    ):
        listed = await api.get(path, customer=student.id)
        assert [row["id"] for row in listed.body["data"]] == wanted
