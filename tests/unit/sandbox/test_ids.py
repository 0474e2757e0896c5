"""Ids look like Stripe's, never repeat, and are the same for the same seed."""

import math
import re

import pytest

from sandbox.ids import SPACE, STEP, Ids, base62, client_secret, derived_text


@pytest.mark.parametrize(
    ("prefix", "shape"),
    [
        ("pi", r"pi_3[0-9A-Za-z]{24}"),
        ("ch", r"ch_3[0-9A-Za-z]{24}"),
        ("txn", r"txn_3[0-9A-Za-z]{24}"),
        ("seti", r"seti_1[0-9A-Za-z]{24}"),
        ("cus", r"cus_[0-9A-Za-z]{14}"),
        ("req", r"req_[0-9A-Za-z]{14}"),
    ],
)
def test_the_shape_of_each_kind(prefix: str, shape: str) -> None:
    assert re.fullmatch(shape, Ids().new(prefix))


def test_the_scramble_is_a_permutation() -> None:
    assert math.gcd(STEP, SPACE) == 1


def test_no_id_repeats() -> None:
    ids = Ids()
    assert len({ids.new("pi") for _ in range(20_000)}) == 20_000


def test_the_same_seed_gives_the_same_ids_whatever_else_is_made() -> None:
    alone, busy = Ids(5), Ids(5)
    wanted = [alone.new("pi") for _ in range(3)]
    got = []
    for _ in range(3):
        busy.new("req")
        got.append(busy.new("pi"))
    assert got == wanted
    assert Ids(6).new("pi") != wanted[0]


def test_another_seed_leads_elsewhere_and_the_count_of_records_goes_on() -> None:
    ids, again = Ids(), Ids()
    given = [ids.new("evt") for _ in range(1_000)]
    ids.next_seq()
    for each in (ids, again):
        each.reseed(7)
    after = [ids.new("evt") for _ in range(1_000)]
    assert set(given).isdisjoint(after)
    assert after[0] == again.new("evt")
    assert (ids.next_seq(), again.next_seq()) == (2, 1)


def test_numbers_are_written_with_leading_zeros() -> None:
    assert base62(0) == "0" * 14
    assert base62(62**14 - 1) == "z" * 14
    assert base62(62**8) == "00000100000000"


def test_what_is_derived_needs_no_memory() -> None:
    assert client_secret("pi_1") == client_secret("pi_1") != client_secret("pi_2")
    assert re.fullmatch(r"pi_1_secret_[0-9A-Za-z]{25}", client_secret("pi_1"))
    assert re.fullmatch(r"[0-9A-Za-z]{64}", derived_text("pi_1", "x", 64))
