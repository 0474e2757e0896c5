"""Stripe's events: only genuine ones, each once."""

import hashlib
import hmac
import json
import time

import pytest

from tests.integration.conftest import Caller
from tests.stack import Stack


def signed(body: bytes, secret: str, at: float | None = None) -> dict[str, str]:
    """The header Stripe would send (docs.stripe.com/webhooks#verify-manually)."""
    moment = int(time.time() if at is None else at)
    mac = hmac.new(secret.encode(), f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
    return {"Stripe-Signature": f"t={moment},v1={mac}", "Content-Type": "application/json"}


EVENT = json.dumps(
    {"id": "evt_test", "type": "customer.created", "data": {"object": {"id": "cus_x"}}}
).encode()


async def test_a_genuine_event_is_received(shop: Caller, stack: Stack):
    """Stripe need not send it again."""
    headers = signed(EVENT, stack.settings.webhook_secret)
    answer = await shop.raw("POST", "/webhook", data=EVENT, headers=headers)
    assert (answer.status, await answer.json()) == (200, {"received": True})


@pytest.mark.parametrize(
    "headers",
    [
        {},
        {"Stripe-Signature": ""},
        {"Stripe-Signature": "nonsense"},
        {"Stripe-Signature": "t=1,v1=ü"},
        {"Stripe-Signature": f"t={int(time.time())},v1=00"},
        signed(EVENT, "whsec_of_somebody_else"),
        signed(EVENT, "whsec_sandbox", at=time.time() - 301),
    ],
)
async def test_a_forged_or_old_event_changes_nothing(shop: Caller, headers: dict[str, str]):
    """Whoever finds the address cannot speak for Stripe."""
    answer = await shop.raw("POST", "/webhook", data=EVENT, headers=headers)
    assert (answer.status, (await answer.json())["error"]["code"]) == (400, "signature_invalid")


@pytest.mark.parametrize("body", [b"", b"{}", b"[]", b"{", b"\xff", b'{"id": "evt_1"}'])
async def test_a_body_that_is_no_event(shop: Caller, stack: Stack, body: bytes):
    """Even with a good signature."""
    answer = await shop.raw(
        "POST", "/webhook", data=body, headers=signed(body, stack.settings.webhook_secret)
    )
    assert answer.status == 400
