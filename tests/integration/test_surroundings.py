"""When what the shop stands on is away or is another's: said quickly, and nothing mixed up."""

import dataclasses
from pathlib import Path

import aiohttp
import pytest

from shop.errors import StripeKeyRefused
from shop.settings import load
from shop.storage import namespace, open_storage
from shop.stripe_gateway import open_gateway
from tests.integration.conftest import Caller
from tests.integration.promptness import promptly
from tests.stack import Stack, free_port


async def test_without_redis_pages_work_and_writes_say_so(stack: Stack, tmp_path: Path):
    """A write that needs a lock does nothing and answers within two seconds."""
    environment = {
        **stack.environment,
        "PORT": str(free_port()),
        "VAR_DIR": str(tmp_path),
        "REDIS_URL": f"unix://{tmp_path}/nobody.sock",
    }
    alone = Stack(load(environment=environment), environment)
    alone.start("web")
    try:
        async with aiohttp.ClientSession(alone.url) as session:
            shop = Caller(session)
            assert (await shop.get("/config"))[0] == 200
            assert (await shop.raw("GET", "/")).status == 200
            asked = {"name": "A", "email": "a@example.com", "first_lesson": "x"}
            status, answer = await promptly(shop.post, "/lessons", asked, within=2)
            assert (status, answer["error"]["code"]) == (503, "unavailable")
    finally:
        alone.stop()


async def test_a_key_that_stripe_refuses_is_our_fault(stack: Stack):
    """The caller learns that the shop's key is wrong, never which key."""
    wrong = dataclasses.replace(stack.settings, secret_key="sk_of_nobody")
    async with open_storage(wrong) as storage, open_gateway(wrong, storage) as gateway:
        with pytest.raises(StripeKeyRefused, match=r"^Stripe does not accept the shop's key\.$"):
            await gateway.students.get("cus_x")


def test_another_accounts_keys_see_nothing_of_this_one(stack: Stack):
    """Everything in Redis is kept apart by the key, which cannot be read back."""
    other = dataclasses.replace(stack.settings, secret_key="sk_test_sandbox_other")
    assert namespace(other) != namespace(stack.settings)
    assert "sk_test" not in namespace(other)
