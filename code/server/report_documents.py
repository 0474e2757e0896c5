"""A report as JSON, as the accountant's page and other programs get it.

GET /reports/{id}                everything: `whole_document`
an event of one report           without the first rows: `shown_document`
GET /reports, events of the list   also without tables and chart: `listed_document`
"""

from datetime import UTC, datetime, tzinfo
from zoneinfo import ZoneInfo

from jobs.catalogue import REPORT_KINDS
from shop.reports.record import Details, Report, ReportFile, State

Document = dict[str, object]


def listed_document(report: Report) -> Document:
    """The report with its figures."""
    zone = ZoneInfo(report.timezone)
    return {
        "id": report.id,
        "kind": report.kind,
        "title": _title(report.kind),
        "state": report.state.value,
        "created_at": _instant(report.created_at),
        "started_at": _instant(report.started_at),
        "finished_at": _instant(report.finished_at),
        "expires_at": _instant(report.expires_at),
        "window": {
            "from": _second(report.window_start, UTC),
            "to": _second(report.window_end, UTC),
            "timezone": report.timezone,
            "from_local": _second(report.window_start, zone),
            "to_local": _second(report.window_end, zone),
        },
        "progress": round(report.progress, 4),
        "rows": report.rows,
        "calls": report.calls,
        "seconds_left": report.seconds_left,
        "waits_for_stripe": report.waits_for_stripe,
        "summary": report.summary,
        "receipt": _receipt(report, zone),
        "files": _downloads(report),
        "error": report.error and {"code": report.error.code, "message": report.error.message},
    }


def shown_document(report: Report, details: Details | None) -> Document:
    """The report with its figures, tables and chart.

    Args:
        details: None for a report that is not ready, or not any more, or whose details this
            version cannot read: then its record has the figures still.
    """
    return listed_document(report) | ({"summary": details.summary} if details else {})


def whole_document(report: Report, details: Details | None) -> Document:
    """The report with all there is of it; `details` as for `shown_document`."""
    return shown_document(report, details) | {"preview": details and details.preview}


def _receipt(report: Report, zone: ZoneInfo) -> Document | None:
    """What exactly was counted, so that it can be proven later; only of a report that was ready."""
    if report.state not in (State.READY, State.EXPIRED):
        return None
    return {
        "report": report.version,
        "from": _second(report.window_start, UTC),
        "to": _second(report.window_end, UTC),
        "cut_off": _second(report.window_end, UTC),
        "timezone": report.timezone,
        "from_local": _second(report.window_start, zone),
        "to_local": _second(report.window_end, zone),
        "api_version": report.api_version,
        "rows": report.rows,
        "calls": report.calls,
        "files": [_of_file(file) for file in report.files],
    }


def _downloads(report: Report) -> list[Document]:
    if report.state is not State.READY:
        return []
    return [
        {**_of_file(file), "url": f"/reports/{report.id}/files/{file.format}"}
        for file in report.files
    ]


def _of_file(file: ReportFile) -> Document:
    return {
        "format": file.format,
        "name": file.name,
        "bytes": file.bytes,
        "sha256": file.sha256,
    }


def _title(kind: str) -> str:
    """What people call it; a kind of an older version keeps its bare name."""
    return REPORT_KINDS[kind].title if kind in REPORT_KINDS else kind


def _instant(seconds: float | None) -> str | None:
    """When something happened, to the millisecond."""
    if seconds is None:
        return None
    return datetime.fromtimestamp(seconds, UTC).isoformat(timespec="milliseconds")


def _second(seconds: int | None, zone: tzinfo) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, zone).isoformat()
