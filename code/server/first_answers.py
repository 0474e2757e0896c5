"""The first answer to an `Idempotency-Key`, given again to whoever repeats the request.

A key names one request: the same key with the same method, path, content type and body is the same
request again. Its answer is kept in Redis for a day once it is definite, and repeated with the
header `Idempotent-Replayed: true`. Whatever left the outcome open is not kept: the same key may try
again, and reaches Stripe under the same key there, so nothing is done twice.
"""

import asyncio
import logging
import time

from aiohttp import web
from aiohttp.typedefs import Handler
from redis.exceptions import RedisError

from server.bodies import attempt_key, names_attempt, whole_body
from server.keys import ANSWERS, STORAGE
from shop.answer_store import Answer, Claim, fingerprint
from shop.errors import Busy, KeyInUse
from shop.leases import prolonged

log = logging.getLogger(__name__)

OWN_RULES = ("/webhook", "/reports", "/sign-in")
"""Where repeating has other rules: events are known by their ids, reports are shared, and a
password is looked at each time; not even a fingerprint of it is kept."""

ANSWERED_AT = web.ResponseKey("answered_at", int)
"""Set on repeated answers: when the first one was given, in unix seconds."""

UNDECIDED_STATUSES = frozenset({408, 429})
UNDECIDED_CODES = frozenset({Busy.code, KeyInUse.code})
"""Errors after which the same request may well succeed."""


@web.middleware
async def first_answers(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Answer a repeated request as at first; everything else goes on to `handler`.

    Raises:
        KeyInUse: the first request with this key has no answer yet.
        KeyReused: the key was first used for another request.
        RedisError: nothing is done without knowing whether it was done before.
    """
    if not _has_first_answer(request):
        return await handler(request)
    body = await whole_body(request)
    asked = fingerprint(request.method, request.path, request.headers.get("Content-Type", ""), body)
    answers = request.app[ANSWERS]
    found = await answers.claim(attempt_key(request), asked)
    if isinstance(found, Answer):
        return _repeated(found)
    try:
        async with prolonged(lambda: answers.prolong(found)):
            answer = await handler(request)
    except asyncio.CancelledError:  # the process stops; whoever asks again goes on elsewhere
        request.app[STORAGE].asides.begin(_settle(request, found, None))
        raise
    await _settle(request, found, _definite(answer))
    return answer


def _has_first_answer(request: web.Request) -> bool:
    return (
        request.method == "POST"
        and names_attempt(request)
        and request.match_info.http_exception is None
        and not request.path.startswith(OWN_RULES)
    )


async def _settle(request: web.Request, claim: Claim, answer: Answer | None) -> None:
    """Keep the answer, or give the key free. What is done is done, so a failure is only logged."""
    try:
        await request.app[ANSWERS].settle(claim, answer)
    except RedisError as error:
        log.warning("the answer to %s could not be kept: %s", request.path, error)


def _definite(answer: web.StreamResponse) -> Answer | None:
    if not isinstance(answer, web.Response) or not isinstance(answer.body, bytes):
        return None
    if answer.status >= 500 or answer.status in UNDECIDED_STATUSES:
        return None
    content_type, now = answer.headers["Content-Type"], int(time.time())
    kept = Answer(answer.status, content_type, answer.body.decode(), at=now)
    return None if kept.error_code in UNDECIDED_CODES else kept


def _repeated(first: Answer) -> web.Response:
    answer = web.Response(
        status=first.status,
        body=first.body.encode(),
        headers={"Content-Type": first.content_type, "Idempotent-Replayed": "true"},
    )
    answer[ANSWERED_AT] = first.at
    return answer
