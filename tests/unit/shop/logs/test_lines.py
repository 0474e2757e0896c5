"""What a line of the log looks like, for programs and for people."""

import json
import logging
import sys
from collections.abc import Mapping
from datetime import UTC, datetime

from structlog.contextvars import bound_contextvars

from shop.logs.set_up import json_lines, text_lines


def record(sentence: str, *args: object, **extra: object) -> logging.LogRecord:
    """What `log.warning` makes of its arguments."""
    return logging.getLogger("shop.here").makeRecord(
        "shop.here", logging.WARNING, __file__, 1, sentence, args, None, extra=extra
    )


def as_json(line: str) -> Mapping[str, object]:
    """The object in a line, without its time, which is now and in UTC."""
    found = json.loads(line)
    age = datetime.now(UTC) - datetime.fromisoformat(found.pop("time"))
    assert abs(age.total_seconds()) < 60
    return found


def test_a_program_reads_an_object_with_all_that_is_bound():
    """The sentence is whole, numbers stay numbers."""
    with bound_contextvars(request_id="abc"):
        line = json_lines().format(record("%s could not be kept: %d", "x", 3, status=503))
    assert "\n" not in line
    assert as_json(line) == {
        "level": "warning",
        "logger": "shop.here",
        "event": "x could not be kept: 3",
        "request_id": "abc",
        "status": 503,
    }
    assert line.startswith('{"time":')


def test_a_person_reads_text_without_colours_or_time():
    """honcho prints the time before each line; a pipe shows colours as rubbish."""
    with bound_contextvars(request_id="abc"):
        line = text_lines(colors=False).format(record("x could not be kept", status=503))
    assert line == "[warning] x could not be kept [shop.here] request_id=abc status=503"


def test_a_traceback_is_part_of_its_line():
    """So that one message is one line, and people see it as Python prints it."""
    try:
        raise ValueError("wrong")
    except ValueError:
        error = record("failed")
        error.exc_info = sys.exc_info()
    found = as_json(json_lines().format(error))
    assert str(found["exception"]).startswith("Traceback (most recent call last):\n")
    assert str(found["exception"]).endswith("ValueError: wrong")
    text = text_lines(colors=False).format(error)
    assert text.startswith("[warning] failed [shop.here]\nTraceback (most recent call last):\n")


def test_what_a_library_repeats_is_taken_out():
    """Also from what is inside of values."""
    line = json_lines().format(record("no %s", "a@b.example", key="sk_live_51Hx"))
    assert as_json(line) == {
        "level": "warning",
        "logger": "shop.here",
        "event": "no [e-mail]",
        "key": "sk_live_[key]",
    }
