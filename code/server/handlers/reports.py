"""The accountant's reports: ask, look, download; and the two that are answered at once."""

from datetime import UTC, datetime

from aiohttp import web

from jobs.catalogue import REPORT_KINDS
from server.bodies import read_fields
from server.keys import REPORTS, RESULTS
from server.report_desk import answer_of, ask_for, worker_is_alive
from server.windows import window_asked_for
from shop.errors import BadRequest
from shop.reports.files import CONTENT_TYPES
from shop.reports.record import Report


async def lesson_total(request: web.Request) -> web.Response:
    """GET /calculate-lesson-total → the lesson money of the last 36 hours, in cents."""
    return web.json_response(await answer_of(request.app, "lesson-totals"))


async def failed_payments(request: web.Request) -> web.Response:
    """GET /find-customers-with-failed-payments → whom to ask for another card."""
    return web.json_response(await answer_of(request.app, "failed-payments"))


async def newest(request: web.Request) -> web.Response:
    """GET /reports → the reports that are kept, newest first, and whether a worker is there."""
    return web.json_response(
        {
            "reports": [_document(report) for report in await request.app[REPORTS].newest()],
            "worker": await worker_is_alive(request.app),
        }
    )


async def ask(request: web.Request) -> web.Response:
    """POST /reports → 202 and the queued report."""
    fields = await read_fields(request)
    kind = fields.text("kind", 50)
    if kind not in REPORT_KINDS:
        raise BadRequest(f"There is no report called {kind}.", code="unknown_report")
    report = await ask_for(request.app, kind, window_asked_for(fields))
    await request.app[REPORTS].show(report)
    return web.json_response(
        _document(report), status=202, headers={"Location": f"/reports/{report.id}"}
    )


async def one(request: web.Request) -> web.Response:
    """GET /reports/{report_id} → the report as it is now."""
    return web.json_response(_document(await _known(request)))


async def download(request: web.Request) -> web.StreamResponse:
    """GET /reports/{report_id}/files/{format} → the finished file."""
    report = await _known(request)
    wanted = [file for file in report.files if file.format == request.match_info["format"]]
    path = request.app[RESULTS].path(report.id, wanted[0]) if wanted else None
    if path is None or not path.is_file():
        raise web.HTTPNotFound
    return web.FileResponse(
        path,
        headers={
            "Content-Type": CONTENT_TYPES[wanted[0].format],
            "Content-Disposition": f'attachment; filename="{path.name}"',
            "Cache-Control": "private, no-store",
        },
    )


async def _known(request: web.Request) -> Report:
    report = await request.app[REPORTS].get(request.match_info["report_id"])
    if report is None:
        raise web.HTTPNotFound
    return report


def _document(report: Report) -> dict[str, object]:
    return {
        "id": report.id,
        "kind": report.kind,
        "title": _title(report.kind),
        "state": report.state.value,
        "progress": round(report.progress, 4),
        "rows": report.rows,
        "calls": report.calls,
        "created_at": _utc(report.created_at),
        "started_at": _utc(report.started_at),
        "finished_at": _utc(report.finished_at),
        "window": {"from": _utc(report.window_start), "to": _utc(report.window_end)},
        "summary": report.summary,
        "files": [
            {
                "format": file.format,
                "name": file.name,
                "bytes": file.bytes,
                "sha256": file.sha256,
                "url": f"/reports/{report.id}/files/{file.format}",
            }
            for file in report.files
        ],
        "error": (
            {"code": report.error.code, "message": report.error.message} if report.error else None
        ),
    }


def _title(kind: str) -> str:
    """What people call it; a kind of an older version keeps its bare name."""
    return REPORT_KINDS[kind].title if kind in REPORT_KINDS else kind


def _utc(seconds: float | None) -> str | None:
    return None if seconds is None else datetime.fromtimestamp(seconds, UTC).isoformat()
