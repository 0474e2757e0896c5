"""What a field of a body may be, and the sentence for what it may not."""

import pytest

from server.bodies import Fields
from shop.errors import BadRequest


@pytest.mark.parametrize(("given", "cents"), [(123, 123), ("123", 123), (1, 1), ("007", 7)])
def test_an_amount_is_a_whole_number_of_cents(given, cents):
    """As a number, or as a string from a form."""
    assert Fields({"amount": given}).amount() == cents


@pytest.mark.parametrize(
    "given",
    [
        0,
        -1,
        512.7,
        512.0,
        True,
        False,
        "0",
        "-1",
        "512.7",
        "5_00",
        "1e3",
        " 5",
        "\u0665",
        10**12,
        "x",
    ],
)
def test_anything_else_is_no_amount(given):
    """One sentence for all of them."""
    with pytest.raises(BadRequest) as refused:
        Fields({"amount": given}).amount()
    assert refused.value.message == "The amount must be a whole number of cents, 1 or more."
    assert refused.value.code == "parameter_invalid_integer"


def test_an_optional_amount_may_be_left_out_but_not_be_wrong():
    """None means all of it; an empty form field is a mistake, not all of it."""
    assert Fields({}).optional_amount() is None
    assert Fields({"amount": None}).optional_amount() is None
    with pytest.raises(BadRequest):
        Fields({"amount": ""}).optional_amount()


@pytest.mark.parametrize(
    ("given", "message"),
    [
        (None, "Please give the first lesson."),
        ("", "Please give the first lesson."),
        ("   ", "Please give the first lesson."),
        (5, "The first lesson must be text."),
        (True, "The first lesson must be text."),
        ("x" * 11, "The first lesson is longer than 10 characters."),
        ("x" + " " * 10, "The first lesson is longer than 10 characters."),
        ("a\x00b", "The first lesson has characters that cannot be printed."),
        ("\ud800", "The first lesson has characters that cannot be printed."),
    ],
)
def test_a_text_that_must_be_there(given, message):
    """The sentence names the field in words."""
    with pytest.raises(BadRequest) as refused:
        Fields({"first_lesson": given}).text("first_lesson", 10)
    assert refused.value.message == message


def test_names_of_all_the_world_are_printable():
    """Only control characters and broken ones are refused."""
    for name in (
        "Zoë Ñandú",
        "李小龍",
        "O'Brien-Smith",
        "🎸 Ana",
        "山田\u3000太郎",
        "नेहा\u200cक",
    ):
        assert Fields({"name": name}).text("name", 256) == name


@pytest.mark.parametrize(
    "given", ["2026-12-01T15:00:00+01:00", "2026-12-01T15:00Z", "2026-12-01T15:00:00-08:00"]
)
def test_a_moment_is_kept_as_given(given):
    """The student's own zone is part of it."""
    assert Fields({"at": given}).optional_moment("at") == given


@pytest.mark.parametrize(
    "given",
    [
        "tomorrow",
        "2026-13-01T00:00Z",
        "2026-12-01T15:00:00",
        "0001-01-01T00:00:00+00:01",
        "9999-12-31T23:59:59-00:01",
    ],
)
def test_a_moment_without_a_zone_or_a_date_is_refused(given):
    """The lesson's text has no year and no zone, so this must; nor may it be in no year in UTC."""
    with pytest.raises(BadRequest):
        Fields({"at": given}).optional_moment("at")


def test_a_password_is_taken_as_typed():
    """Blanks around it are part of it; all other texts are without."""
    fields = Fields({"password": " correct horse "})
    assert fields.as_typed("password", 20) == " correct horse "
    assert fields.text("password", 20) == "correct horse"


@pytest.mark.parametrize("given", [None, "", "   ", 5, "x" * 21, "x\0x"])
def test_a_password_is_a_text_all_the_same(given):
    """Refused with the same sentences."""
    with pytest.raises(BadRequest):
        Fields({"password": given}).as_typed("password", 20)
