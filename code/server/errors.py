"""From failures to answers: one table. Every error is `{"error": {"code", "message"}}`.

A failure that is not in the table is a mistake of ours: it is logged with its traceback and the
caller learns nothing but that it happened.
"""

import logging
from collections.abc import Mapping

from aiohttp import web
from aiohttp.http_exceptions import ContentEncodingError
from aiohttp.typedefs import Handler
from redis.exceptions import RedisError

from server.keys import PAGES
from shop.errors import (
    AlreadyFinal,
    AlreadyHeldAgain,
    BadRequest,
    Busy,
    CustomerExists,
    ForeignRequest,
    KeyInUse,
    KeyReused,
    LinkNeeded,
    NotAllowed,
    ResultMissing,
    SettingsError,
    ShopError,
    SignInNeeded,
    StripeFailed,
    StripeKeyRefused,
    StripeRefused,
    StripeUnavailable,
    TooManyRequests,
    Unavailable,
    UncapturedPayments,
    UnknownCustomer,
    UnknownJob,
    UnknownReport,
)

log = logging.getLogger(__name__)

STATUS: Mapping[type[ShopError], int] = {
    UnknownCustomer: 404,
    UnknownReport: 404,
    UnknownJob: 404,
    BadRequest: 400,
    SignInNeeded: 401,
    NotAllowed: 403,
    LinkNeeded: 403,
    ForeignRequest: 403,
    CustomerExists: 409,
    AlreadyHeldAgain: 409,
    AlreadyFinal: 409,
    Busy: 409,
    KeyInUse: 409,
    KeyReused: 422,
    TooManyRequests: 429,
    ResultMissing: 410,
    Unavailable: 503,
    StripeKeyRefused: 502,
    StripeFailed: 502,
    StripeUnavailable: 503,
}

PROBLEM = web.ResponseKey("problem", str)
"""The sentence of an error, on its answer."""

OWN_WORDS: Mapping[int, tuple[str, str]] = {
    404: ("not_found", "There is nothing at this address."),
    405: ("method_not_allowed", "This address does not answer to this method."),
    408: ("body_too_slow", "The body did not arrive in time."),
    413: ("body_too_large", "That is more than the shop accepts at once."),
    415: ("unsupported_media_type", "Please send JSON or a form."),
    417: ("expectation_failed", "The shop cannot do what the Expect header asks for."),
}


@web.middleware
async def errors_as_json(request: web.Request, handler: Handler) -> web.StreamResponse:
    """Turn whatever went wrong into an answer."""
    try:
        return await handler(request)
    except UncapturedPayments as error:
        open_holds = list(error.payment_intents)
        return web.json_response({"uncaptured_payments": open_holds}, status=409)
    except SettingsError as error:
        log.error("%s", error.message)
        return json_error(500, "misconfigured", "The shop is not set up rightly.")
    except ShopError as error:
        return error_answer(error)
    except RedisError as error:
        log.error("Redis cannot be used: %s", error)
        return json_error(503, "unavailable", "The shop's memory is away. Please try again soon.")
    except web.HTTPError as error:
        return _of_http(request, error)
    except (web.RequestPayloadError, ContentEncodingError):
        return json_error(400, "unreadable_body", "The body did not arrive whole.")
    except Exception:  # a mistake of ours: logged, and the caller is told no more than that
        log.exception("%s %s failed", request.method, request.path)
        return json_error(500, "internal_error", "Something went wrong on our side.")


def error_answer(error: ShopError, **beside: object) -> web.Response:
    """The answer to an error of ours; `beside` stands next to `error` in the body."""
    answer = json_error(_status(error), error.code, error.message, **_beside(error), **beside)
    if isinstance(error, TooManyRequests):
        answer.headers["Retry-After"] = str(error.retry_after)
    if isinstance(error, SignInNeeded):
        answer.headers["WWW-Authenticate"] = "Bearer"  # browsers ask nobody for a password then
    return answer


def json_error(status: int, code: str | None, message: str, **beside: object) -> web.Response:
    """`{"error": {"code", "message"}}` and whatever stands beside it."""
    error = {"code": code, "message": message}
    answer = web.json_response({"error": error, **beside}, status=status)
    answer[PROBLEM] = message
    return answer


def _status(error: ShopError) -> int:
    if isinstance(error, StripeRefused):
        return error.status or 400
    return next(STATUS[kind] for kind in type(error).__mro__ if kind in STATUS)


def _beside(error: ShopError) -> dict[str, object]:
    if isinstance(error, CustomerExists):
        return {"customer_id": error.customer_id, "email": error.email}
    return {}


def _of_http(request: web.Request, error: web.HTTPError) -> web.StreamResponse:
    wants_page = request.method == "GET" and "text/html" in request.headers.get("Accept", "")
    if error.status == 404 and wants_page:
        return web.Response(
            body=request.app[PAGES]["not-found"], content_type="text/html", status=404
        )
    code, message = OWN_WORDS.get(error.status, (None, error.reason))
    answer = json_error(error.status, code, message)
    if error.status == web.HTTPRequestTimeout.status_code:
        answer.force_close()
    if "Allow" in error.headers:
        answer.headers["Allow"] = error.headers["Allow"]
    return answer
