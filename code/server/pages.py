"""The HTML pages, read once at start. The only thing filled in is where Stripe.js comes from."""

from pathlib import Path

NAMES = (
    *("home", "lessons", "account", "confirm-payment"),
    *("instructor", "accountant", "mail", "not-found"),
)
STRIPE_JS_TOKEN = "{{stripe_js}}"  # noqa: S105 (a mark in the page, no secret)


class Pages:
    """Every page as bytes, by name."""

    def __init__(self, static_dir: Path, stripe_js: str) -> None:
        self._html = {
            name: (static_dir / "pages" / f"{name}.html")
            .read_text(encoding="utf-8")
            .replace(STRIPE_JS_TOKEN, stripe_js)
            .encode()
            for name in NAMES
        }

    def __getitem__(self, name: str) -> bytes:
        return self._html[name]
