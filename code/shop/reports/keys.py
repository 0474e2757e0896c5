"""Where in Redis the reports are.

report:…            a report's record as JSON; also the channel on which its changes are told
report-details:…    what a ready report shows beyond its record, as JSON
reports             ids on the accountant's list, by when they were asked for
reports-open        ids of the reports that are queued or running
report-queued:…     the id of the queued report that others who ask for the same may share
report-lease:…      the token of the worker that makes a report, while it is alive
report-requeued:…   there for a while after an abandoned report was queued again
"""

from shop.reports.record import Report
from shop.storage import Storage


class ReportKeys:
    """The keys of one account's reports."""

    def __init__(self, storage: Storage) -> None:
        self._key = storage.key
        self.listed = storage.key("reports")
        self.open = storage.key("reports-open")

    def record(self, report_id: str) -> str:
        """The key of a report's record, and the name of its channel."""
        return self._key("report", report_id)

    def details(self, report_id: str) -> str:
        """The key of what a ready report shows beyond its record."""
        return self._key("report-details", report_id)

    def queued(self, report: Report) -> str:
        """The key under which reports of this kind, window and zone are shared."""
        return self._key(
            "report-queued",
            report.kind,
            str(report.window_start),
            str(report.window_end),
            report.timezone,
        )

    def lease(self, report_id: str) -> str:
        """The key of the lease on a report."""
        return self._key("report-lease", report_id)

    def requeued(self, report: Report) -> str:
        """The key of the claim to queue a report again, after so many workers had it."""
        return self._key("report-requeued", report.id, str(report.taken))
