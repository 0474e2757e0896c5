"""The shop's routes and the local Stripe, spoken to as a script would, beside the browser."""

import time
from collections.abc import Callable, Mapping
from typing import Any, TypeVar

from playwright.sync_api import APIRequestContext, APIResponse

from tests.stack import Stack

PATIENCE = 15.0
"""Seconds to wait for what happens behind the page, such as a webhook."""

Found = TypeVar("Found")


class Api:
    """One server that answers JSON."""

    def __init__(
        self, request: APIRequestContext, url: str, headers: Mapping[str, str] | None = None
    ) -> None:
        self._request = request
        self._url = url
        self._headers = dict(headers or {})

    def get(self, path: str, **query: str | float | bool) -> Any:
        """The answer to a GET that must succeed."""
        return _body(self._request.get(self._url + path, params=query, headers=self._headers))

    def post(self, path: str, **fields: str | int) -> Any:
        """The answer to a POST of JSON that must succeed."""
        return _body(self._request.post(self._url + path, data=fields, headers=self._headers))

    def refused(self, path: str, **fields: str | int) -> Any:
        """The answer to a POST of JSON that must be refused."""
        answer = self._request.post(self._url + path, data=fields, headers=self._headers)
        assert 400 <= answer.status < 500, f"{answer.status} {answer.url}: {answer.text()}"
        return answer.json()

    def form(self, path: str, **fields: str | float | bool) -> Any:
        """The answer to a POST of a form, as Stripe wants it, that must succeed."""
        return _body(self._request.post(self._url + path, form=fields, headers=self._headers))


def stripe_api(request: APIRequestContext, stack: Stack) -> Api:
    """The local Stripe, spoken to with the secret key."""
    key = stack.settings.secret_key
    return Api(request, stack.sandbox_url, {"Authorization": f"Bearer {key}"})


def _body(answer: APIResponse) -> Any:
    assert answer.ok, f"{answer.status} {answer.url}: {answer.text()}"
    return answer.json()


def wait_until(look: Callable[[], Found | None]) -> Found:
    """The first thing `look` finds; what happens behind the page gives no sign to wait for."""
    deadline = time.monotonic() + PATIENCE
    while time.monotonic() < deadline:
        if found := look():
            return found
        time.sleep(0.05)
    raise AssertionError(f"nothing was found within {PATIENCE:g} seconds")
