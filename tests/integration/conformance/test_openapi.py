"""The comparison with an OpenAPI description can fail, in every way an answer can be wrong."""

from typing import Any

import pytest

from tests.integration.conformance.openapi import Description

LESSON = {
    "type": "object",
    "required": ["id", "object", "paid", "level"],
    "properties": {
        "id": {"type": "string", "maxLength": 8},
        "object": {"type": "string", "enum": ["lesson"]},
        "cents": {"type": "integer", "nullable": True},
        "level": {"type": "string", "enum": ["first", "second"]},
        "paid": {"type": "boolean"},
        "teacher": {"anyOf": [{"type": "string"}, {"$ref": "#/components/schemas/teacher"}]},
        "notes": {"type": "object", "additionalProperties": {"type": "string"}},
        "tags": {"type": "array", "items": {"type": "string"}},
        "url": {"type": "string", "pattern": "^/v1/lessons"},
        "anything": {"type": "object"},
    },
}
TEACHER = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "object": {"type": "string", "enum": ["teacher"]}},
}
DELETED = {
    "type": "object",
    "required": ["deleted"],
    "properties": {"deleted": {"type": "boolean", "enum": [True]}},
}
ERROR = {"type": "object", "properties": {"error": {"type": "string"}}}


def answers(*kinds: str) -> dict[str, Any]:
    """An operation that answers with one of these components."""
    offered = [{"$ref": f"#/components/schemas/{kind}"} for kind in kinds]
    schema = {"anyOf": offered} if len(offered) > 1 else offered[0]
    return {"responses": {"200": {"content": {"application/json": {"schema": schema}}}}}


DESCRIPTION = Description(
    {
        "paths": {
            "/v1/lessons/{lesson}": {"get": answers("lesson", "deleted_lesson")},
            "/v1/lessons/next": {"get": answers("teacher")},
        },
        "components": {
            "schemas": {
                "lesson": LESSON,
                "deleted_lesson": DELETED,
                "teacher": TEACHER,
                "error": ERROR,
            }
        },
    }
)
GOOD = {"id": "le_1", "object": "lesson", "paid": True, "level": "first"}


def problems(body: object, status: int = 200) -> list[str]:
    """What is wrong with an answer to `GET /v1/lessons/le_1`."""
    schema = DESCRIPTION.answer("GET", "/v1/lessons/le_1", status)
    assert schema is not None
    return [str(problem) for problem in DESCRIPTION.problems(body, schema)]


@pytest.mark.parametrize(
    "members",
    [
        {},
        {"cents": None},
        {"teacher": "te_1"},
        {"teacher": {"object": "teacher", "name": "Ada"}},
        {"notes": {"key": "C"}, "tags": ["loud"], "url": "/v1/lessons/le_1"},
        {"anything": {"object": "teacher", "name": "Ada"}},
    ],
)
def test_an_answer_as_described_has_no_problem(members: dict[str, Any]) -> None:
    assert problems(GOOD | members) == []


@pytest.mark.parametrize(
    ("members", "problem"),
    [
        ({"cents": "65.00"}, "lesson.cents is str, not integer"),
        ({"cents": True}, "lesson.cents is bool, not integer"),
        ({"paid": None}, "lesson.paid is null"),
        ({"level": "third"}, "lesson.level=third is not among the values described"),
        ({"loud": True}, "lesson.loud is not described"),
        ({"loud": None}, "lesson.loud is not described"),
        ({"id": "le_123456"}, "lesson.id has 9 letters, more than 8"),
        ({"url": "/v2/lessons"}, "lesson.url does not look like ^/v1/lessons: /v2/lessons"),
        ({"tags": ["loud", 3]}, "lesson.tags[] is int, not string"),
        ({"notes": {"key": 3}}, "lesson.notes.* is int, not string"),
        ({"teacher": {"object": "teacher"}}, "teacher.name is required and missing"),
        ({"teacher": 3}, "lesson.teacher is none of what is offered: 3"),
        ({"anything": {"object": "teacher"}}, "teacher.name is required and missing"),
    ],
)
def test_each_way_to_be_wrong_is_told(members: dict[str, Any], problem: str) -> None:
    assert problems(GOOD | members) == [problem]


def test_a_required_member_is_missing() -> None:
    body = {name: value for name, value in GOOD.items() if name != "paid"}
    assert problems(body) == ["lesson.paid is required and missing"]


def test_a_deleted_object_is_told_from_a_living_one() -> None:
    assert problems({"deleted": True}) == []
    assert problems({"deleted": True, "paid": True}) == ["deleted_lesson.paid is not described"]


def test_every_other_status_answers_with_the_error() -> None:
    assert problems({"error": "No such lesson"}, 404) == []
    assert problems(GOOD, 404) != []


def test_a_path_of_its_own_wins_over_a_pattern() -> None:
    assert DESCRIPTION.answer("GET", "/v1/lessons/next", 200) == {
        "$ref": "#/components/schemas/teacher"
    }


def test_what_is_not_described_is_no_endpoint() -> None:
    assert DESCRIPTION.answer("POST", "/v1/lessons/le_1", 200) is None
    assert DESCRIPTION.answer("GET", "/v1/lessons", 200) is None
