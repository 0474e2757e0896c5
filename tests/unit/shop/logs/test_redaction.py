"""What never reaches a log, whoever repeats it."""

import pytest

from shop.logs.redaction import redacted


@pytest.mark.parametrize(
    ("line", "kept"),
    [
        ("Invalid API Key: sk_live_51HxYz", "Invalid API Key: sk_live_[key]"),
        ("rk_test_abc pk_live_d", "rk_test_[key] pk_live_[key]"),
        ("signed with whsec_a1B2", "signed with whsec_[key]"),
        ("seti_1_secret_Abc9 is done", "seti_1_secret_[secret] is done"),
        (f"Bearer ipsum_0a1b2c3d_{'aB-_' * 10}xyz!", "Bearer ipsum_[token]!"),
        ("to Ann.Lee+x@mail.example.com!", "to [e-mail]!"),
        ("rediss://shop:secret@redis.example:6379/0", "rediss://[password]@redis.example:6379/0"),
    ],
)
def test_it_is_taken_out(line: str, kept: str):
    """And what stands around it stays."""
    assert redacted(line) == kept


@pytest.mark.parametrize(
    "line",
    [
        "payment pi_3Nx of cus_9s6XK, refund re_1, event evt_1, request req_8",
        "GET /payment-method/{customer_id} 200",
        "task_test_runner asked at 03:10 for 2 @ 5",
        "ipsum_http_requests_total, with the token ada/ipsum_office",
    ],
)
def test_ids_and_routes_stay(line: str):
    """A log without ids is of no use."""
    assert redacted(line) == line
