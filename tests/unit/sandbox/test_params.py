"""Bracket notation, and what each reader accepts."""

import re

import pytest

from sandbox import params
from sandbox.errors import ParameterError
from sandbox.params import TimeRange


@pytest.mark.parametrize(
    ("encoded", "decoded"),
    [
        ("a=1&b=x+y", {"a": "1", "b": "x y"}),
        ("metadata[type]=ticket", {"metadata": {"type": "ticket"}}),
        ("expand[]=a&expand[]=b", {"expand": {"0": "a", "1": "b"}}),
        ("expand[0]=a&expand[1]=b", {"expand": {"0": "a", "1": "b"}}),
        ("a[b][c]=1&a[b][d]=", {"a": {"b": {"c": "1", "d": ""}}}),
        ("card%5Bnumber%5D=4", {"card": {"number": "4"}}),
        ("a=1&a[b]=2", {"a": "1"}),
        ("", {}),
    ],
)
def test_bracket_notation(encoded: str, decoded: object) -> None:
    assert params.decode(encoded) == decoded


def test_query_and_body_are_one() -> None:
    assert params.decode("a=1", "b=2") == {"a": "1", "b": "2"}


@pytest.mark.parametrize("value", ["abc", "1.5", "5_00", "true", "٣", "1e3", "9" * 30])
def test_what_is_no_integer(value: str) -> None:
    with pytest.raises(ParameterError) as caught:
        params.integer("amount", value)
    assert caught.value.members["code"] == "parameter_invalid_integer"


@pytest.mark.parametrize(("value", "number"), [("0", 0), ("-5", -5), ("+7", 7), ("0012", 12)])
def test_what_is_an_integer(value: str, number: int) -> None:
    assert params.integer("amount", value) == number


@pytest.mark.parametrize(
    ("reader", "value", "message"),
    [
        (params.boolean, "1", "Invalid boolean: 1"),
        (params.one_of("a", "b"), "c", "Invalid x: must be one of a or b"),
        (params.one_of("a", "b", "c"), "d", "Invalid x: must be one of a, b, or c"),
        (params.one_of("card"), "d", "Invalid x: must be one of card"),
        (params.text, {"0": "a"}, 'Invalid string: {"0":"a"}'),
        (params.metadata, "a", "Invalid object"),
        (params.list_of(params.text), "a", "Invalid array"),
        (params.hash_of({}), {"a": "1"}, "Received unknown parameter: x[a]"),
        (params.email, "nobody", "Invalid email address: nobody"),
    ],
)
def test_the_message_names_what_is_wrong(
    reader: params.Reader, value: params.Raw, message: str
) -> None:
    with pytest.raises(ParameterError, match=f"^{re.escape(message)}$"):
        reader("x", value)


def test_too_long_a_text_is_refused() -> None:
    with pytest.raises(ParameterError, match="must be at most 5000 characters"):
        params.text("name", "x" * 5_001)


def test_an_empty_text_unsets_what_can_be_unset() -> None:
    assert params.clearable_text("name", "") is None
    assert params.email("email", "") is None
    assert params.metadata("metadata", "") is None


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        ("5", TimeRange(5, 5)),
        ({"gt": "5"}, TimeRange(6, None)),
        ({"gte": "5", "lt": "9"}, TimeRange(5, 8)),
        ({"gte": "5", "gt": "5", "lte": "9", "lt": "9"}, TimeRange(6, 8)),
        ({"gt": "-3"}, TimeRange(-2, None)),
    ],
)
def test_ranges_of_time(value: params.Raw, expected: TimeRange) -> None:
    assert params.time_range("created", value) == expected


def test_a_form_wants_what_is_required_and_nothing_unknown() -> None:
    form = params.form("amount", amount=params.integer)
    assert form.read({"amount": "5"}) == {"amount": 5}
    with pytest.raises(ParameterError, match="Missing required param: amount"):
        form.read({})
    with pytest.raises(ParameterError, match="Received unknown parameter: note"):
        form.read({"amount": "5", "note": "x"})
