"""What the sandbox reads at start: the product's own settings file, and a few overrides."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from dotenv import dotenv_values

from sandbox.service import Webhook

ENV_FILE = Path(__file__).parent.parent / "code" / "server" / ".env"
OVERRIDABLE = ("HOST", "PORT", "SANDBOX_PORT", "VAR_DIR")
"""May be given in the environment and then win over the file; keys may not."""


@dataclass(frozen=True)
class Settings:
    """Where to listen, and where to deliver events."""

    port: int
    webhook: Webhook | None


def load(env_file: Path, environment: Mapping[str, str]) -> Settings:
    """Settings of ``env_file`` (which may be absent), overridden by ``environment``."""
    values = dict(dotenv_values(env_file))
    values.update({name: environment[name] for name in OVERRIDABLE if environment.get(name)})
    secret = values.get("STRIPE_WEBHOOK_SECRET")
    url = f"http://localhost:{values.get('PORT') or 4242}/webhook"
    return Settings(
        port=int(values.get("SANDBOX_PORT") or 4243),
        webhook=Webhook(url, secret) if secret else None,
    )
