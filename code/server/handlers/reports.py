"""The accountant's reports: ask, look, cancel, delete; and the two that are answered at once."""

from aiohttp import web

from jobs.catalogue import REPORT_KINDS
from server import report_desk
from server.access.actor import ACTOR
from server.access.report_kinds import may_see
from server.bodies import read_fields
from server.keys import REPORTS
from server.report_documents import Document, listed_document, whole_document
from server.windows import window_asked_for, zone_asked_for
from shop.errors import BadRequest, NotAllowed, UnknownReport
from shop.reports.record import Report

LONGEST_KIND = 50


async def lesson_total(request: web.Request) -> web.Response:
    """GET /calculate-lesson-total → the lesson money of the last 36 hours, in cents."""
    return web.json_response(await report_desk.answer_of(request.app, "lesson-totals"))


async def failed_payments(request: web.Request) -> web.Response:
    """GET /find-customers-with-failed-payments → whom to ask for another card."""
    return web.json_response(await report_desk.answer_of(request.app, "failed-payments"))


async def kinds(request: web.Request) -> web.Response:
    """GET /report-kinds → what may be asked for."""
    return web.json_response(
        [
            {"kind": name, "title": kind.title, "about": kind.about}
            for name, kind in REPORT_KINDS.items()
            if may_see(request[ACTOR], name)
        ]
    )


async def newest(request: web.Request) -> web.Response:
    """GET /reports → the reports that are kept, newest first, and whether a worker is there."""
    reports = await request.app[REPORTS].newest()
    return web.json_response(
        {
            "reports": [
                listed_document(report)
                for report in reports
                if may_see(request[ACTOR], report.kind)
            ],
            "worker": await report_desk.worker_is_alive(request.app),
        }
    )


async def ask(request: web.Request) -> web.Response:
    """POST /reports → 202 and the queued report, which may be one that was asked for before."""
    fields = await read_fields(request)
    kind = fields.text("kind", LONGEST_KIND)
    if kind not in REPORT_KINDS:
        raise BadRequest(f"There is no report called {kind}.", code="unknown_report")
    if not may_see(request[ACTOR], kind):
        raise NotAllowed
    zone = zone_asked_for(fields)
    window = window_asked_for(fields, zone)
    report = await report_desk.ask_for(
        request.app, kind, window, zone.key if zone else report_desk.USUAL_ZONE
    )
    await request.app[REPORTS].show(report)
    return web.json_response(
        await _document(request, report),
        status=202,
        headers={"Location": f"/reports/{report.id}"},
    )


async def one(request: web.Request) -> web.Response:
    """GET /reports/{report_id} → the report as it is now."""
    report = await report_desk.known_report(request)
    return web.json_response(await _document(request, report))


async def cancel(request: web.Request) -> web.Response:
    """POST /reports/{report_id}/cancel → the report, cancelled."""
    known = await report_desk.known_report(request)
    report = await report_desk.cancel(request.app, known.id)
    if report is None:
        raise UnknownReport
    return web.json_response(await _document(request, report))


async def delete(request: web.Request) -> web.Response:
    """DELETE /reports/{report_id} → 204: the report and its files are gone."""
    await report_desk.delete(request.app, await report_desk.known_report(request))
    return web.Response(status=204)


async def _document(request: web.Request, report: Report) -> Document:
    return whole_document(report, await request.app[REPORTS].details(report.id))
