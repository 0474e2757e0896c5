"""Facts §1: pages, cursors and filters."""

import pytest

from tests.integration.sandbox.api import Api


@pytest.fixture
async def customers(api: Api) -> list[str]:
    """Twelve customers, newest first; most of them made in the same second."""
    return [(await api.post("/v1/customers")).body["id"] for _ in range(12)][::-1]


async def ids(api: Api, **params: object) -> list[str]:
    """The ids of a page."""
    return [row["id"] for row in (await api.get("/v1/customers", **params)).body["data"]]


async def test_ten_are_shown_newest_first_in_an_envelope_of_four(
    api: Api, customers: list[str]
) -> None:
    """Facts §1.1, §1.2 and §1.9 (ties: the later one first)."""
    page = (await api.get("/v1/customers")).body
    assert [row["id"] for row in page.pop("data")] == customers[:10]
    assert page == {"object": "list", "has_more": True, "url": "/v1/customers"}


@pytest.mark.parametrize(("limit", "shown"), [(0, 1), (-1, 1), (5, 5), (101, 12), (200, 12)])
async def test_a_limit_out_of_range_is_clamped(
    api: Api, customers: list[str], limit: int, shown: int
) -> None:
    """Facts §1.3."""
    assert await ids(api, limit=limit) == customers[:shown]


async def test_a_limit_that_is_no_number_is_refused(api: Api) -> None:
    """Facts §1.4."""
    reply = await api.get("/v1/customers", limit="abc")
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


async def test_walking_forward_sees_each_once(api: Api, customers: list[str]) -> None:
    seen: list[str] = []
    more = True
    while more:
        after = {"starting_after": seen[-1]} if seen else {}
        page = (await api.get("/v1/customers", limit=5, **after)).body
        seen += [row["id"] for row in page["data"]]
        more = page["has_more"]
    assert seen == customers


async def test_walking_back_gives_the_nearest_newest_first(api: Api, customers: list[str]) -> None:
    """Facts §1.10."""
    page = (await api.get("/v1/customers", limit=3, ending_before=customers[6])).body
    assert [row["id"] for row in page["data"]] == customers[3:6]
    assert page["has_more"] is True
    page = (await api.get("/v1/customers", limit=3, ending_before=customers[2])).body
    assert [row["id"] for row in page["data"]] == customers[:2]
    assert page["has_more"] is False


async def test_an_unknown_cursor_is_a_bad_request(api: Api) -> None:
    """Facts §1.5."""
    reply = await api.get("/v1/customers", starting_after="cus_aaa")
    assert (reply.status, reply.error["message"], reply.error["param"]) == (
        400,
        "No such customer: 'cus_aaa'",
        "starting_after",
    )


async def test_both_cursors_are_one_too_many(api: Api, customers: list[str]) -> None:
    """Facts §1.6: existence is checked first."""
    both = {"starting_after": customers[0], "ending_before": customers[1]}
    reply = await api.get("/v1/customers", **both)
    assert reply.error == {
        "message": "Received both starting_after and ending_before parameters. Please pass in "
        "only one.",
        "type": "invalid_request_error",
    }
    unknown = await api.get("/v1/customers", **{**both, "ending_before": "cus_aaa"})
    assert unknown.error["param"] == "ending_before"


async def test_a_deleted_cursor_keeps_its_place(api: Api, customers: list[str]) -> None:
    """Facts §1.7 and §1.17."""
    await api.delete(f"/v1/customers/{customers[4]}")
    assert await ids(api, limit=3, starting_after=customers[4]) == customers[5:8]
    assert await ids(api, limit=3, ending_before=customers[4]) == customers[1:4]
    assert customers[4] not in await ids(api, limit=100)


async def test_new_rows_do_not_disturb_a_walk(api: Api, customers: list[str]) -> None:
    """Facts §1.17."""
    first = await ids(api, limit=6)
    await api.post("/v1/customers")
    rest = await ids(api, limit=100, starting_after=first[-1])
    assert first + rest == customers


async def test_an_unknown_parameter_is_refused_by_its_full_name(api: Api) -> None:
    """Facts §1.8 and §1.12: PaymentIntents have no status filter."""
    flat = await api.get("/v1/payment_intents", status="succeeded")
    made = (await api.post("/v1/customers")).body["id"]
    nested = await api.post(f"/v1/customers/{made}", {"invoice_settings[nope]": "x"})
    assert (flat.status, flat.error["code"], flat.error["message"]) == (
        400,
        "parameter_unknown",
        "Received unknown parameter: status",
    )
    assert nested.error["param"] == "invoice_settings[nope]"


async def test_created_takes_a_second_or_a_range(api: Api) -> None:
    """Facts §1.11."""
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
