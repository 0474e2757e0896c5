"""What every answer tells the browser to forbid, worked out once at start.

A page may load what is our own; one with Stripe's fields also what Stripe documents
(https://docs.stripe.com/security/guide#content-security-policy). Everything else is data, and
nothing in it may run or load. No page has a script or a style within it, so none is allowed.
"""

from collections.abc import Mapping
from urllib.parse import urlsplit

from aiohttp import web

from shop.settings import Settings

LOADS_STRIPE = web.ResponseKey("loads_stripe", bool)
"""Set on answers that are pages with Stripe's fields."""

SERVER = "ipsum"
"""What the shop calls itself. aiohttp would tell its version and Python's."""

A_YEAR = 365 * 24 * 3600

Headers = Mapping[str, str]

STRIPE_SOURCES = {
    "script-src": "https://*.js.stripe.com https://js.stripe.com",
    "frame-src": "https://*.js.stripe.com https://js.stripe.com https://hooks.stripe.com",
    "connect-src": "https://api.stripe.com",
    "img-src": "https://*.stripe.com",
}

OUR_SOURCES = {
    "default-src": "'none'",
    "script-src": "'self'",
    "style-src": "'self'",
    "img-src": "'self'",
    "connect-src": "'self'",
    "object-src": "'none'",
    "base-uri": "'none'",
    "form-action": "'self'",
    "frame-ancestors": "'none'",
}

NO_TEXT_AS_SCRIPT = {"require-trusted-types-for": "'script'", "trusted-types": "'none'"}
"""Our own scripts never make HTML out of text, so the browser need not let them."""

POWERS = ("camera", "display-capture", "geolocation", "microphone", "midi", "usb")
"""What a browser can do for a page and none of ours wants."""


class SecurityHeaders:
    """The headers of each kind of answer."""

    def __init__(self, settings: Settings) -> None:
        everywhere = {
            "X-Content-Type-Options": "nosniff",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Referrer-Policy": "same-origin",
        }
        if settings.domain.startswith("https:"):
            everywhere["Strict-Transport-Security"] = f"max-age={A_YEAR}"
        of_data = {"default-src": "'none'", "frame-ancestors": "'none'"}
        self._data = {**everywhere, "Content-Security-Policy": _written(of_data)}
        self._page = {
            **everywhere,
            "Content-Security-Policy": _written({**OUR_SOURCES, **NO_TEXT_AS_SCRIPT}),
            "Cross-Origin-Opener-Policy": "same-origin",
            "Permissions-Policy": _powers("payment=()"),
        }
        sources = _stripe_sources(settings)
        payment = f"payment=(self {_quoted(sources['frame-src'])})"
        self._stripe_page = {
            **everywhere,
            "Content-Security-Policy": _written(_beside_ours(sources)),
            "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
            "Permissions-Policy": _powers(payment),
            "Referrer-Policy": "strict-origin-when-cross-origin",
        }

    def complete(self, answer: web.StreamResponse, *, cache: str = "no-store") -> None:
        """Add to an answer what it does not say itself, and have it name no version."""
        answer.headers["Server"] = SERVER
        for name, value in self.of(answer).items():
            answer.headers.setdefault(name, value)
        answer.headers.setdefault("Cache-Control", cache)

    def of(self, answer: web.StreamResponse) -> Headers:
        """Those of one answer."""
        if LOADS_STRIPE in answer:
            return self._stripe_page
        return self._page if answer.content_type == "text/html" else self._data


async def add_headers(request: web.Request, answer: web.StreamResponse) -> None:
    """Complete the headers of an answer; what its handler said stays.

    Assets may be kept by browsers, which ask each time whether they have changed, so that no old
    module meets a new page. Nothing else is kept by anybody unless its handler says so.
    """
    is_asset = request.path.startswith("/assets/")
    headers = request.app[SECURITY_HEADERS]
    headers.complete(answer, cache="no-cache" if is_asset else "no-store")


SECURITY_HEADERS = web.AppKey("security_headers", SecurityHeaders)


def _stripe_sources(settings: Settings) -> Mapping[str, str]:
    """Where pages with Stripe's fields load from: Stripe, or the sandbox in its place."""
    if not settings.uses_sandbox:
        return STRIPE_SOURCES
    parts = urlsplit(settings.stripe_js)
    return dict.fromkeys(STRIPE_SOURCES, f"{parts.scheme}://{parts.netloc}")


def _beside_ours(sources: Mapping[str, str]) -> Mapping[str, str]:
    added = {name: f"{OUR_SOURCES.get(name, '')} {more}".strip() for name, more in sources.items()}
    return {**OUR_SOURCES, **added}


def _written(policy: Mapping[str, str]) -> str:
    return "; ".join(f"{name} {sources}" for name, sources in policy.items())


def _powers(payment: str) -> str:
    return ", ".join([*(f"{power}=()" for power in POWERS), payment])


def _quoted(sources: str) -> str:
    return " ".join(f'"{source}"' for source in sources.split())
