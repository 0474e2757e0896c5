"""The HTML pages, read once at start. A few have marks that are filled in for each reader."""

from collections.abc import Mapping
from pathlib import Path

NAMES = (
    *("home", "lessons", "account", "confirm-payment", "link-needed"),
    *("sign-in", "not-allowed", "instructor", "accountant", "owner", "queue", "mail"),
    *("not-found", "unavailable"),
)
STRIPE_JS_TOKEN = "{{stripe_js}}"  # noqa: S105 (a mark in the page, no secret)


class Pages:
    """Every page as bytes, by name.

    Attributes:
        with_stripe: those that load Stripe.js.
    """

    def __init__(self, static_dir: Path, stripe_js: str) -> None:
        texts = {
            name: (static_dir / "pages" / f"{name}.html").read_text(encoding="utf-8")
            for name in NAMES
        }
        self._html = {
            name: text.replace(STRIPE_JS_TOKEN, stripe_js).encode() for name, text in texts.items()
        }
        self.with_stripe = frozenset(n for n, text in texts.items() if STRIPE_JS_TOKEN in text)

    def __getitem__(self, name: str) -> bytes:
        return self._html[name]

    def filled(self, name: str, parts: Mapping[str, str]) -> str:
        """The page with HTML in place of its marks; what comes from people is escaped before."""
        page = self._html[name].decode()
        for mark, html in parts.items():
            page = page.replace("{{" + mark + "}}", html)
        return page
