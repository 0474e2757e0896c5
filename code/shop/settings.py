"""The settings: one table, read from `code/server/.env`.

Keys come from that file and from nowhere else (the client's rule). The few settings that say
where a copy of the shop runs may also be given in the environment and then win over the file,
so that two copies can run side by side on one machine.
"""

import hashlib
import os
import re
import tempfile
from collections.abc import Mapping
from dataclasses import dataclass, field
from email.utils import parseaddr
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from dotenv import dotenv_values

from shop.errors import SettingsError
from shop.rules.email import Mailbox, looks_like_email

PROJECT = Path(__file__).resolve().parents[2]
ENV_FILE = PROJECT / "code" / "server" / ".env"

FROM_ENVIRONMENT = frozenset(
    {"HOST", "PORT", "SANDBOX_PORT", "REDIS_URL", "VAR_DIR", "RESULTS_URL"}
    | {"STRIPE_RATE_TOTAL", "STRIPE_RATE_PER_ENDPOINT"}
)

DEFAULTS: Mapping[str, str] = {
    "STRIPE_PUBLISHABLE_KEY": "",
    "STRIPE_SECRET_KEY": "",
    "STRIPE_WEBHOOK_SECRET": "",
    "STRIPE_API_BASE": "",
    "STRIPE_RATE_TOTAL": "",
    "STRIPE_RATE_PER_ENDPOINT": "25",
    "STATIC_DIR": "../client",
    "DOMAIN": "http://localhost:4242",
    "HOST": "127.0.0.1",
    "PORT": "4242",
    "SHOP_ZONE": "America/New_York",
    "SANDBOX_PORT": "4243",
    "REDIS_URL": "",
    "VAR_DIR": "var",
    "RESULTS_URL": "",
    "RESULTS_ENDPOINT": "",
    "RESULTS_REGION": "us-east-1",
    "RESULTS_ACCESS_KEY": "",
    "RESULTS_SECRET_KEY": "",
    "SMTP_URL": "",
    "MAIL_FROM": "Ipsum Street <lessons@ipsum.example>",
}

SANDBOX_KEY_PREFIX = "sk_test_sandbox"
STRIPE_API = "https://api.stripe.com"
STRIPE_JS = "https://js.stripe.com/endive/stripe.js"

SMTP_PORTS = {"smtp": 587, "smtps": 465}
"""Where mail servers take letters to be sent (RFC 8314)."""

LOOPBACK = frozenset({"localhost", "127.0.0.1"})

LONGEST_SOCKET_PATH = 100
"""Bytes. Unix socket addresses end at 104 to 108 bytes, depending on the system."""


@dataclass(frozen=True, kw_only=True)
class Bucket:
    """A bucket for results, at Amazon (no endpoint) or at anything else that speaks S3.

    Attributes:
        name: the bucket's.
        prefix: what every path in it begins with; may be empty.
        endpoint: the server's address, or "".
    """

    name: str
    prefix: str
    endpoint: str
    region: str
    access_key: str = field(repr=False)
    secret_key: str = field(repr=False)


@dataclass(frozen=True, kw_only=True)
class MailServer:
    """Who takes our letters.

    Attributes:
        tls: from the first byte (smtps); otherwise by STARTTLS where the server offers it, and
            always where there is a password to protect.
        user, password: both empty where the server wants none.
    """

    host: str
    port: int
    tls: bool
    user: str = ""
    password: str = field(default="", repr=False)


@dataclass(frozen=True, kw_only=True)
class Settings:
    """Everything that differs between one running copy of the shop and another."""

    publishable_key: str
    secret_key: str
    webhook_secrets: tuple[str, ...]
    api_base: str
    stripe_js: str
    uses_sandbox: bool
    stripe_rate_total: int
    stripe_rate_per_endpoint: int
    domain: str
    host: str
    port: int
    shop_zone: ZoneInfo
    sandbox_port: int
    static_dir: Path
    var_dir: Path
    redis_url: str
    starts_own_redis: bool
    results: Path | Bucket
    mail_server: MailServer | None
    mail_from: Mailbox

    def __repr__(self) -> str:
        """Name the address only: keys must never reach a log."""
        return f"Settings(domain={self.domain!r}, var_dir={str(self.var_dir)!r})"


def load(env_file: Path = ENV_FILE, environment: Mapping[str, str] = os.environ) -> Settings:
    """Read the settings.

    Raises:
        SettingsError: a value is missing or is not what its setting needs; the message names
            the setting and the file.
    """
    values = {**DEFAULTS, **_from_file(env_file)}
    given = {name: environment[name] for name in FROM_ENVIRONMENT if environment.get(name)}
    values |= given

    secret_key = _needed(values, "STRIPE_SECRET_KEY", env_file)
    sandbox_port = _port(values, "SANDBOX_PORT")
    port = _port(values, "PORT")
    uses_sandbox = secret_key.startswith(SANDBOX_KEY_PREFIX)
    sandbox = f"http://127.0.0.1:{sandbox_port}"
    domain = f"http://localhost:{port}" if "PORT" in given else values["DOMAIN"].rstrip("/")
    var_dir = _path(values["VAR_DIR"], PROJECT)
    return Settings(
        publishable_key=_needed(values, "STRIPE_PUBLISHABLE_KEY", env_file),
        secret_key=secret_key,
        webhook_secrets=_several(values["STRIPE_WEBHOOK_SECRET"]),
        api_base=values["STRIPE_API_BASE"] or (sandbox if uses_sandbox else STRIPE_API),
        stripe_js=_sandbox_js(domain, sandbox_port) if uses_sandbox else STRIPE_JS,
        uses_sandbox=uses_sandbox,
        stripe_rate_total=_rate(values, "STRIPE_RATE_TOTAL", _allowed_by(secret_key)),
        stripe_rate_per_endpoint=_rate(values, "STRIPE_RATE_PER_ENDPOINT", 25),
        domain=domain,
        host=values["HOST"],
        port=port,
        shop_zone=_zone(values),
        sandbox_port=sandbox_port,
        static_dir=_path(values["STATIC_DIR"], ENV_FILE.parent),
        var_dir=var_dir,
        redis_url=values["REDIS_URL"] or f"unix://{redis_socket(var_dir)}",
        starts_own_redis=not values["REDIS_URL"],
        results=_results(values, var_dir, env_file),
        mail_server=_mail_server(values["SMTP_URL"]),
        mail_from=_mailbox(values["MAIL_FROM"]),
    )


def _sandbox_js(domain: str, sandbox_port: int) -> str:
    """The sandbox's Stripe.js at the page's own host, so that both are one site to a browser."""
    host = urlsplit(domain).hostname
    return f"http://{host if host in LOOPBACK else '127.0.0.1'}:{sandbox_port}/js/stripe.js"


def redis_socket(var_dir: Path) -> Path:
    """Where the shop's own Redis listens: under `var_dir`, or else in the temp folder.

    redis-py reads a client's address up to the first blank or "=", so no path may have one.
    """
    socket = var_dir / "redis" / "redis.sock"
    plain = re.fullmatch(r"[\w./+-]+", str(socket), re.ASCII)
    if plain and len(str(socket)) <= LONGEST_SOCKET_PATH:
        return socket
    name = hashlib.sha256(os.fsencode(var_dir)).hexdigest()[:16]
    return Path(tempfile.gettempdir()) / f"ipsum-street-{name}.sock"


def _results(values: Mapping[str, str], var_dir: Path, env_file: Path) -> Path | Bucket:
    url = values["RESULTS_URL"]
    parts = urlsplit(url)
    if not url:
        return var_dir / "results"
    if not parts.scheme:
        return _path(url, PROJECT)
    if parts.scheme != "s3" or not parts.netloc:
        raise SettingsError("RESULTS_URL must be a folder or s3://bucket/prefix.")
    endpoint = values["RESULTS_ENDPOINT"].rstrip("/")
    if endpoint and not re.fullmatch(r"https?://[^/\s?#]+", endpoint):
        raise SettingsError("RESULTS_ENDPOINT must be an address such as https://s3.example.com.")
    return Bucket(
        name=parts.netloc,
        prefix=parts.path.strip("/"),
        endpoint=endpoint,
        region=values["RESULTS_REGION"],
        access_key=_needed(values, "RESULTS_ACCESS_KEY", env_file),
        secret_key=_needed(values, "RESULTS_SECRET_KEY", env_file),
    )


def _mail_server(url: str) -> MailServer | None:
    """The server of `SMTP_URL`; no complaint repeats the address, which may have a password."""
    if not url:
        return None
    wrong = SettingsError("SMTP_URL must be smtp://user:password@host:port or smtps://….")
    try:
        parts = urlsplit(url)
        port = parts.port
    except ValueError:
        raise wrong from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    is_more = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in SMTP_PORTS or not parts.hostname or port == 0 or is_more:
        raise wrong
    if bool(user) != bool(password):
        raise SettingsError("SMTP_URL must name both a user and a password, or none.")
    return MailServer(
        host=parts.hostname,
        port=port or SMTP_PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        user=user,
        password=password,
    )


def _mailbox(value: str) -> Mailbox:
    name, email = parseaddr(value)
    if not (looks_like_email(email) and value.isprintable()):
        raise SettingsError("MAIL_FROM must be a sender such as School <lessons@example.com>.")
    return Mailbox(name, email)


def _from_file(env_file: Path) -> dict[str, str]:
    if not env_file.is_file():
        raise SettingsError(f"{env_file} is missing. script/bootstrap makes it from .env.example.")
    return {
        name: value for name, value in dotenv_values(env_file, interpolate=False).items() if value
    }


def _needed(values: Mapping[str, str], name: str, env_file: Path) -> str:
    if not values[name]:
        raise SettingsError(f"{name} is empty. Put it into {env_file}.")
    return values[name]


def _several(value: str) -> tuple[str, ...]:
    return tuple(part for each in value.split(",") if (part := each.strip()))


def _port(values: Mapping[str, str], name: str) -> int:
    value = values[name]
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise SettingsError(f"{name} must be a port from 1 to 65535, not {value!r}.")
    return int(value)


def _allowed_by(secret_key: str) -> int:
    """Requests a second that Stripe allows an account (https://docs.stripe.com/rate-limits)."""
    return 100 if re.match("[sr]k_live_", secret_key) else 25


def _rate(values: Mapping[str, str], name: str, usual: int) -> int:
    value = values[name] or str(usual)
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 100_000):
        raise SettingsError(f"{name} must be requests a second, 1 or more, not {value!r}.")
    return int(value)


def _zone(values: Mapping[str, str]) -> ZoneInfo:
    value = values["SHOP_ZONE"]
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            f"SHOP_ZONE must be a time zone such as America/New_York, not {value!r}."
        ) from error


def _path(value: str, base: Path) -> Path:
    return (base / Path(value).expanduser()).resolve()
