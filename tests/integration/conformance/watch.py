"""Watches a sandbox answer, and judges every answer as it leaves."""

import json
from dataclasses import dataclass, field
from typing import Any

from aiohttp import web
from aiohttp.typedefs import Handler, Middleware

from tests.integration.conformance.official import Official, Verdict


@dataclass(frozen=True)
class Answer:
    """One answer that was given.

    Attributes:
        endpoint: method and path pattern, such as `GET /v1/customers/{id}`; None where no
            endpoint took the request.
    """

    endpoint: str | None
    status: int
    error: dict[str, Any] | None


@dataclass
class Watch:
    """The answers of one test, and what is wrong with them; nothing without official material."""

    official: Official | None
    answers: list[Answer] = field(default_factory=list)
    verdict: Verdict = field(default_factory=Verdict)

    def over(self, app: web.Application, within: Middleware) -> None:
        """Watch what `app` answers inside its middleware `within`, which may then spoil it."""
        app.middlewares.insert(app.middlewares.index(within) + 1, self._middleware())

    def _middleware(self) -> Middleware:
        @web.middleware
        async def look(request: web.Request, handler: Handler) -> web.StreamResponse:
            response = await handler(request)
            if request.path.startswith("/v1/") and request.method != "OPTIONS":
                self._note(request, response)
            return response

        return look

    def _note(self, request: web.Request, response: web.StreamResponse) -> None:
        if not isinstance(response, web.Response) or response.content_type != "application/json":
            self.verdict.problems.append(f"{request.method} {request.path} did not answer in JSON")
            return
        body = json.loads(response.text or "")
        resource = request.match_info.route.resource
        endpoint = None if resource is None else f"{request.method} {resource.canonical}"
        self.answers.append(Answer(endpoint, response.status, body.get("error")))
        if self.official is not None:
            verdict = self.official.judge(
                request.method,
                request.path,
                response.status,
                body,
                partial=_is_from_a_page(request),
            )
            self.verdict.problems += verdict.problems
            self.verdict.excused |= verdict.excused


def _is_from_a_page(request: web.Request) -> bool:
    """Whether it bears a publishable key; pages may put theirs in the body instead."""
    return not request.headers.get("Authorization", "").startswith(("Bearer sk_", "Basic "))
