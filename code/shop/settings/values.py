"""The settings as the program sees them."""

from dataclasses import dataclass, field
from ipaddress import IPv4Network, IPv6Network
from pathlib import Path
from zoneinfo import ZoneInfo

from limits import RateLimitItem

from shop.rules.email import Mailbox


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
class Limits:
    """How often somebody may try, such as 20 per hour."""

    sign_ups: RateLimitItem
    card_entries: RateLimitItem
    account_links: RateLimitItem
    sign_ins: RateLimitItem


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
    web_workers: int
    trusted_proxies: tuple[IPv4Network | IPv6Network, ...]
    limits: Limits
    shop_zone: ZoneInfo
    sandbox_host: str
    sandbox_port: int
    static_dir: Path
    var_dir: Path
    log_format: str
    redis_url: str
    starts_own_redis: bool
    results: Path | Bucket
    mail_server: MailServer | None
    mail_from: Mailbox
    staff_file: Path

    def __repr__(self) -> str:
        """Name the address only: keys must never reach a log."""
        return f"Settings(domain={self.domain!r}, var_dir={str(self.var_dir)!r})"
