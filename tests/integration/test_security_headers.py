"""Every kind of answer of the running shop has its security headers."""

import pytest

from tests.integration.conftest import Caller

DATA = "default-src 'none'; frame-ancestors 'none'"

ANSWERS = {
    "data": ("GET", "/lesson-book", 200),
    "an error": ("GET", "/payment-method/cus_none", 404),
    "an unknown address": ("GET", "/no/such", 404),
    "a wrong method": ("DELETE", "/lessons", 405),
    "a refused body": ("POST", "/lessons", 400),
    "a stylesheet": ("GET", "/assets/css/base.css", 200),
    "the head of data": ("HEAD", "/config", 200),
}


@pytest.mark.parametrize("kind", ANSWERS)
async def test_data_has_headers_whatever_it_says(shop: Caller, kind: str):
    """Nothing in it may run, and nobody keeps it but assets, which are asked for each time."""
    method, path, status = ANSWERS[kind]
    answer = await shop.raw(method, path)
    assert (answer.status, answer.headers["Content-Security-Policy"]) == (status, DATA)
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    kept = "no-cache" if kind == "a stylesheet" else "no-store"
    assert answer.headers["Cache-Control"] == kept


@pytest.mark.parametrize("kind", ANSWERS)
async def test_no_answer_tells_what_the_shop_runs_on(shop: Caller, kind: str):
    """Versions say which known holes to try."""
    method, path, _ = ANSWERS[kind]
    assert (await shop.raw(method, path)).headers["Server"] == "ipsum"


@pytest.mark.parametrize("path", ["/lessons", "/account-update/cus_none", "/confirm-payment/pi_x"])
async def test_pages_with_stripes_fields_may_load_them(shop: Caller, path: str):
    """From the sandbox here, whose key this is."""
    answer = await shop.raw("GET", path)
    assert "frame-src http://localhost:" in answer.headers["Content-Security-Policy"]


@pytest.mark.parametrize("path", ["/", "/instructor", "/accountant", "/sign-in", "/no/such"])
async def test_other_pages_may_not(shop: Caller, path: str):
    """Neither Stripe nor anybody else."""
    answer = await shop.raw("GET", path, headers={"Accept": "text/html"})
    policy = answer.headers["Content-Security-Policy"]
    assert "script-src 'self';" in policy
    assert "://" not in policy
