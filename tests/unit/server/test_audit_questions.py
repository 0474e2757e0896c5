"""What may be asked of the audit trail."""

import pytest

from server.app import OPENAPI_FILE  # the description and the page have to know every action
from server.audit_questions import ACTIONS, length_of, question_of, written
from server.bodies import Fields
from shop.audit.entry import Result
from shop.audit.trail import Question
from shop.errors import BadRequest
from shop.settings import PROJECT

MIDNIGHT = 1_795_410_000_000
"""23 November 2026 in New York, in unix milliseconds."""


def asked(**query: str) -> Question:
    return question_of(Fields(query))


def test_nothing_asked_is_everything():
    """Also where a form sends its fields empty."""
    assert asked() == asked(**{"from": ""}, to="", who="", action="", result="") == Question()


def test_days_are_those_of_the_readers_clock():
    """Both are in, to the last millisecond; Europe and America differ by hours."""
    day = {"from": "2026-11-23", "to": "2026-11-23"}
    assert asked(**day, timezone="America/New_York") == Question(
        since=MIDNIGHT, until=MIDNIGHT + 24 * 3600 * 1000 - 1
    )
    assert asked(**day).since == MIDNIGHT - 5 * 3600 * 1000


def test_the_rest_is_taken_as_it_is():
    """A place of an earlier page comes back as that page wrote it."""
    place = (MIDNIGHT, "0f1e2d3c4b5a6978")
    question = asked(
        who="ada/robot", action="capture", result="unknown", subject="pi_1", before=written(place)
    )
    assert question == Question(
        who="ada/robot", action="capture", result=Result.UNKNOWN, subject="pi_1", before=place
    )


@pytest.mark.parametrize(
    "query",
    [
        {"from": "yesterday"},
        {"to": "2026-11-31"},
        {"to": "12026-11-23"},
        {"timezone": "Springfield"},
        {"action": "steal"},
        {"result": "fine"},
        {"before": "1"},
        {"before": "1-xyz"},
        {"subject": "x" * 300},
        {"who": "a\x00b"},
    ],
)
def test_what_cannot_be_asked_is_refused(query: dict[str, str]):
    """With a sentence about it."""
    with pytest.raises(BadRequest):
        asked(**query)


def test_how_many_are_wanted():
    """50 where nobody says; 200 at most."""
    assert [length_of(Fields(q)) for q in ({}, {"limit": "1"}, {"limit": "200"})] == [50, 1, 200]
    for wrong in ("0", "201", "-1", "many"):
        with pytest.raises(BadRequest):
            length_of(Fields({"limit": wrong}))


def test_every_action_can_be_chosen():
    """On the page and in the description."""
    page = (PROJECT / "code" / "client" / "pages" / "owner.html").read_text(encoding="utf-8")
    description = OPENAPI_FILE.read_text(encoding="utf-8")
    assert [a for a in ACTIONS if f'<option value="{a}">' not in page] == []
    assert [a for a in ACTIONS if f'"{a}"' not in description] == []
