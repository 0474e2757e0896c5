"""How Stripe, or a proxy in front of it, says no for reasons that lie in the network."""

from collections.abc import Mapping
from typing import Any

from aiohttp import web

from sandbox.errors import StripeError
from sandbox.idempotency import key_in_use
from sandbox.network.faults import Kind
from sandbox.network.limits import Mode, Reason

PROXY_PAGE = (
    "<html>\r\n<head><title>502 Bad Gateway</title></head>\r\n<body>\r\n"
    "<center><h1>502 Bad Gateway</h1></center>\r\n</body>\r\n</html>\r\n"
)

RATE_LIMITED: Mapping[Mode, str] = {
    "test": "Testmode request rate limit exceeded, the rate limits in testmode are lower than "
    "livemode. You can learn more about rate limits here https://stripe.com/docs/rate-limits.",
    "live": "Request rate limit exceeded. You can learn more about rate limits here "
    "https://stripe.com/docs/rate-limits.",
}


class RateLimited(StripeError):
    """429 of the limiter, which stands in front of the request log too."""

    def __init__(self, reason: Reason, mode: Mode) -> None:
        super().__init__(429, RATE_LIMITED[mode], code="rate_limit")
        self.headers = {"Stripe-Rate-Limited-Reason": reason.value}

    def body(self, request_id: str) -> dict[str, Any]:
        """The JSON body, which names no request log."""
        body = super().body(request_id)
        del body["error"]["request_log_url"]
        return body


class LockTimeout(StripeError):
    """429 that has nothing to do with rates: the object was busy for too long."""

    def __init__(self) -> None:
        super().__init__(
            429,
            "This object cannot be accessed right now because another API request or Stripe "
            "process is currently accessing it. If you see this error intermittently, retry the "
            "request. If you see this error frequently and are making multiple concurrent "
            "requests to a single object, make your requests serially or at a lower rate.",
            code="lock_timeout",
        )
        self.headers = {"Stripe-Should-Retry": "true"}


def server_error() -> StripeError:
    """500: which an idempotency key remembers like any answer of an endpoint."""
    return StripeError(500, "An unknown error occurred", type="api_error")


def bad_gateway() -> web.Response:
    """502 of a proxy that knows nothing of Stripe: HTML, and none of Stripe's headers."""
    return web.Response(status=502, text=PROXY_PAGE, content_type="text/html")


def refused(fault: Kind, key: str, mode: Mode) -> StripeError | None:
    """What Stripe itself answers to a request with this idempotency key, if it refuses it."""
    match fault:
        case Kind.RATE_LIMIT:
            return RateLimited(Reason.GLOBAL_RATE, mode)
        case Kind.LOCK_TIMEOUT:
            return LockTimeout()
        case Kind.CONFLICT:
            return key_in_use(key)
    return None
