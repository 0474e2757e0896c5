"""What answers tell browsers to forbid, word for word."""

from pathlib import Path

import pytest
from aiohttp import web

from server.security_headers import (
    LOADS_STRIPE,
    SECURITY_HEADERS,
    SecurityHeaders,
    add_headers,
)
from shop.settings import load

OURS = (
    "default-src 'none'; script-src 'self'{script}; style-src 'self'; img-src 'self'{img}; "
    "connect-src 'self'{connect}; object-src 'none'; base-uri 'none'; form-action 'self'; "
    "frame-ancestors 'none'"
)
POWERS = "camera=(), display-capture=(), geolocation=(), microphone=(), midi=(), usb=(), "


def headers(tmp_path: Path, **settings: str) -> SecurityHeaders:
    given = {
        "STRIPE_PUBLISHABLE_KEY": "pk_test_x",
        "STRIPE_SECRET_KEY": "sk_test_x",
        "STRIPE_WEBHOOK_SECRET": "whsec_x",
        **settings,
    }
    file = tmp_path / ".env"
    file.write_text("".join(f"{name}={value}\n" for name, value in given.items()))
    return SecurityHeaders(load(file, {}))


def page(*, loads_stripe: bool = False) -> web.Response:
    answer = web.Response(text="<!doctype html>", content_type="text/html")
    if loads_stripe:
        answer[LOADS_STRIPE] = True
    return answer


def test_a_page_loads_what_is_ours_and_nothing_else(tmp_path: Path):
    """No inline script or style, no frame around it, no text made into HTML by a script."""
    assert headers(tmp_path).of(page()) == {
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Content-Security-Policy": OURS.format(script="", img="", connect="")
        + "; require-trusted-types-for 'script'; trusted-types 'none'",
        "Permissions-Policy": POWERS + "payment=()",
        "Referrer-Policy": "same-origin",
    }


def test_a_page_with_stripes_fields_loads_what_stripe_documents(tmp_path: Path):
    """https://docs.stripe.com/security/guide#content-security-policy."""
    stripe_js = "https://*.js.stripe.com https://js.stripe.com"
    assert headers(tmp_path).of(page(loads_stripe=True)) == {
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Cross-Origin-Opener-Policy": "same-origin-allow-popups",
        "Content-Security-Policy": OURS.format(
            script=f" {stripe_js}",
            img=" https://*.stripe.com",
            connect=" https://api.stripe.com",
        )
        + f"; frame-src {stripe_js} https://hooks.stripe.com",
        "Permissions-Policy": POWERS
        + 'payment=(self "https://*.js.stripe.com" "https://js.stripe.com" '
        '"https://hooks.stripe.com")',
        "Referrer-Policy": "strict-origin-when-cross-origin",
    }


def test_the_sandbox_takes_stripes_place(tmp_path: Path):
    """With its keys, and then nothing of Stripe's may be loaded."""
    policy = headers(tmp_path, STRIPE_SECRET_KEY="sk_test_sandbox", SANDBOX_PORT="5799").of(
        page(loads_stripe=True)
    )["Content-Security-Policy"]
    assert "script-src 'self' http://localhost:5799;" in policy
    assert "frame-src http://localhost:5799" in policy
    assert "stripe.com" not in policy


def test_data_may_do_nothing(tmp_path: Path):
    """Also where a browser is led to a download and takes it for a page."""
    assert headers(tmp_path).of(web.json_response({})) == {
        "X-Content-Type-Options": "nosniff",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Content-Security-Policy": "default-src 'none'; frame-ancestors 'none'",
        "Referrer-Policy": "same-origin",
    }


@pytest.mark.parametrize("is_https", [True, False])
def test_browsers_are_kept_to_https_only_where_the_shop_has_it(tmp_path: Path, *, is_https: bool):
    """A year; what other names under the domain do is not the shop's to say."""
    domain = "https://lessons.example" if is_https else "http://lessons.example"
    policy = headers(tmp_path, DOMAIN=domain).of(page()).get("Strict-Transport-Security")
    assert policy == ("max-age=31536000" if is_https else None)


async def hello(_: web.Request) -> web.Response:
    return web.Response(text="hello")


@pytest.mark.parametrize(("path", "status"), [("/", 200), ("/no/such", 404)])
async def test_no_answer_tells_what_the_shop_runs_on(
    aiohttp_client, tmp_path: Path, path: str, status: int
):
    """The library would name its version and Python's, and with them the known holes."""
    app = web.Application()
    app[SECURITY_HEADERS] = headers(tmp_path)
    app.on_response_prepare.append(add_headers)
    app.router.add_get("/", hello)
    client = await aiohttp_client(app)
    answer = await client.get(path)
    assert (answer.status, answer.headers.getall("Server")) == (status, ["ipsum"])
