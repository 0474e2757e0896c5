"""Stripe's error object and the errors that more than one resource raises.

Texts are Stripe's own, to the letter; a resource that is alone in raising an error keeps the
text beside the rule that raises it.
"""

from collections.abc import Mapping
from types import MappingProxyType
from typing import Any

DOCUMENTATION = "https://stripe.com/docs/error-codes/"
WORKBENCH = "https://dashboard.stripe.com/acct_sandbox/test/workbench/logs?object="


class StripeError(Exception):
    """An answer that is not a success: an HTTP status and the members of ``error``.

    Members given as ``None`` are left out of the answer, as Stripe leaves them out.
    """

    replayable = True
    """Whether an idempotency key remembers this answer."""

    headers: Mapping[str, str] = MappingProxyType({})
    """Headers of the answer, besides those that all answers have."""

    def __init__(
        self,
        status: int,
        message: str,
        *,
        type: str = "invalid_request_error",
        code: str | None = None,
        param: str | None = None,
        **members: Any,
    ) -> None:
        super().__init__(message)
        self.status = status
        self.members = {"type": type, "code": code, "message": message, "param": param, **members}

    def body(self, request_id: str) -> dict[str, Any]:
        """The JSON body: ``{"error": {...}}`` with the members in alphabetical order."""
        members = {name: value for name, value in self.members.items() if value is not None}
        if "code" in members:
            members["doc_url"] = DOCUMENTATION + members["code"].replace("_", "-")
        members["request_log_url"] = WORKBENCH + request_id
        return {"error": dict(sorted(members.items()))}


class ParameterError(StripeError):
    """A parameter was refused before anything was done: 400, never kept for a replay."""

    replayable = False

    def __init__(
        self, message: str, param: str | None, code: str | None = None, **members: Any
    ) -> None:
        super().__init__(400, message, code=code, param=param, **members)


def no_such(label: str, id: str, param: str | None, *, status: int = 404) -> StripeError:
    """``No such customer: 'x'``: 404 for the object of the path, 400 for one in a parameter."""
    return StripeError(status, f"No such {label}: '{id}'", code="resource_missing", param=param)


def missing(param: str) -> ParameterError:
    """A required parameter is not there."""
    return ParameterError(f"Missing required param: {param}.", param, "parameter_missing")


def unknown(param: str) -> ParameterError:
    """A parameter that this endpoint does not have."""
    return ParameterError(f"Received unknown parameter: {param}", param, "parameter_unknown")


def below_one(param: str) -> ParameterError:
    """An amount of zero or less where one cent is the least."""
    return ParameterError(
        "This value must be greater than or equal to 1.", param, "parameter_invalid_integer"
    )
