"""What is changed about requests on their way, so that they get further than the first refusal."""

import hashlib
import hmac
import itertools
import time
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from typing import Any

import requests
import schemathesis
from requests.auth import AuthBase
from schemathesis import Case, HookContext
from schemathesis.hooks import unregister

from server.bodies import ATTEMPT_KEY

KEY = "Idempotency-Key"
REPEATED = 10
"""One in so many attempts keeps the key that was made up, which other requests have as well."""


class StripeSignature(AuthBase):
    """Signs every other body (docs.stripe.com/webhooks#verify-manually), whatever it says."""

    def __init__(self, secret: str) -> None:
        self._secret = secret.encode()

    def __call__(self, request: requests.PreparedRequest) -> requests.PreparedRequest:
        """Put the header of a genuine event on the request."""
        body = request.body or b""
        body = body.encode() if isinstance(body, str) else body
        if zlib.crc32(body) % 2:
            moment = int(time.time())
            mac = hmac.new(self._secret, f"{moment}.".encode() + body, hashlib.sha256).hexdigest()
            request.headers["Stripe-Signature"] = f"t={moment},v1={mac}"
        return request


@contextmanager
def helping_requests_along(webhook_secret: str, owners: Mapping[str, str]) -> Iterator[None]:
    """Sign events, name attempts by keys of their own and bring cards to who entered them.

    Args:
        owners: the student of each SetupIntent.

    Requests that were made to be refused stay as they are.
    """
    signature, numbers = StripeSignature(webhook_secret), itertools.count(1)

    @schemathesis.hook
    def before_call(_: HookContext, case: Case, kwargs: dict[str, Any]) -> None:
        if case.meta is not None and case.meta.generation.mode.is_negative:
            return
        if case.operation.path == "/webhook":
            kwargs["auth"] = signature
        if case.operation.path == "/update-payment-details/{customer_id}":
            owner = owners.get(str(_field(case.body, "setup_intent_id")))
            case.path_parameters["customer_id"] = owner or case.path_parameters["customer_id"]
        key = (case.headers or {}).get(KEY)
        number = next(numbers)
        if key is not None and ATTEMPT_KEY.fullmatch(key) and number % REPEATED:
            case.headers[KEY] = f"attempt-{number}"

    try:
        yield
    finally:
        unregister(before_call)


def _field(body: object, name: str) -> object:
    return body.get(name) if isinstance(body, dict) else None
