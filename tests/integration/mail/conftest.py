"""A Redis and settings of their own for the tests of the postbox."""

import itertools
from collections.abc import AsyncIterator, Callable, Iterator
from dataclasses import replace
from pathlib import Path

import pytest

from script.starter.redis_server import own_redis
from shop.settings import Settings, load
from shop.storage import Storage, open_storage

KEYS = """
STRIPE_PUBLISHABLE_KEY=pk_test_sandbox
STRIPE_SECRET_KEY=sk_test_sandbox
"""

_other_accounts = itertools.count()

WithMail = Callable[[str], Settings]


@pytest.fixture(scope="module")
def with_redis(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Settings]:
    """Settings whose Redis runs."""
    folder = tmp_path_factory.mktemp("mail")
    (folder / ".env").write_text(KEYS)
    settings = load(folder / ".env", {"VAR_DIR": str(folder)})
    with own_redis(settings):
        yield settings


@pytest.fixture
def with_mail(with_redis: Settings, tmp_path: Path) -> WithMail:
    """Makes the settings of a new account with this SMTP_URL and a VAR_DIR of the test's own."""
    account = f"sk_test_sandbox_mail_{next(_other_accounts)}"

    def settings(smtp_url: str) -> Settings:
        (tmp_path / ".env").write_text(f"{KEYS}SMTP_URL={smtp_url}\n")
        return replace(
            load(tmp_path / ".env", {"VAR_DIR": str(tmp_path / "var")}),
            secret_key=account,
            redis_url=with_redis.redis_url,
        )

    return settings


@pytest.fixture
async def storage(with_mail: WithMail) -> AsyncIterator[Storage]:
    async with open_storage(with_mail("")) as opened:
        yield opened
