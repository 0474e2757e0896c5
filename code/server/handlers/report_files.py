"""Downloading what a report ended in."""

import logging

from aiohttp import ETag, hdrs, web

from server.errors import json_error
from server.keys import RESULTS
from server.report_desk import known_report
from shop.errors import ResultMissing, ShopError
from shop.reports.record import Report, ReportFile, State
from shop.reports.results import ResultStream
from shop.reports.writing.report_writer import CONTENT_TYPES

WITHOUT_FILES = {
    State.QUEUED: "This report waits for its turn; it has no files yet.",
    State.RUNNING: "This report is being made; it has no files yet.",
    State.FAILED: "This report failed, so it has no files. It can be run again.",
    State.CANCELLED: "This report was cancelled, so it has no files. It can be run again.",
}
EXPIRED = "The files of this report are kept for 7 days and are gone by now. Please run it again."

log = logging.getLogger(__name__)


async def download(request: web.Request) -> web.StreamResponse:
    """GET /reports/{report_id}/files/{format} → the finished file."""
    report = await known_report(request)
    wanted = request.match_info["format"]
    if wanted not in CONTENT_TYPES:
        there = ", ".join(CONTENT_TYPES)
        return json_error(404, "unknown_format", f"A report has no such file; there are {there}.")
    if report.state is State.EXPIRED:
        return json_error(410, "report_expired", EXPIRED)
    if report.state is not State.READY:
        return json_error(409, "not_ready", WITHOUT_FILES[report.state])
    file = next((file for file in report.files if file.format == wanted), None)
    if file is None:
        return json_error(404, "unknown_format", f"This report has no {wanted} file.")
    if ETag(file.sha256) in (request.if_none_match or ()):
        return web.Response(status=304, headers={"ETag": f'"{file.sha256}"'})
    return await _send(request, report, file)


async def _send(request: web.Request, report: Report, file: ReportFile) -> web.StreamResponse:
    try:
        body = await request.app[RESULTS].stream(f"{report.id}/{file.name}")
    except ResultMissing:
        log.error("the result store has lost %s of report %s", file.name, report.id)
        return json_error(410, "report_expired", EXPIRED)
    answer = _head(file, body)
    await answer.prepare(request)
    if request.method != hdrs.METH_HEAD:
        await _copy(request, answer, body)
    return answer


def _head(file: ReportFile, body: ResultStream) -> web.StreamResponse:
    answer = web.StreamResponse(
        headers={
            "Content-Type": CONTENT_TYPES[file.format],
            "Content-Disposition": f'attachment; filename="{file.name}"',
            "Cache-Control": "private, no-store",
        }
    )
    answer.content_length = body.size
    answer.etag = file.sha256
    return answer


async def _copy(request: web.Request, answer: web.StreamResponse, body: ResultStream) -> None:
    """Send the file. Where it breaks off, the connection breaks: a part never looks whole."""
    try:
        async for chunk in body:
            await answer.write(chunk)
    except ConnectionError:
        log.debug("whoever downloaded %s went away", request.path)
    except ShopError as error:
        log.error("%s broke off: %s", request.path, error.message)
        if request.transport is not None:
            request.transport.abort()
