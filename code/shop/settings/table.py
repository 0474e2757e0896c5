"""Every setting by name: what it is where nobody sets it, and which the environment may set."""

from collections.abc import Mapping

FROM_ENVIRONMENT = frozenset(
    {"HOST", "PORT", "SANDBOX_PORT", "REDIS_URL", "VAR_DIR", "RESULTS_URL", "STAFF_FILE"}
    | {"STRIPE_RATE_TOTAL", "STRIPE_RATE_PER_ENDPOINT", "TRUSTED_PROXIES"}
    | {"LIMIT_SIGN_UPS", "LIMIT_CARD_ENTRIES", "LIMIT_ACCOUNT_LINKS", "LIMIT_SIGN_INS"}
    | {"SANDBOX_HOST", "WEB_WORKERS", "LOG_FORMAT"}
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
    "WEB_WORKERS": "1",
    "TRUSTED_PROXIES": "",
    "LIMIT_SIGN_UPS": "20 per hour",
    "LIMIT_CARD_ENTRIES": "40 per hour",
    "LIMIT_ACCOUNT_LINKS": "10 per hour",
    "LIMIT_SIGN_INS": "10 per 15 minutes",
    "SHOP_ZONE": "America/New_York",
    "SANDBOX_HOST": "127.0.0.1",
    "SANDBOX_PORT": "4243",
    "REDIS_URL": "",
    "VAR_DIR": "var",
    "LOG_FORMAT": "",
    "RESULTS_URL": "",
    "RESULTS_ENDPOINT": "",
    "RESULTS_REGION": "us-east-1",
    "RESULTS_ACCESS_KEY": "",
    "RESULTS_SECRET_KEY": "",
    "SMTP_URL": "",
    "STAFF_FILE": "staff.json",
    "MAIL_FROM": "Ipsum Street <lessons@ipsum.example>",
}
