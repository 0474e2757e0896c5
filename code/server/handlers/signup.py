"""Signing up: POST /lessons."""

from aiohttp import web

from server.bodies import LONGEST_METADATA, LONGEST_NAME, Fields, attempt_key, read_fields
from server.keys import GATEWAY, STORAGE
from shop import signup
from shop.signup import LessonChoice


async def start(request: web.Request) -> web.Response:
    """`name`, `email`, `first_lesson`, `first_lesson_at` → the page may ask for a card."""
    fields = await read_fields(request)
    started = await signup.start(
        request.app[STORAGE],
        request.app[GATEWAY],
        name=fields.text("name", LONGEST_NAME),
        email=fields.email(),
        lesson=LessonChoice(
            text=fields.text("first_lesson", LONGEST_METADATA),
            at=fields.optional_moment("first_lesson_at"),
        ),
        attempt=attempt_key(request),
    )
    return web.json_response(
        {"customer_id": started.customer_id, "client_secret": started.client_secret}
    )


def optional_lesson(fields: Fields) -> LessonChoice | None:
    """The last choice of a lesson, where a body names one."""
    text = fields.optional_text("first_lesson", LONGEST_METADATA)
    return LessonChoice(text=text, at=fields.optional_moment("first_lesson_at")) if text else None
