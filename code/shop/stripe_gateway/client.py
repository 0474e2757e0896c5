"""One connection to one Stripe account: sends, retries, and turns failures into our errors.

Writes go through stripe-python, which encodes their parameters. What is read comes through `getter`
and is decoded into the fields that are needed, without building a `StripeObject` of every row.
"""

import asyncio
import itertools
import random
from collections.abc import Awaitable, Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import Any, TypeVar
from urllib.parse import quote, urlsplit

import aiohttp
import msgspec
import stripe
from stripe import AIOHTTPClient
from stripe import StripeClient as OfficialClient

from shop.errors import (
    StripeError,
    StripeFailed,
    StripeKeyRefused,
    StripeKeyReused,
    StripeRefused,
    StripeUnavailable,
)
from shop.figures.counting import Figures
from shop.figures.table import STRIPE_RETRIES
from shop.rules.retry import MOST_TRIES, Failure, pause_before, worth_retrying
from shop.stripe_gateway.budget import Budget
from shop.stripe_gateway.calls import NO_ANSWER, one_call
from shop.stripe_gateway.getter import CONNECT_WITHIN, Answer, Getter
from shop.stripe_gateway.silence import Silence

API_VERSION: str = stripe.api_version
"""The version that the installed stripe-python pins, and its newest."""

QUICK_WITHIN = 30.0
"""Seconds for one try of a quick call; a person is waiting."""

WRITE_TIMEOUT = aiohttp.ClientTimeout(total=QUICK_WITHIN, sock_connect=CONNECT_WITHIN)

PAGE_WITHIN = 60.0
"""Seconds for one try of a List page; wide expansions take Stripe a while."""

DOTS = frozenset({".", ".."})
"""Ids that a URL would resolve away, so that the call would reach another address of Stripe's."""

Given = TypeVar("Given")

Retries = Callable[[Failure, int], Awaitable[bool]]
"""Waits before the n-th retry (from 1) after a failure, or answers False to give up."""


def jitter() -> float:
    """A number from 0 to 1, so that those who failed together do not come back together."""
    return random.random()  # noqa: S311 (no secret)


async def few_retries(_: Failure, retry: int) -> bool:
    """Retries while a person is waiting."""
    if retry == MOST_TRIES:
        return False
    await asyncio.sleep(pause_before(retry, jitter()))
    return True


class _ErrorBody(msgspec.Struct):
    message: str = "Stripe gave no reason."
    code: str | None = None


class _ErrorAnswer(msgspec.Struct):
    error: _ErrorBody


@dataclass(frozen=True)
class Written:
    """What Stripe answered to a write.

    Attributes:
        body: the JSON as it was sent.
        repeated: it is the first answer to this idempotency key again, so the object may have
            changed since.
    """

    body: str
    repeated: bool


class _WatchedClient(AIOHTTPClient):
    """stripe-python's connection, each of its calls counted and in the log."""

    def __init__(self, figures: Figures, **options: Any) -> None:
        super().__init__(**options)
        self._figures = figures

    async def request_async(
        self, method: str, url: str, headers: Mapping[str, str], post_data: Any = None
    ) -> tuple[bytes, int, Mapping[str, str]]:
        with one_call(self._figures, method, urlsplit(url).path) as call:
            body, status, answered = await super().request_async(method, url, headers, post_data)
            call.answered(status, answered)
            return body, status, answered


class StripeClient:
    """Speaks to Stripe with one key over one connection pool, within the account's budget.

    Attributes:
        silence: how long what `patient` asked has been without any answer.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        getter: Getter,
        budget: Budget,
        figures: Figures,
        *,
        secret_key: str,
        api_base: str,
    ) -> None:
        self._getter = getter
        self._budget = budget
        self._figures = figures
        self.silence = Silence()
        self._headers = {
            "Authorization": f"Bearer {secret_key}",
            "Stripe-Version": API_VERSION,
        }
        self._stripe = OfficialClient(
            secret_key,
            base_addresses={"api": api_base},
            http_client=_WatchedClient(figures, session=session, timeout=WRITE_TIMEOUT),
            max_network_retries=0,
        )
        self.v1 = self._stripe.v1

    async def write(self, send: Callable[[], Awaitable[Given]]) -> Given:
        """Run one write that carries an idempotency key, again where the retry table says so."""
        return await self.call(send, kept=True)

    async def call(self, send: Callable[[], Awaitable[Given]], *, kept: bool = False) -> Given:
        """Run one quick call, again where the retry table says so. The budget counts it.

        Args:
            send: makes the call anew at every try.
            kept: whether Stripe keeps the outcome under the call's idempotency key.

        Raises:
            StripeRefused, StripeKeyRefused, StripeUnavailable: see `shop.errors`.
        """

        async def counted() -> Given:
            self._budget.spend()
            return await send()

        return await self._tried(counted, None, few_retries, kept=kept)

    async def patient(
        self, path: str, query: Mapping[str, str], endpoint: str, retries: Retries
    ) -> bytes:
        """Fetch an object or page for a report, as Stripe sent it; not yet proven whole.

        Args:
            endpoint: what Stripe counts it under, `GET /v1/charges/{id}`.
            retries: like the caller before the first try, it asks the budget.
        """
        with self.silence.asking():
            return await self._tried(lambda: self._get(path, query, PAGE_WITHIN), endpoint, retries)

    async def read(self, path: str, kind: type[Given], query: Mapping[str, str]) -> Given:
        """Fetch one object or page for somebody who waits: the fields that `kind` names."""

        async def fetched() -> Given:
            return _decoded(await self._get(path, query, QUICK_WITHIN), kind)

        return await self.call(fetched)

    async def post(self, path: str, params: Mapping[str, Any], *, attempt: str) -> Written:
        """Do one write under the idempotency key `attempt`, again where the retry table says so."""
        answer = await self.call(
            lambda: self._stripe.raw_request_async("post", path, idempotency_key=attempt, **params),
            kept=True,
        )
        return Written(answer.body, answer.headers.get("Idempotent-Replayed") == "true")

    async def _tried(
        self,
        send: Callable[[], Awaitable[Given]],
        endpoint: str | None,
        retries: Retries,
        *,
        kept: bool = False,
    ) -> Given:
        for retry in itertools.count(1):
            try:
                return await send()
            except stripe.StripeError as error:
                failure, ours = _understand(error, kept=kept)
            except (OSError, aiohttp.ClientError) as error:
                failure, ours = Failure(status=None), _no_answer(error)
            if failure.limited_by is not None:
                of_endpoint = failure.limited_by.startswith("endpoint")
                await self._budget.refused(endpoint if of_endpoint else None)
            if not worth_retrying(failure) or not await retries(failure, retry):
                raise ours
            reason = NO_ANSWER if failure.status is None else str(failure.status)
            self._figures.count(STRIPE_RETRIES, reason)
        raise AssertionError("counting never ends")

    async def _get(self, path: str, query: Mapping[str, str], within: float) -> bytes:
        with one_call(self._figures, "GET", path) as call:
            answer = await self._getter.get(path, query, self._headers, within=within)
            call.answered(answer.status, answer.headers)
        if answer.status == 200:
            return answer.body
        raise _as_stripe_error(answer)


def path_to(collection: str, object_id: str, action: str = "") -> str:
    """`/v1/<collection>/<id>/<action>`, whatever characters the id is made of."""
    return f"/v1/{collection}/{quote(object_id, safe='')}" + (f"/{action}" if action else "")


def expanding(paths: Iterable[str]) -> dict[str, str]:
    """The query that has these paths expanded."""
    return {f"expand[{n}]": path for n, path in enumerate(paths)}


def _decoded(body: bytes, kind: type[Given]) -> Given:
    """The fields that are read; a body that was cut short counts as no answer."""
    try:
        return msgspec.json.decode(body, type=kind)
    except msgspec.ValidationError:
        raise
    except msgspec.DecodeError as error:
        raise stripe.APIError("The answer was cut short.", http_status=200) from error


def _as_stripe_error(answer: Answer) -> stripe.StripeError:
    try:
        told = msgspec.json.decode(answer.body, type=_ErrorAnswer).error
    except msgspec.MsgspecError:
        told = _ErrorBody()
    return stripe.APIError(
        told.message, http_status=answer.status, headers=answer.headers, code=told.code
    )


def _understand(error: stripe.StripeError, *, kept: bool) -> tuple[Failure, StripeError]:
    """Read the structured facts of stripe-python's error, and name it in our own terms."""
    told = error.error
    status = error.http_status
    unreadable = status is not None and 200 <= status < 300
    if status is None or unreadable:
        return Failure(status=None), _no_answer(error)
    headers = {name.lower(): value for name, value in (error.headers or {}).items()}
    code = error.code or (told.code if told else None)
    failure = Failure(
        status=status,
        code=code,
        kept=kept,
        advice={"true": True, "false": False}.get(headers.get("stripe-should-retry", "")),
        limited_by=headers.get("stripe-rate-limited-reason"),
    )
    intent = told.payment_intent if told else None
    misused = isinstance(error, stripe.IdempotencyError)
    kind = StripeKeyReused if misused else _kind(failure)
    message = error.user_message or "Stripe gave no reason."
    if kind is StripeUnavailable:
        message = "Stripe could not be reached just now. Please try again in a moment."
    elif kind is StripeFailed:
        code, message = StripeFailed.code, "Stripe failed at this. Please try again."
    elif kind is StripeKeyRefused:
        message = "Stripe does not accept the shop's key."
    return failure, kind(
        message,
        code=code,
        status=status,
        decline_code=told.decline_code if told else None,
        payment_intent_id=intent.id if intent else None,
        request_id=headers.get("request-id"),
    )


def _kind(failure: Failure) -> type[StripeError]:
    if failure.status in (401, 403):
        return StripeKeyRefused
    if failure.status == 500 and failure.kept:
        return StripeFailed
    if failure.status == 429 or (failure.status is not None and failure.status >= 500):
        return StripeUnavailable
    return StripeRefused


def _no_answer(error: Exception) -> StripeError:
    slow = isinstance(error, TimeoutError) or isinstance(error.__cause__, TimeoutError)
    return StripeUnavailable(
        "Stripe did not answer in time. Please try again in a moment."
        if slow
        else "Stripe could not be reached just now. Please try again in a moment."
    )
