"""From an HTTP request to Stripe's answer, one step after the other.

Key, idempotency key, parameters, expand paths, and only then the endpoint itself. Between
claiming an idempotency key and keeping its answer nothing is awaited.
"""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass

import msgspec
from aiohttp import web

from sandbox import expansion
from sandbox.account import Account
from sandbox.auth import Caller, authenticate, secret_key_required
from sandbox.endpoint import Call, Endpoint
from sandbox.errors import StripeError
from sandbox.expansion import Schema
from sandbox.idempotency import check_key
from sandbox.lists import Page
from sandbox.params import Raw, decode
from sandbox.public_view import reduced, reduced_error
from sandbox.service import SERVICE
from sandbox.store import Record
from sandbox.version import API_VERSION

Handler = Callable[[web.Request], Awaitable[web.Response]]

BESIDE = ("key", "_stripe_version", "_stripe_account")
"""Parameters that Stripe.js sends in the place of headers."""

_encode = msgspec.json.Encoder().encode


@dataclass
class Answered:
    """What goes back, before it is an HTTP response."""

    status: int
    body: bytes
    headers: Mapping[str, str]


@dataclass
class Exchange:
    """One request on its way through the steps."""

    account: Account
    endpoint: Endpoint
    schema: Schema
    caller: Caller
    raw: dict[str, Raw]
    path: str
    path_values: Mapping[str, str]
    origin: str
    request_id: str

    def once(self, key: str) -> Answered:
        """Answer, or repeat the answer that ``key`` was first given."""
        keys = self.account.idempotency
        first = keys.begin(key, self.path, self.raw, self.request_id, self.account.now())
        if first is not None:
            again = {"Idempotent-Replayed": "true", "Original-Request": first.request_id}
            return Answered(first.status, first.body, {"Idempotency-Key": key, **again})
        answered: Answered | None = None
        try:
            answered = self.run(key)
        except StripeError as error:
            if not error.replayable:
                raise
            answered = self.failed(error)
        finally:
            if answered is None:
                keys.release(key)
            else:
                keys.finish(key, answered.status, answered.body)
        return Answered(answered.status, answered.body, {"Idempotency-Key": key})

    def run(self, key: str | None) -> Answered:
        """Read the parameters, check what is to be expanded, do it, render it."""
        endpoint, account = self.endpoint, self.account
        params = endpoint.form.read(self.raw)
        tree = expansion.parse(
            self.schema, endpoint.answers, params.get("expand", ()), many=endpoint.many
        )
        account.request = (self.request_id, key)
        try:
            call = Call(account, params, self.path_values, self.caller, self.origin)
            answer = endpoint.handle(call)
        finally:
            account.request = (None, None)
        if isinstance(answer, Record):
            answer = account.render(answer)
        elif isinstance(answer, Page):
            answer = answer.render(account)
        expansion.apply(account, self.schema, answer, tree)
        if self.caller is Caller.PAGE:
            answer = reduced(answer)
        return Answered(200, _encode(answer), {})

    def failed(self, error: StripeError) -> Answered:
        """The answer that says what went wrong."""
        body = error.body(self.request_id)
        if self.caller is Caller.PAGE:
            body = {"error": reduced_error(body["error"])}
        return Answered(error.status, _encode(body), {})


def serve(endpoint: Endpoint, schema: Schema) -> Handler:
    """The aiohttp handler of an endpoint."""

    async def handle(request: web.Request) -> web.Response:
        body = (await request.read()).decode(errors="replace")
        account = request.app[SERVICE].account
        account.timers.run_due(account)
        request_id = account.ids.new("req")
        raw = decode(request.query_string, body)
        beside = {name: raw.pop(name) for name in BESIDE if name in raw}
        try:
            caller = authenticate(request.headers, beside.get("key"))
            if caller is Caller.PAGE and not endpoint.publishable:
                raise secret_key_required()
        except StripeError as error:
            return respond_error(error, request_id)
        exchange = Exchange(
            account,
            endpoint,
            schema,
            caller,
            raw,
            request.path,
            request.match_info,
            f"{request.scheme}://{request.host}",
            request_id,
        )
        answered = _answer(exchange, _idempotency_key(request))
        return respond(answered.status, answered.body, request_id, answered.headers)

    return handle


def respond(
    status: int, body: bytes, request_id: str, headers: Mapping[str, str] | None = None
) -> web.Response:
    """A response with the headers that all of Stripe's have."""
    common = {"Request-Id": request_id, "Stripe-Version": API_VERSION}
    return web.Response(
        status=status,
        body=body,
        content_type="application/json",
        headers={**common, **(headers or {})},
    )


def respond_error(error: StripeError, request_id: str) -> web.Response:
    """The response to a request that no endpoint took."""
    return respond(error.status, _encode(error.body(request_id)), request_id)


def _answer(exchange: Exchange, key: str | None) -> Answered:
    try:
        if key is None:
            return exchange.run(None)
        check_key(key)
        return exchange.once(key)
    except StripeError as error:
        return exchange.failed(error)


def _idempotency_key(request: web.Request) -> str | None:
    return request.headers.get("Idempotency-Key") if request.method == "POST" else None
