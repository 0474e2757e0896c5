"""The sandbox reads the shop's settings file; a few values of the environment win over it."""

from pathlib import Path

from sandbox.service import Webhook
from sandbox.settings import Settings, load


def test_without_a_file_there_is_no_webhook(tmp_path: Path) -> None:
    assert load(tmp_path / ".env", {}) == Settings(port=4243, webhook=None)


def test_the_file_says_where(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("STRIPE_WEBHOOK_SECRET=whsec_a\nPORT=5\nSANDBOX_PORT=6\n")
    assert load(file, {}) == Settings(6, Webhook("http://localhost:5/webhook", "whsec_a"))


def test_the_environment_wins_for_places_and_never_for_keys(tmp_path: Path) -> None:
    file = tmp_path / ".env"
    file.write_text("STRIPE_WEBHOOK_SECRET=whsec_a\nPORT=5\nSANDBOX_PORT=6\n")
    environment = {"PORT": "7", "SANDBOX_PORT": "8", "STRIPE_WEBHOOK_SECRET": "whsec_b"}
    assert load(file, environment) == Settings(8, Webhook("http://localhost:7/webhook", "whsec_a"))
