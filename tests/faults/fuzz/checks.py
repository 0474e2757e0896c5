"""Which of schemathesis' checks hold for the shop, one of our own, and the exceptions with reasons.

On: no 5xx, described statuses, content types, headers and bodies, 405 for other methods, required
headers, refusal of what the description forbids, and nothing that can still be used once deleted.
"""

from collections.abc import Mapping
from typing import Any

import schemathesis
from schemathesis import Case
from schemathesis.core.transport import Response

UNREADABLE = frozenset({"invalid_json", "invalid_form", "unsupported_media_type"})
"""Codes of answers to a body that has not the described shape."""

SETTINGS: Mapping[str, Any] = {
    # A schema cannot say what Stripe refuses, such as a capture of a released hold. What it can
    # say is our own check, below.
    "positive_data_acceptance": {"enabled": False},
}

OPEN_SETTINGS: Mapping[str, Any] = {
    **SETTINGS,
    # As long as no staff account exists, everybody may do everything.
    "ignored_auth": {"enabled": False},
}

EXCEPTIONS: tuple[Mapping[str, Any], ...] = (
    {
        # Only a report on failed payments has letters; any other answers 404.
        "include-operation-id": ["previewLetters", "lettersProgress", "sendLetters"],
        "checks": {"ensure_resource_availability": {"enabled": False}},
    },
    {
        # OpenAPI 3.1 describes the stream as one text and has no word for its events, which are
        # what schemathesis looks at. tests/integration/test_openapi.py holds them to their schemas.
        "include-operation-id": ["followReport", "followReports"],
        "checks": {
            "response_schema_conformance": {"enabled": False},
            # DELETE /reports/{report_id} fits this address too, so Allow names DELETE.
            "allow_header_conformance": {"enabled": False},
        },
    },
)


def register() -> None:
    """Add our own check to schemathesis'."""
    schemathesis.check(described_bodies_can_be_read)


def described_bodies_can_be_read(_: Any, response: Response, case: Case) -> None:
    """A body made by the description is never called unreadable."""
    if case.meta and case.meta.generation.mode.is_positive and response.status_code in (400, 415):
        code = response.json()["error"]["code"]
        if code in UNREADABLE:
            raise AssertionError(f"A body as described was refused as {code}.")
