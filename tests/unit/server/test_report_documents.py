"""A report as its readers get it, in each of its states."""

import msgspec
import pytest

from server.report_documents import listed_document, shown_document, whole_document
from shop.reports.record import KEPT, Details, Report, ReportError, ReportFile, State

CREATED = 1793361600.25  # 2026-10-30T12:00:00.25Z
QUEUED = Report(
    id="r1",
    kind="lesson-totals",
    state=State.QUEUED,
    created_at=CREATED,
    timezone="America/New_York",
)
RUNNING = msgspec.structs.replace(
    QUEUED,
    state=State.RUNNING,
    started_at=CREATED + 1,
    window_start=1793232000,
    window_end=1793361601,
    version="lesson-totals.1",
    api_version="2026-10-28.endive",
    progress=1 / 3,
    seconds_left=7,
    rows=200,
    calls=2,
    holder="of-nobody's-concern",
    taken=1,
)
FILE = ReportFile(format="csv", name="lesson-totals.csv", bytes=12, sha256="ab" * 32)
SUMMARY = {"net_total": 5, "figures": [], "checks": [], "notes": []}
READY = msgspec.structs.replace(
    RUNNING,
    state=State.READY,
    finished_at=CREATED + 2,
    progress=1.0,
    seconds_left=None,
    holder=None,
    summary=SUMMARY,
    files=(FILE,),
)
DETAILS = Details(
    summary={**SUMMARY, "tables": [], "chart": {}}, preview={"columns": [], "rows": []}, answer=5
)
WINDOW = {
    "from": "2026-10-29T00:00:00+00:00",
    "to": "2026-10-30T12:00:01+00:00",
    "timezone": "America/New_York",
    "from_local": "2026-10-28T20:00:00-04:00",
    "to_local": "2026-10-30T08:00:01-04:00",
}


def test_a_queued_report():
    """Nothing is known of it yet, and its window is not fixed."""
    assert whole_document(QUEUED, None) == {
        "id": "r1",
        "kind": "lesson-totals",
        "title": "Lesson totals",
        "state": "queued",
        "created_at": "2026-10-30T12:00:00.250+00:00",
        "started_at": None,
        "finished_at": None,
        "expires_at": None,
        "window": {
            "from": None,
            "to": None,
            "timezone": "America/New_York",
            "from_local": None,
            "to_local": None,
        },
        "progress": 0.0,
        "rows": 0,
        "calls": 0,
        "seconds_left": None,
        "waits_for_stripe": False,
        "summary": None,
        "receipt": None,
        "files": [],
        "error": None,
        "preview": None,
    }


def test_a_running_report():
    """How far it is; who makes it is nobody's concern."""
    document = listed_document(RUNNING)
    assert document == {
        **listed_document(QUEUED),
        "state": "running",
        "started_at": "2026-10-30T12:00:01.250+00:00",
        "window": WINDOW,
        "progress": 0.3333,
        "seconds_left": 7,
        "waits_for_stripe": False,
        "rows": 200,
        "calls": 2,
    }


def test_a_ready_report():
    """Figures, files to download, and a receipt of what was counted."""
    file = {
        "format": "csv",
        "name": "lesson-totals.csv",
        "bytes": 12,
        "sha256": "ab" * 32,
    }
    assert listed_document(READY) == {
        **listed_document(RUNNING),
        "state": "ready",
        "finished_at": "2026-10-30T12:00:02.250+00:00",
        "expires_at": "2026-11-06T12:00:02.250+00:00",
        "progress": 1.0,
        "seconds_left": None,
        "waits_for_stripe": False,
        "summary": SUMMARY,
        "files": [{**file, "url": "/reports/r1/files/csv"}],
        "receipt": {
            **WINDOW,
            "report": "lesson-totals.1",
            "cut_off": "2026-10-30T12:00:01+00:00",
            "api_version": "2026-10-28.endive",
            "rows": 200,
            "calls": 2,
            "files": [file],
        },
    }


def test_tables_and_first_rows_are_for_whoever_opens_it():
    """The list leaves out what grows with the window."""
    listed, shown = listed_document(READY), shown_document(READY, DETAILS)
    assert shown == {**listed, "summary": DETAILS.summary}
    assert whole_document(READY, DETAILS) == {**shown, "preview": DETAILS.preview}


def test_an_expired_report_keeps_its_figures_and_checksums():
    """There is nothing to download; a copy can still be proven."""
    assert READY.finished_at is not None
    expired = READY.as_of(READY.finished_at + KEPT)
    ready = whole_document(READY, None)
    assert whole_document(expired, None) == {**ready, "state": "expired", "files": []}


@pytest.mark.parametrize("state", [State.FAILED, State.CANCELLED])
def test_a_report_that_ended_without_files(state: State):
    """No receipt, and the reason of one that failed."""
    error = ReportError(code="stripe_failed", message="Why.") if state is State.FAILED else None
    ended = msgspec.structs.replace(RUNNING, state=state, finished_at=CREATED + 2, error=error)
    document = listed_document(ended)
    assert (document["files"], document["receipt"], document["expires_at"]) == ([], None, None)
    assert document["error"] == (
        {"code": "stripe_failed", "message": "Why."} if state is State.FAILED else None
    )


def test_a_kind_of_an_older_version_keeps_its_bare_name():
    """The list is shown all the same."""
    assert listed_document(msgspec.structs.replace(READY, kind="gone"))["title"] == "gone"
