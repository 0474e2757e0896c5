"""The sandbox reads the shop's settings file; a few values of the environment win over it."""

from pathlib import Path

import pytest

from sandbox.service import Webhook
from sandbox.settings import PROJECT, Settings, load


def test_without_a_file_there_is_no_webhook(tmp_path: Path) -> None:
    assert load(tmp_path / ".env", {}) == Settings(port=4243, webhook=None)


def test_the_file_says_where(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("STRIPE_WEBHOOK_SECRET=whsec_a\nPORT=5\nSANDBOX_PORT=6\n")
    assert load(file, {}) == Settings(6, Webhook("http://localhost:5/webhook", "whsec_a"))


def test_while_the_shop_holds_two_secrets_the_first_signs(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("STRIPE_WEBHOOK_SECRET=whsec_new, whsec_old\n")
    assert load(file, {}).webhook == Webhook("http://localhost:4242/webhook", "whsec_new")


def test_the_environment_wins_for_places_and_never_for_keys(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("STRIPE_WEBHOOK_SECRET=whsec_a\nPORT=5\nSANDBOX_PORT=6\n")
    environment = {"PORT": "7", "SANDBOX_PORT": "8", "STRIPE_WEBHOOK_SECRET": "whsec_b"}
    assert load(file, environment) == Settings(8, Webhook("http://localhost:7/webhook", "whsec_a"))


def test_sandbox_and_shop_may_be_two_hosts(tmp_path: Path) -> None:
    """As two containers are."""
    places = {"SANDBOX_HOST": "sandbox", "SANDBOX_WEBHOOK_URL": "http://web:4242/webhook"}
    file = tmp_path / ".env"
    file.write_text("STRIPE_WEBHOOK_SECRET=whsec_a\n")
    found = load(file, places)
    webhook = Webhook("http://web:4242/webhook", "whsec_a")
    assert found == Settings(4243, webhook, host="sandbox")


@pytest.mark.parametrize(
    ("value", "keep"), [("1", True), ("yes", True), ("True", True), ("", False), ("no", False)]
)
def test_the_account_is_kept_under_var_dir_if_asked(tmp_path: Path, value: str, keep: bool) -> None:
    found = load(tmp_path / ".env", {"SANDBOX_KEEP": value, "VAR_DIR": "/elsewhere"})
    assert (found.keep, found.snapshot) == (keep, Path("/elsewhere/sandbox/account.snapshot"))


def test_var_dir_is_relative_to_the_project(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("VAR_DIR=var/second\nSANDBOX_KEEP=1\n")
    found = load(file, {})
    place = PROJECT / "var" / "second" / "sandbox" / "account.snapshot"
    assert (found.keep, found.snapshot) == (True, place)
