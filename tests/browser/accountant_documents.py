"""Reports as the shop describes them, for states that take days or accidents to come about."""

import copy
import json
from collections.abc import Mapping, Sequence
from typing import Any

from playwright.sync_api import Page, Route

Document = dict[str, Any]

FINISHED = {
    "state": "ready",
    "progress": 1,
    "rows": 3,
    "calls": 2,
    "started_at": "2026-11-02T15:00:05+00:00",
    "finished_at": "2026-11-02T15:01:10+00:00",
    "expires_at": "2026-11-09T15:01:10+00:00",
}
CHECKSUM = "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08"
FILES = [
    {
        "format": form,
        "name": f"lesson-totals.{form}",
        "bytes": size,
        "sha256": CHECKSUM,
        "url": f"/reports/r1/files/{form}",
    }
    for form, size in (("csv", 1234), ("xlsx", 56_789), ("json", 2_500_000))
]
SUMMARY = {
    "currency": "usd",
    "figures": [
        {
            "name": "payment_total",
            "label": "Gross captured",
            "amount": 123456,
            "currency": "usd",
            "role": "total",
        },
        {
            "name": "fees",
            "label": "Stripe fees",
            "amount": 3456,
            "currency": "usd",
            "role": "deduction",
        },
        {"name": "net_total", "label": "Net", "amount": 120000, "currency": "usd", "role": "net"},
        {"name": "transactions", "label": "Balance transactions of lesson money", "count": 3},
    ],
    "checks": [
        {"label": "Gross less deductions is net", "holds": True, "detail": "1,234.56 - 34.56"},
        {"label": "Every transaction is counted", "holds": False, "detail": "3 of 4"},
    ],
    "notes": ["Holds that were not captured count for nothing."],
    "chart": {
        "currency": "usd",
        "unit": "day",
        "times": [1793505600, 1793595600],  # 1 and 2 November 2026 in New York, a 25-hour day apart
        "series": [
            {"name": "gross", "label": "Gross", "amounts": [100000, 23456]},
            {"name": "deductions", "label": "Came off", "amounts": [3456, 0]},
            {"name": "net", "label": "Net", "amounts": [96544, 23456]},
        ],
    },
    "tables": [
        {
            "name": "lessons",
            "title": "By lesson",
            "currency": "usd",
            "columns": [
                {"name": "lesson", "title": "Lesson", "kind": "text"},
                {"name": "transactions", "title": "Transactions", "kind": "integer"},
                {"name": "net", "title": "Net", "kind": "money"},
            ],
            "rows": [["Guitar lesson", 2, 100000], [None, 1, 20000]],
        }
    ],
}
PREVIEW = {
    "columns": [
        {"name": "created", "title": "Created", "kind": "moment"},
        {"name": "net", "title": "Net", "kind": "money"},
        {"name": "currency", "title": "Currency", "kind": "text"},
        {"name": "link", "title": "Account page", "kind": "text"},
    ],
    "rows": [
        ["2026-11-01 14:05:09", 6281, "usd", "http://localhost/account-update/cus_1"],
        ["2026-11-01 13:00:00", -500, "jpy", None],
    ],
}
RECEIPT = {
    "report": "lesson-totals.1",
    "from": "2026-11-01T04:00:00+00:00",
    "to": "2026-11-03T04:59:59+00:00",
    "cut_off": "2026-11-03T04:59:59+00:00",
    "timezone": "America/New_York",
    "from_local": "2026-11-01T00:00:00-04:00",
    "to_local": "2026-11-02T23:59:59-05:00",
    "api_version": "2026-10-28.clover",
    "rows": 3,
    "calls": 2,
    "files": [{name: file[name] for name in file if name != "url"} for file in FILES],
}


def report(report_id: str = "r1", **changes: Any) -> Document:
    """A queued report of the first two days of November; `changes` make it another one."""
    window = {name: RECEIPT[name] for name in ("from", "to", "timezone", "from_local", "to_local")}
    queued: Document = {
        "id": report_id,
        "kind": "lesson-totals",
        "title": "Lesson totals",
        "state": "queued",
        "created_at": "2026-11-02T15:00:00+00:00",
        "started_at": None,
        "finished_at": None,
        "expires_at": None,
        "window": window,
        "progress": 0,
        "rows": 0,
        "calls": 0,
        "seconds_left": None,
        "waits_for_stripe": False,
        "summary": None,
        "preview": None,
        "receipt": None,
        "files": [],
        "error": None,
    }
    return copy.deepcopy(queued | changes)


def ready(report_id: str = "r1", **changes: Any) -> Document:
    """A finished report with everything a report can have."""
    finished = {"summary": SUMMARY, "preview": PREVIEW, "receipt": RECEIPT, "files": FILES}
    return report(report_id, **(FINISHED | finished | changes))


def expired(report_id: str = "r1") -> Document:
    """A report whose files are gone."""
    return ready(report_id, state="expired", files=[], preview=None)


class CannedReports:
    """Answers in place of the shop's report routes. The stream of events is cut unless told."""

    def __init__(self, page: Page, documents: Sequence[Document]) -> None:
        self.documents = list(documents)
        self.worker = True
        self.asked: list[tuple[str, str, Any]] = []
        self._news: list[Document] | None = None
        page.route("**/reports", self._all)
        page.route("**/reports/*", self._one)
        page.route("**/reports/*/cancel", self._cancel)
        page.route("**/reports/events", self._events)

    def tell(self, *news: Document) -> None:
        """From now on the stream says this whenever it is opened, and ends."""
        self._news = list(news)

    def _all(self, route: Route) -> None:
        if route.request.method == "POST":
            self._note(route)
            again = report("again", created_at="2026-11-03T15:00:00+00:00")
            self.documents.insert(0, again)
            route.fulfill(status=202, json=again)
            return
        heads = [head(document) for document in self.documents]
        route.fulfill(json={"reports": heads, "worker": self.worker})

    def _one(self, route: Route) -> None:
        if route.request.method == "DELETE":
            self._note(route)
            self.documents = [each for each in self.documents if each["id"] != _id(route)]
            route.fulfill(status=204)
            return
        route.fulfill(json=self._named(_id(route)))

    def _cancel(self, route: Route) -> None:
        self._note(route)
        document = self._named(_id(route))
        document["state"] = "cancelled"
        route.fulfill(json=document)

    def _events(self, route: Route) -> None:
        if self._news is None:
            route.fulfill(status=404)
            return
        body = "".join(f"event: report\ndata: {json.dumps(head(one))}\n\n" for one in self._news)
        route.fulfill(content_type="text/event-stream", body=body)

    def _named(self, report_id: str) -> Document:
        return next(each for each in self.documents if each["id"] == report_id)

    def _note(self, route: Route) -> None:
        request = route.request
        self.asked.append((request.method, _path(route), request.post_data_json))


HEAVY = ("chart", "tables")


def head(document: Mapping[str, Any]) -> Document:
    """The report as the list and the stream have it: without what only an open one shows."""
    shown = {name: value for name, value in document.items() if name != "preview"}
    if isinstance(shown["summary"], dict):
        shown["summary"] = {
            name: value for name, value in shown["summary"].items() if name not in HEAVY
        }
    return shown


def _path(route: Route) -> str:
    return "/reports" + route.request.url.partition("/reports")[2]


def _id(route: Route) -> str:
    return _path(route).split("/")[2]
