"""The controls under ``/_sandbox/`` and the page that names them."""

import aiohttp
import pytest

from tests.integration.sandbox.api import Api


async def test_a_reset_forgets_everything(api: Api) -> None:
    await api.student()
    reset = await api.control("POST", "reset", {})
    customers = (await api.get("/v1/customers")).body["data"]
    requests = (await api.control("GET", "requests")).body
    assert (reset.status, customers) == (200, [])
    assert requests == {
        "calls": {"GET /v1/customers": 1},
        "statuses": {"200": 1},
        "faults": {},
        "peak_in_flight": 1,
        "peak_per_second": 1,
    }


@pytest.mark.parametrize("body", [None, {}])
async def test_a_reset_needs_no_body(api: Api, body: object) -> None:
    for control in ("reset", "requests/reset"):
        reply = await api.control("POST", control, body)
        assert (reply.status, reply.body) == (200, {"reset": True})


async def test_a_refused_reset_changes_nothing(api: Api) -> None:
    await api.student()
    for control in ("reset", "requests/reset"):
        await api.control("POST", control, {"all": True})
    assert len((await api.get("/v1/customers")).body["data"]) == 1
    assert (await api.control("GET", "requests")).body["calls"]["POST /v1/customers"] == 1


async def test_calls_are_counted_by_pattern(api: Api) -> None:
    await api.get("/v1/customers/cus_x")
    await api.get("/v1/customers/cus_y")
    await api.post("/v1/customers")
    counted = (await api.control("GET", "requests")).body
    assert counted["calls"] == {"GET /v1/customers/{id}": 2, "POST /v1/customers": 1}
    assert counted["statuses"] == {"404": 2, "200": 1}


async def test_a_history_is_added(api: Api) -> None:
    body = {"students": 40, "payments": 120, "days": 30, "seed": 7, "shape": "even"}
    reply = await api.control("POST", "history", body)
    assert reply.status == 200
    assert (reply.body["customers"], reply.body["payment_intents"]) == (40, 120)


@pytest.mark.parametrize(
    ("path", "body"),
    [
        ("history", {"students": -1}),
        ("history", {"students": 0, "payments": 5}),
        ("history", {"students": "many"}),
        ("history", {"shape": "round"}),
        ("history", {"unheard_of": 1}),
        ("challenges/seti_x", {"client_secret": "x", "outcome": "perhaps"}),
        ("challenges/seti_x", {"client_secret": "x", "outcome": "fail"}),
    ],
)
async def test_a_bad_call_is_told_why(api: Api, path: str, body: object) -> None:
    reply = await api.control("POST", path, body)
    assert reply.status == 400
    assert len(reply.body["error"]["message"]) > 20


@pytest.mark.parametrize(
    ("path", "body", "message"),
    [
        (
            "faults",
            {"rules": [{"kind": "429"}, {"kind": "418"}]},
            "Invalid enum value '418' - at `$.rules[1].kind`; it is one of 429, lock_timeout, 409, "
            "500, 502, timeout_before, timeout_after, reset_before, reset_after, truncate, "
            "slow_body",
        ),
        (
            "faults",
            {"rules": [{"kind": "409", "method": "PUT"}]},
            "Invalid enum value 'PUT' - at `$.rules[0].method`; it is one of DELETE, GET, POST",
        ),
        (
            "faults",
            {"rules": [{"kind": "409", "method": 1}]},
            "Expected `str | null`, got `int` - at `$.rules[0].method`; it is one of DELETE, GET, "
            "POST",
        ),
        (
            "faults",
            [],
            "Expected `object`, got `array`; its members are rules, seed",
        ),
        ("webhooks", {"retry_after": [-1]}, "Expected `float` >= 0.0 - at `$.retry_after[0]`"),
        (
            "faults",
            {"rules": [{}]},
            "Object missing required field `kind` - at `$.rules[0]`; its members are kind, share, "
            "method, path, times",
        ),
        (
            "faults",
            {"rules": [{"kind": "409", "path": "/v2/customers"}]},
            "No endpoint has the path /v2/customers, so the rule cannot strike. Paths look like "
            "/v1/customers/{id}, /v1/customers/cus_1 or /v1/customers*.",
        ),
        (
            "history",
            {"shape": "round"},
            "Invalid enum value 'round' - at `$.shape`; it is one of even, growing, one-hour, "
            "one-second",
        ),
        (
            "limits",
            {"per_second": 25},
            "Object contains unknown field `per_second`; its members are per_endpoint, total, "
            "concurrency, endpoint_concurrency, per_resource_hour, mode",
        ),
        (
            "latency",
            {"profile": "slow"},
            "Invalid enum value 'slow' - at `$.profile`; it is one of none, realistic",
        ),
        ("clock", {"advance_seconds": -1}, "Expected `int` >= 0 - at `$.advance_seconds`"),
        ("reset", {"all": True}, "Object contains unknown field `all`; it has no members"),
        ("reset", [], "Expected `object`, got `array`; it has no members"),
        (
            "requests/reset",
            {"calls": 0},
            "Object contains unknown field `calls`; it has no members",
        ),
        ("requests/reset", "now", "Expected `object`, got `str`; it has no members"),
        (
            "limits",
            None,
            "The body is empty instead of JSON; its members are per_endpoint, total, concurrency, "
            "endpoint_concurrency, per_resource_hour, mode",
        ),
        (
            "clock",
            None,
            "The body is empty instead of JSON; its members are advance_seconds",
        ),
        ("latency", None, "The body is empty instead of JSON"),
    ],
)
async def test_a_bad_call_is_told_what_it_could_have_been(
    api: Api, path: str, body: object, message: str
) -> None:
    reply = await api.control("POST", path, body)
    assert (reply.status, reply.body) == (400, {"error": {"message": message}})


async def test_a_body_that_is_not_json(url: str) -> None:
    path = "/_sandbox/history"
    async with aiohttp.ClientSession(url) as session, session.post(path, data=b"{") as response:
        assert response.status == 400


async def test_an_unknown_control(api: Api) -> None:
    reply = await api.control("GET", "nope")
    assert (reply.status, reply.body["error"]["message"]) == (
        404,
        "There is no control GET /_sandbox/nope.",
    )


async def test_the_truth_follows_every_movement(api: Api) -> None:
    """A lesson captured, refunded, contested and won; a ticket that does not count."""
    now = api.service.clock.now()
    intent = await api.captured(await api.student(), 6500)
    await api.post("/v1/refunds", {"payment_intent": intent["id"], "amount": 1500})
    contested = await api.captured(await api.student("pm_card_createDispute"), 2000)
    await api.captured(await api.student(), 9900, **{"metadata[type]": "ticket"})
    dispute = (await api.get("/v1/disputes")).body["data"][0]["id"]
    fields = {"evidence[uncategorized_text]": "winning_evidence", "submit": "true"}
    await api.post(f"/v1/disputes/{dispute}", fields)
    api.advance(10)
    truth = (await api.control("GET", f"truth?from={now - 1}&to={now + 60}")).body
    assert contested["status"] == "succeeded"
    dollars = {
        "payment_total": 8500,
        "fee_total": 219 + 1500 + 88 + 2000 + 1500 - 2000,
        "net_total": 8500 - 3307,
        "transactions": 5,
    }
    assert truth == {**dollars, "failed_customers": [], "currencies": {"usd": dollars}}


async def test_the_truth_names_students_whose_failing_card_is_still_on_file(api: Api) -> None:
    failing = await api.student("pm_card_chargeCustomerFail")
    recovered = await api.student("pm_card_chargeCustomerFail")
    replaced = await api.student("pm_card_chargeCustomerFail")
    gone = await api.student("pm_card_chargeCustomerFail")
    for student in (failing, recovered, replaced, gone):
        await api.hold(student)
    paid = await api.post("/v1/payment_methods/pm_card_visa/attach", {"customer": recovered.id})
    await api.hold(recovered._replace(card=paid.body["id"]))
    await api.post("/v1/payment_methods/pm_card_visa/attach", {"customer": replaced.id})
    await api.post(f"/v1/payment_methods/{replaced.card}/detach")
    await api.delete(f"/v1/customers/{gone.id}")
    now = api.service.clock.now()
    truth = (await api.control("GET", f"truth?from={now - 60}&to={now}")).body
    earlier = (await api.control("GET", f"truth?from={now - 600}&to={now - 300}")).body
    assert truth["failed_customers"] == [failing.id]
    assert earlier["failed_customers"] == []


@pytest.mark.parametrize(
    ("query", "message"),
    [
        ("", "Give the window as from= and to= in unix seconds."),
        ("from=yesterday", "Give the window as from= and to= in unix seconds."),
        ("from=5&to=3", "The window ends before it begins: from= must not be after to=."),
    ],
)
async def test_the_truth_needs_a_window(api: Api, query: str, message: str) -> None:
    reply = await api.control("GET", f"truth?{query}")
    assert (reply.status, reply.body) == (400, {"error": {"message": message}})


async def test_the_page_at_the_root_names_the_controls(url: str) -> None:
    async with aiohttp.ClientSession(url) as session:
        text = await (await session.get("/")).text()
    for control in ("reset", "history", "truth", "requests"):
        assert f"/_sandbox/{control}" in text
    assert "<code>timeout_before</code>, <code>timeout_after</code>" in text


async def test_files_of_the_stripe_js_double_are_served_fresh(url: str) -> None:
    async with (
        aiohttp.ClientSession(url) as session,
        session.get("/js/stripe.js") as script,
        session.get("/js/..%2Fapp.py") as outside,
    ):
        assert (script.status, script.headers["Cache-Control"]) == (200, "no-cache")
        assert script.content_type == "text/javascript"
        assert outside.status == 404
