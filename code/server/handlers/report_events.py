"""Following reports as they change, by server-sent events.

event: report    data: the report as it is now
event: deleted   data: {"id"}

Whoever listens is looked at again before each event: a stream may outlive a session or an account.
"""

from collections.abc import AsyncGenerator

from aiohttp import web

from server.access.actor import ACTOR, Actor
from server.access.report_kinds import may_see
from server.access.rules import Access, may
from server.access.who import who_listens
from server.event_stream import Event, send_events
from server.keys import REPORT_NEWS, REPORTS
from server.report_desk import known_report
from server.report_documents import Document, listed_document, shown_document
from server.report_news import Listener
from shop.reports.record import Report


async def of_one(request: web.Request) -> web.StreamResponse:
    """GET /reports/{report_id}/events → the report now and at every change, until it is over.

    A browser connects again when a stream ends. One that has seen the end gets 204, which tells
    it to leave it at that.
    """
    async with request.app[REPORT_NEWS].listen() as listener:
        report = await known_report(request)
        if report.state.is_final and request.headers.get("Last-Event-ID") == _event_id(report):
            return web.Response(status=204)
        events = _until_over(request, listener, report)
        return await send_events(request, listener, events)


async def of_all(request: web.Request) -> web.StreamResponse:
    """GET /reports/events → every report on the list now, and each that changes, without end."""
    news = request.app[REPORT_NEWS]
    async with news.listen() as listener:
        async with news.reading:
            listed = await request.app[REPORTS].newest()
        return await send_events(request, listener, _without_end(request, listener, listed))


async def _until_over(
    request: web.Request, listener: Listener, report: Report
) -> AsyncGenerator[Event]:
    store = request.app[REPORTS]
    yield _said(report, shown_document(report, await store.details(report.id)))
    while not report.state.is_final:
        changed = await listener.changed()
        if changed is None:
            return
        if report.id not in changed:
            continue
        reader = await _reader(request)
        if reader is None or not may_see(reader, report.kind):
            return
        found = await store.get(report.id)
        if found is None:
            yield _deleted(report.id)
            return
        report = found
        yield _said(report, shown_document(report, await store.details(report.id)))


async def _without_end(
    request: web.Request, listener: Listener, listed: list[Report]
) -> AsyncGenerator[Event]:
    store, reading = request.app[REPORTS], request.app[REPORT_NEWS].reading
    listed = _for(request[ACTOR], listed)
    for report in listed:
        yield _said(report, listed_document(report))
    told = {report.id for report in listed}
    while (changed := await listener.changed()) is not None:
        async with reading:
            reader = await _reader(request)
            if reader is None:
                return
            listed = _for(reader, await store.listed(changed))
        for report in listed:
            yield _said(report, listed_document(report))
        there = {report.id for report in listed}
        for report_id in (told & changed) - there:
            yield _deleted(report_id)
        told = told - changed | there


async def _reader(request: web.Request) -> Actor | None:
    """Who listens; None once they may not any longer."""
    actor = await who_listens(request)
    return actor if may(actor, Access.ACCOUNTANT, None) else None


def _for(actor: Actor, reports: list[Report]) -> list[Report]:
    return [report for report in reports if may_see(actor, report.kind)]


def _said(report: Report, document: Document) -> Event:
    return Event("report", document, _event_id(report))


def _deleted(report_id: str) -> Event:
    return Event("deleted", {"id": report_id}, f"{report_id}:deleted")


def _event_id(report: Report) -> str:
    return f"{report.id}:{report.state.value}"
