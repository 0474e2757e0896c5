"""Places to keep the audit trail in."""

from pathlib import Path

import pytest

from shop.audit.entry import Entry, Result
from shop.reports.results import Results
from tests.integration.test_results import bucket, opened
from tests.integration.test_results import s3_server as s3_server

MORNING = 1_795_420_800_000
"""23 November 2026, 08:00 UTC, in unix milliseconds."""


def entry(name: str, at: int = MORNING, **more: object) -> Entry:
    """An action that ended well."""
    facts = {"action": "capture", "result": Result.OK, "status": 200, **more}
    return Entry(id=name, at=at, **facts)


@pytest.fixture(params=["folder", "bucket"])
def results(request: pytest.FixtureRequest, tmp_path: Path) -> Results:
    """The same contract on both."""
    if request.param == "folder":
        return opened(tmp_path, "")
    return bucket(tmp_path, request.getfixturevalue("s3_server"))
