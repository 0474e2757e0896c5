"""From an HTTP request to Stripe's answer, one step after the other.

Key, idempotency key, parameters, expand paths, and only then the endpoint itself. A request
waits, for as long as the latency says, after it has claimed its idempotency key and before it is
worked off: a second one with the same key meets the first still at work, as at Stripe. From then
until the answer is kept nothing is awaited.
"""

import asyncio
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace

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
from sandbox.network import FAULT
from sandbox.network.faults import Kind
from sandbox.network.refusals import server_error
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
    """What goes back, before it is an HTTP response.

    ``objects`` is how many there are in the answer, each expansion of each counted as one more.
    """

    status: int
    body: bytes
    headers: Mapping[str, str]
    objects: int = 0


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
    work_time: float
    """Seconds the request is at work before it takes effect."""
    breaks_down: bool = False
    """Whether the endpoint is to fail with a 500."""

    async def answer(self, key: str | None) -> Answered:
        """Answer under an idempotency key, if there is one; errors are answers too."""
        try:
            if key is None:
                await self.work()
                return self.run(None)
            check_key(key)
            return await self.once(key)
        except StripeError as error:
            return replace(self.failed(error), headers={"Idempotency-Key": key} if key else {})

    async def once(self, key: str) -> Answered:
        """Answer, or repeat the answer that ``key`` was first given."""
        keys = self.account.idempotency
        first = keys.begin(key, self.path, self.raw, self.request_id, self.account.now())
        if first is not None:
            await self.work()
            again = {"Idempotent-Replayed": "true", "Original-Request": first.request_id}
            return Answered(first.status, first.body, {"Idempotency-Key": key, **again})
        answered: Answered | None = None
        try:
            await self.work()
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
        return replace(answered, headers={"Idempotency-Key": key})

    async def work(self) -> None:
        """Take the time that Stripe would take."""
        if self.work_time:
            await asyncio.sleep(self.work_time)

    def run(self, key: str | None) -> Answered:
        """Read the parameters, check what is to be expanded, do it, render it."""
        endpoint, account = self.endpoint, self.account
        account.timers.run_due(account)
        params = endpoint.form.read(self.raw)
        expanded = params.get("expand", ())
        tree = expansion.parse(self.schema, endpoint.answers, expanded, many=endpoint.many)
        if self.breaks_down:
            raise server_error()
        account.request = (self.request_id, key)
        try:
            call = Call(account, params, self.path_values, self.caller, self.origin)
            answer = endpoint.handle(call)
        finally:
            account.request = (None, None)
        rows = 1
        if isinstance(answer, Record):
            answer = account.render(answer)
        elif isinstance(answer, Page):
            rows = len(answer.records)
            answer = answer.render(account)
        expansion.apply(account, self.schema, answer, tree)
        if self.caller is Caller.PAGE:
            answer = reduced(answer)
        return Answered(200, _encode(answer), {}, rows * (1 + len(expanded)))

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
        service = request.app[SERVICE]
        account, latency = service.account, service.network.latency
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
            latency.before(),
            breaks_down=request.get(FAULT) is Kind.SERVER_ERROR,
        )
        answered = await exchange.answer(_idempotency_key(request))
        sending = latency.after(answered.objects)
        if sending:
            await asyncio.sleep(sending)
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
    return respond(error.status, _encode(error.body(request_id)), request_id, error.headers)


def _idempotency_key(request: web.Request) -> str | None:
    return request.headers.get("Idempotency-Key") if request.method == "POST" else None
