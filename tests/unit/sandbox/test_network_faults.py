"""Which request fails: shares, paths, times and seeds."""

import pytest

from sandbox.network.faults import Faults, Kind, Rule


def struck(faults: Faults, requests: int, method: str = "GET", path: str = "/v1/charges") -> int:
    return sum(faults.strike(method, path) is not None for _ in range(requests))


def test_without_rules_nothing_fails() -> None:
    assert struck(Faults(), 100) == 0


def test_a_rule_without_a_share_strikes_always_and_one_of_zero_never() -> None:
    assert struck(Faults([Rule(Kind.CONFLICT)]), 100) == 100
    assert struck(Faults([Rule(Kind.CONFLICT, share=0)]), 100) == 0


def test_a_share_is_about_that_share() -> None:
    assert 1_900 < struck(Faults([Rule(Kind.CONFLICT, share=0.2)]), 10_000) < 2_100


def test_a_seed_strikes_the_same_requests_again() -> None:
    rules = [Rule(Kind.CONFLICT, share=0.3), Rule(Kind.TRUNCATE, share=0.3)]
    first, again, other = (
        [faults.strike("GET", "/v1/charges") for _ in range(50)]
        for faults in (Faults(rules, 7), Faults(rules, 7), Faults(rules, 8))
    )
    assert first == again
    assert first != other


def test_what_a_rule_strikes_depends_on_no_other_rule_and_no_other_request() -> None:
    alone = Faults([Rule(Kind.CONFLICT, share=0.3, path="/v1/charges")])
    among = Faults(
        [Rule(Kind.CONFLICT, share=0.3, path="/v1/charges"), Rule(Kind.TRUNCATE, share=0.5)]
    )
    expected = [alone.strike("GET", "/v1/charges") for _ in range(50)]
    seen = []
    for _ in range(50):
        among.strike("GET", "/v1/customers")
        seen.append(among.strike("GET", "/v1/charges") is Kind.CONFLICT)
    assert seen == [kind is Kind.CONFLICT for kind in expected]


def test_the_first_rule_that_strikes_has_its_way() -> None:
    rules = [Rule(Kind.CONFLICT, times=1), Rule(Kind.TRUNCATE, times=1)]
    faults = Faults(rules)
    answers = [faults.strike("GET", "/v1/charges") for _ in range(3)]
    assert answers == [Kind.CONFLICT, Kind.TRUNCATE, None]


def test_a_rule_strikes_so_many_times_and_no_more() -> None:
    assert struck(Faults([Rule(Kind.CONFLICT, share=0.5, times=3)]), 100) == 3


@pytest.mark.parametrize(
    ("path", "request_path", "meant"),
    [
        (None, "/v1/charges", True),
        ("/v1/charges", "/v1/charges", True),
        ("/v1/charges", "/v1/charges/ch_1", False),
        ("/v1/customers/{id}", "/v1/customers/cus_1", True),
        ("/v1/customers/{customer}", "/v1/customers/cus_1", True),
        ("/v1/customers/{id}", "/v1/customers/cus_1/payment_methods", False),
        ("/v1/customers/cus_1", "/v1/customers/cus_1", True),
        ("/v1/customers/cus_1", "/v1/customers/cus_2", False),
        ("/v1/customers*", "/v1/customers", True),
        ("/v1/customers*", "/v1/customers/cus_1/payment_methods", True),
        ("/v1/payment_intents/{intent}/c*", "/v1/payment_intents/pi_1/capture", True),
        ("/v1/payment_intents/{intent}/c*", "/v1/payment_intents/pi_1/confirm", True),
        ("/v1/payment_intents/{intent}/c*", "/v1/payment_intents/pi_1", False),
        ("/v1/a.b", "/v1/aXb", False),
    ],
)
def test_a_rule_is_about_a_path_a_pattern_or_a_beginning(
    path: str | None, request_path: str, meant: bool
) -> None:
    assert struck(Faults([Rule(Kind.CONFLICT, path=path)]), 1, path=request_path) == meant


def test_a_rule_is_about_one_method() -> None:
    rule = Rule(Kind.CONFLICT, method="POST")
    assert struck(Faults([rule]), 1, "GET") == 0
    assert struck(Faults([rule]), 1, "POST") == 1
