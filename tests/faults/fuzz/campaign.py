"""Requests made up from the description of our routes, and every answer held against it."""

import time
from collections import Counter
from dataclasses import dataclass, field
from typing import Any

import schemathesis
from schemathesis.config import SchemathesisConfig
from schemathesis.engine import events, from_schema
from schemathesis.engine.recorder import ScenarioRecorder

from server.app import OPENAPI_FILE
from tests.faults.fuzz import checks, hooks
from tests.faults.fuzz.shop_state import ShopState
from tests.stack import Stack

REQUEST_SECONDS = 20
"""An answer that takes longer is a failure."""

NO_ANSWER = 0
"""Stands for a status where none came."""

QUEUES_A_JOB = ["lessonTotal", "failedPayments"]
"""Routes that take nothing, and make a worker read all payments each time they are asked."""


@dataclass
class Found:
    """What came of a campaign.

    Attributes:
        cases: how many requests were answered, by route and status.
        failures: an answer that is not as described, and the request that shows it; by route and
            what is wrong with it.
        errors: why a route could not be tried.
        seconds: how long it took.
        is_whole: whether it ended by itself, not by the clock.
    """

    cases: dict[str, Counter[int]] = field(default_factory=dict)
    failures: dict[tuple[str, str], str] = field(default_factory=dict)
    errors: list[str] = field(default_factory=list)
    seconds: float = 0.0
    is_whole: bool = True

    @property
    def total(self) -> int:
        """Requests answered, on all routes."""
        return sum(counts.total() for counts in self.cases.values())


@dataclass(frozen=True)
class Extent:
    """How much is sent.

    Attributes:
        examples: requests of chance to each route, at most.
        by_rule: whether the limits of every field are tried as well, one after the other.
        seconds: after these it ends by the clock.
    """

    examples: int
    seconds: float
    by_rule: bool = True


def run(
    stack: Stack, state: ShopState, extent: Extent, *, seed: int, token: str | None = None
) -> Found:
    """Send requests to every route of an open shop, or of a closed one with an owner's `token`."""
    settings = _settings(stack, state, extent, seed)
    if token is not None:
        settings |= {"checks": checks.SETTINGS, "headers": {"Authorization": f"Bearer {token}"}}
    config = SchemathesisConfig.from_dict(settings)
    schema = schemathesis.openapi.from_path(OPENAPI_FILE, config=config)
    checks.register()
    found = Found()
    began = time.monotonic()
    secret = stack.settings.webhook_secrets[0]
    with hooks.helping_requests_along(secret, state.owners):
        stream = from_schema(schema).execute()
        for event in stream:
            _note(found, event)
            if found.is_whole and time.monotonic() - began > extent.seconds:
                found.is_whole = False
                stream.stop()
    found.seconds = time.monotonic() - began
    return found


def _settings(stack: Stack, state: ShopState, extent: Extent, seed: int) -> dict[str, Any]:
    """What schemathesis calls its configuration; its documentation has the names."""
    return {
        "seed": seed,
        "base-url": stack.url,
        "continue-on-failure": True,
        "request-timeout": REQUEST_SECONDS,
        "max-stream-events": 1,
        "generation": {
            "max-examples": extent.examples,
            "database": "none",
            "no-shrink": True,
            "with-security-parameters": False,
        },
        "phases": {
            "coverage": {"enabled": extent.by_rule},
            "stateful": {"enabled": extent.by_rule},
        },
        "checks": checks.OPEN_SETTINGS,
        "dictionaries": {name: {"values": list(ids)} for name, ids in state.dictionaries()},
        "parameters": {
            "path.customer_id": _often("students"),
            "path.payment_intent_id": _often("payments"),
            "path.report_id": _often("reports"),
            "path.name": _often("letters"),
            "body.customer_id": _often("students"),
            "body.payment_intent_id": _often("payments"),
            "body.setup_intent_id": _often("card_entries"),
            "body.email": _often("emails", 0.3),
            "body.type": _often("event_types"),
        },
        "operations": [
            {
                "include-operation-id": "deleteAccount",
                "parameters": {"path.customer_id": _often("leaving_students")},
            },
            {
                "include-operation-id": "deleteReport",
                "parameters": {"path.report_id": _often("leaving_reports")},
            },
            {"include-operation-id": QUEUES_A_JOB, "generation": {"max-examples": 5}},
            *checks.EXCEPTIONS,
        ],
    }


def _often(dictionary: str, probability: float = 0.6) -> dict[str, object]:
    return {"dictionary": dictionary, "probability": probability}


def _note(found: Found, event: events.EngineEvent) -> None:
    if isinstance(event, events.ScenarioFinished):
        _note_scenario(found, event.recorder)
    elif isinstance(event, events.NonFatalError):
        found.errors.append(f"{event.label}: {event.info.format()}")
    elif isinstance(event, events.FatalError):
        found.errors.append(repr(event.exception))


def _note_scenario(found: Found, recorder: ScenarioRecorder) -> None:
    for case_id, sent in recorder.interactions.items():
        route = recorder.cases[case_id].value.operation.label
        status = sent.response.status_code if sent.response is not None else NO_ANSWER
        found.cases.setdefault(route, Counter())[status] += 1
        for check in recorder.checks.get(case_id, []):
            if check.failure_info:
                wrong = check.failure_info.failure
                found.failures.setdefault(
                    (route, f"{check.name}: {wrong.title}"),
                    f"{wrong.message}\n{check.failure_info.code_sample}",
                )
