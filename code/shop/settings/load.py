"""Reading the settings."""

import os
from collections.abc import Mapping
from pathlib import Path
from urllib.parse import urlsplit

from dotenv import dotenv_values

from shop.errors import SettingsError
from shop.settings import parsing
from shop.settings.places import ENV_FILE, PROJECT, path, redis_socket
from shop.settings.table import DEFAULTS, FROM_ENVIRONMENT
from shop.settings.values import Limits, Settings

SANDBOX_KEY_PREFIX = "sk_test_sandbox"
STRIPE_API = "https://api.stripe.com"
STRIPE_JS = "https://js.stripe.com/endive/stripe.js"

LOOPBACK = frozenset({"localhost", "127.0.0.1"})


def load(env_file: Path = ENV_FILE, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a value is missing or is not what its setting needs; the message names
            the setting and the file.
    """
    values = {**DEFAULTS, **_from_file(env_file)}
    given = {name: environment[name] for name in FROM_ENVIRONMENT if environment.get(name)}
    values |= given

    secret_key = parsing.needed(values, "STRIPE_SECRET_KEY", env_file)
    sandbox_port = parsing.port(values, "SANDBOX_PORT")
    port = parsing.port(values, "PORT")
    uses_sandbox = secret_key.startswith(SANDBOX_KEY_PREFIX)
    sandbox = f"http://{values['SANDBOX_HOST']}:{sandbox_port}"
    domain = _domain(values["DOMAIN"].rstrip("/"), given.get("PORT"))
    var_dir = path(values["VAR_DIR"], PROJECT)
    return Settings(
        publishable_key=parsing.needed(values, "STRIPE_PUBLISHABLE_KEY", env_file),
        secret_key=secret_key,
        webhook_secrets=parsing.several(values["STRIPE_WEBHOOK_SECRET"]),
        api_base=values["STRIPE_API_BASE"] or (sandbox if uses_sandbox else STRIPE_API),
        stripe_js=_sandbox_js(domain, sandbox_port) if uses_sandbox else STRIPE_JS,
        uses_sandbox=uses_sandbox,
        stripe_rate_total=parsing.rate(values, "STRIPE_RATE_TOTAL", parsing.allowed_by(secret_key)),
        stripe_rate_per_endpoint=parsing.rate(values, "STRIPE_RATE_PER_ENDPOINT", 25),
        domain=domain,
        host=values["HOST"],
        port=port,
        web_workers=parsing.processes(values, "WEB_WORKERS"),
        trusted_proxies=parsing.networks(values, "TRUSTED_PROXIES"),
        limits=Limits(
            sign_ups=parsing.limit(values, "LIMIT_SIGN_UPS"),
            card_entries=parsing.limit(values, "LIMIT_CARD_ENTRIES"),
            account_links=parsing.limit(values, "LIMIT_ACCOUNT_LINKS"),
            sign_ins=parsing.limit(values, "LIMIT_SIGN_INS"),
        ),
        shop_zone=parsing.zone(values),
        sandbox_host=values["SANDBOX_HOST"],
        sandbox_port=sandbox_port,
        static_dir=path(values["STATIC_DIR"], ENV_FILE.parent),
        var_dir=var_dir,
        log_format=parsing.one_of(values, "LOG_FORMAT", ("", "json", "text")),
        redis_url=values["REDIS_URL"] or f"unix://{redis_socket(var_dir)}",
        starts_own_redis=not values["REDIS_URL"],
        results=parsing.results(values, var_dir, env_file),
        mail_server=parsing.mail_server(values["SMTP_URL"]),
        mail_from=parsing.mailbox(values["MAIL_FROM"]),
        staff_file=path(values["STAFF_FILE"], ENV_FILE.parent),
    )


def _domain(domain: str, port: str | None) -> str:
    """DOMAIN; on this machine it follows a port of the environment, for copies side by side.

    Any other is a proxy's address, and PORT is only where that finds the web server.
    """
    if port and urlsplit(domain).hostname in LOOPBACK:
        return f"http://localhost:{port}"
    return domain


def _sandbox_js(domain: str, sandbox_port: int) -> str:
    """The sandbox's Stripe.js at the page's own host, so that both are one site to a browser."""
    host = urlsplit(domain).hostname
    return f"http://{host if host in LOOPBACK else '127.0.0.1'}:{sandbox_port}/js/stripe.js"


def _from_file(env_file: Path) -> dict[str, str]:
    if not env_file.is_file():
        raise SettingsError(f"{env_file} is missing. script/bootstrap makes it from .env.example.")
    return {
        name: value for name, value in dotenv_values(env_file, interpolate=False).items() if value
    }
