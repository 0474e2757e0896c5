"""From what stands in the file to what the program uses. Each raises `SettingsError`."""

import re
from collections.abc import Mapping, Sequence
from email.utils import parseaddr
from ipaddress import IPv4Network, IPv6Network, ip_network
from pathlib import Path
from urllib.parse import unquote, urlsplit
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

from limits import RateLimitItem, parse

from shop.errors import SettingsError
from shop.rules.email import Mailbox, looks_like_email
from shop.settings.places import PROJECT, path
from shop.settings.values import Bucket, MailServer

SMTP_PORTS = {"smtp": 587, "smtps": 465}
"""Where mail servers take letters to be sent (RFC 8314)."""

MOST_PROCESSES = 64
"""Web processes: each may open a hundred connections to Redis, which takes 10,000."""


def needed(values: Mapping[str, str], name: str, env_file: Path) -> str:
    """A value that must be there."""
    if not values[name]:
        raise SettingsError(f"{name} is empty. Put it into {env_file}.")
    return values[name]


def several(value: str) -> tuple[str, ...]:
    """The values between commas."""
    return tuple(part for each in value.split(",") if (part := each.strip()))


def port(values: Mapping[str, str], name: str) -> int:
    """A port."""
    value = values[name]
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 65535):
        raise SettingsError(f"{name} must be a port from 1 to 65535, not {value!r}.")
    return int(value)


def processes(values: Mapping[str, str], name: str) -> int:
    """A number of processes."""
    value = values[name]
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= MOST_PROCESSES):
        raise SettingsError(f"{name} must be 1 to {MOST_PROCESSES} processes, not {value!r}.")
    return int(value)


def allowed_by(secret_key: str) -> int:
    """Requests a second that Stripe allows an account (https://docs.stripe.com/rate-limits)."""
    return 100 if re.match("[sr]k_live_", secret_key) else 25


def rate(values: Mapping[str, str], name: str, usual: int) -> int:
    """Requests a second; `usual` where the setting is empty."""
    value = values[name] or str(usual)
    if not (value.isascii() and value.isdigit() and 1 <= int(value) <= 100_000):
        raise SettingsError(f"{name} must be requests a second, 1 or more, not {value!r}.")
    return int(value)


def networks(values: Mapping[str, str], name: str) -> tuple[IPv4Network | IPv6Network, ...]:
    """Addresses and networks; an address is a network of one."""
    try:
        return tuple(ip_network(value) for value in several(values[name]))
    except ValueError as error:
        raise SettingsError(
            f"{name} must be addresses or networks such as 10.0.0.0/8, commas between: {error}."
        ) from error


def limit(values: Mapping[str, str], name: str) -> RateLimitItem:
    """How often something may be tried, at least once."""
    try:
        item = parse(values[name])
    except ValueError:
        item = None
    if item is None or item.amount < 1:
        raise SettingsError(f"{name} must be such as 20 per hour, not {values[name]!r}.")
    return item


def one_of(values: Mapping[str, str], name: str, choices: Sequence[str]) -> str:
    """One of a few words; the empty one leaves the choice to the program."""
    value = values[name]
    if value not in choices:
        words = " or ".join(choice for choice in choices if choice)
        raise SettingsError(f"{name} must be {words}, or empty, not {value!r}.")
    return value


def zone(values: Mapping[str, str]) -> ZoneInfo:
    """The zone of the shop."""
    value = values["SHOP_ZONE"]
    try:
        return ZoneInfo(value)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise SettingsError(
            f"SHOP_ZONE must be a time zone such as America/New_York, not {value!r}."
        ) from error


def results(values: Mapping[str, str], var_dir: Path, env_file: Path) -> Path | Bucket:
    """Where finished reports are kept."""
    url = values["RESULTS_URL"]
    parts = urlsplit(url)
    if not url:
        return var_dir / "results"
    if not parts.scheme:
        return path(url, PROJECT)
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
        access_key=needed(values, "RESULTS_ACCESS_KEY", env_file),
        secret_key=needed(values, "RESULTS_SECRET_KEY", env_file),
    )


def mail_server(url: str) -> MailServer | None:
    """The server of `SMTP_URL`; no complaint repeats the address, which may have a password."""
    if not url:
        return None
    wrong = SettingsError("SMTP_URL must be smtp://user:password@host:port or smtps://….")
    try:
        parts = urlsplit(url)
        number = parts.port
    except ValueError:
        raise wrong from None
    user, password = unquote(parts.username or ""), unquote(parts.password or "")
    is_more = parts.path.strip("/") or parts.query or parts.fragment
    if parts.scheme not in SMTP_PORTS or not parts.hostname or number == 0 or is_more:
        raise wrong
    if bool(user) != bool(password):
        raise SettingsError("SMTP_URL must name both a user and a password, or none.")
    return MailServer(
        host=parts.hostname,
        port=number or SMTP_PORTS[parts.scheme],
        tls=parts.scheme == "smtps",
        user=user,
        password=password,
    )


def mailbox(value: str) -> Mailbox:
    """Whom letters are from."""
    name, email = parseaddr(value)
    if not (looks_like_email(email) and value.isprintable()):
        raise SettingsError("MAIL_FROM must be a sender such as School <lessons@example.com>.")
    return Mailbox(name, email)
