"""What the sandbox reads at start: the product's own settings file, and a few overrides."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from sandbox.service import Webhook

PROJECT = Path(__file__).parent.parent
ENV_FILE = PROJECT / "code" / "server" / ".env"
OVERRIDABLE = (
    "PORT",
    "SANDBOX_HOST",
    "SANDBOX_PORT",
    "SANDBOX_KEEP",
    "SANDBOX_WEBHOOK_URL",
    "VAR_DIR",
)
"""May be given in the environment and then win over the file; keys may not."""

YES = ("1", "true", "yes")


@dataclass(frozen=True)
class Settings:
    """Where to listen, where to deliver events, and whether and where to keep the account."""

    port: int
    webhook: Webhook | None
    host: str = "127.0.0.1"
    keep: bool = False
    snapshot: Path = PROJECT / "var" / "sandbox" / "account.snapshot"


def load(env_file: Path, environment: Mapping[str, str]) -> Settings:
    """Settings of ``env_file`` (which may be absent), overridden by ``environment``."""
    values = dict(dotenv_values(env_file))
    values.update({name: environment[name] for name in OVERRIDABLE if environment.get(name)})
    secret = (values.get("STRIPE_WEBHOOK_SECRET") or "").partition(",")[0].strip()
    shop = f"http://localhost:{values.get('PORT') or 4242}"
    url = values.get("SANDBOX_WEBHOOK_URL") or f"{shop}/webhook"
    return Settings(
        port=int(values.get("SANDBOX_PORT") or 4243),
        webhook=Webhook(url, secret) if secret else None,
        host=values.get("SANDBOX_HOST") or "127.0.0.1",
        keep=(values.get("SANDBOX_KEEP") or "").lower() in YES,
        snapshot=PROJECT / (values.get("VAR_DIR") or "var") / "sandbox" / "account.snapshot",
    )
