"""What those who run the shop may ask of one with accounts."""

import json

from tests.integration.access.conftest import Shop
from tests.integration.copies import wait_until


async def test_health_is_for_everyone(guarded: Shop):
    """Orchestrators have no token."""
    async with guarded.visitor() as stranger:
        statuses = {path: (await stranger.get(path)).status for path in ("/healthz", "/readyz")}
    assert statuses == {"/healthz": 200, "/readyz": 200}


async def test_metrics_want_a_token_of_any_account(guarded: Shop):
    """One without a role is enough; without a token there is nothing, not even for a proxy."""
    async with guarded.visitor() as stranger, guarded.program("probe") as prometheus:
        refused = await stranger.get("/metrics")
        assert (refused.status, (await refused.json())["error"]["code"]) == (401, "sign_in_needed")
        read = await prometheus.get("/metrics")
        assert "ipsum_redis_up 1.0" in (await read.text()).splitlines()


async def test_the_log_says_which_account_asked(guarded: Shop):
    """By its name and the token's label; strangers have none."""
    async with guarded.visitor() as stranger, guarded.program("olga") as script:
        answers = [await stranger.get("/config"), await script.get("/reports")]
    ids = [answer.headers["X-Request-Id"] for answer in answers]

    def lines() -> dict[str, dict[str, str]]:
        found = map(json.loads, guarded.stack.log("web").splitlines())
        return {line["request_id"]: line for line in found if "request_id" in line}

    wait_until(lambda: lines().keys() >= set(ids))  # a line is written after its answer
    assert [lines()[request_id].get("who") for request_id in ids] == [None, "olga/tests"]
