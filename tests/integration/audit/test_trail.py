"""Reading the trail: the newest first, page by page."""

import json

import pytest

from shop.audit.entry import Entry, Result, line_of
from shop.audit.trail import Question, read_all, read_page
from shop.reports.results import Results
from tests.integration.audit.conftest import MORNING, entry
from tests.integration.promptness import promptly

DAY = 24 * 3600 * 1000


async def keep(results: Results, day: str, entries: list[Entry], process: str = "p-0") -> None:
    await results.put(f"audit/{day}/{process}.jsonl", b"".join(map(line_of, entries)))


@pytest.fixture
async def three_days(results: Results) -> Results:
    """Two processes on the second day."""
    await keep(results, "2026-11-21", [entry("a", MORNING - 2 * DAY, who="ina")])
    await keep(results, "2026-11-22", [entry("b", MORNING - DAY, customer="cus_1")])
    late = entry("c", MORNING - DAY + 5, who="olga/robot", action="download", report="r1")
    await keep(results, "2026-11-22", [late], "q-0")
    refused = entry("d", payment="pi_1", result=Result.REFUSED, who="olga")
    await keep(results, "2026-11-23", [refused])
    return results


async def found(results: Results, **wanted: object) -> str:
    """Ids of what is found in one page."""
    page = await read_page(results, Question(**wanted), 100)
    return "".join(each.id for each in page.entries)


async def test_all_of_it(three_days: Results):
    """Whichever process wrote it."""
    assert await found(three_days) == "dcba"
    assert [each.id async for each in read_all(three_days, Question())] == list("dcba")


async def test_only_what_is_asked_for(three_days: Results):
    """By time, by who it was, by what was done, by how it ended, by what it was about."""
    assert await found(three_days, since=MORNING - DAY + 1) == "dc"
    assert await found(three_days, until=MORNING - DAY) == "ba"
    assert await found(three_days, since=MORNING - DAY, until=MORNING - DAY) == "b"
    assert await found(three_days, who="olga") == "dc"
    assert await found(three_days, who="olga/robot") == "c"
    assert await found(three_days, action="download") == "c"
    assert await found(three_days, result=Result.REFUSED) == "d"
    assert await found(three_days, subject="pi_1") == "d"
    assert await found(three_days, subject="cus_1") == "b"
    assert await found(three_days, subject="r1") == "c"
    assert await found(three_days, who="olga", subject="cus_1") == ""


@pytest.mark.parametrize("length", [1, 2, 3, 4])
async def test_pages_follow_each_other_without_a_gap(three_days: Results, length: int):
    """However long they are; the last one says that it is the last."""
    pages, before = [], None
    while True:
        page = await read_page(three_days, Question(before=before), length)
        pages.append("".join(each.id for each in page.entries))
        if page.older is None:
            break
        before = page.older
    assert "".join(pages) == "dcba"
    assert all(len(page) == length for page in pages[:-1])


async def test_no_trail_at_all(results: Results):
    """As on the first day."""
    assert await found(results) == ""


async def test_a_hundred_thousand_entries_of_a_month(results: Results):
    """The first page reads a day; a search that finds nothing reads the month, within bounds."""
    template = json.loads(line_of(entry("", who="ina", client="192.0.2.7", payment="pi_1")))
    for day in range(1, 31):
        at = MORNING - (23 - day) * DAY
        for file in range(5):
            lines = [
                json.dumps({**template, "id": f"{day:02}{file}{number:04}", "at": at + number})
                for number in range(670)
            ]
            name = f"audit/2026-11-{day:02}/p-{file}.jsonl"
            await results.put(name, "\n".join(lines).encode() + b"\n")
    page = await promptly(read_page, results, Question(), 50, within=1)
    assert [each.id[:2] for each in page.entries] == ["30"] * 50
    in_vain = Question(subject="pi_unknown")
    assert (await promptly(read_page, results, in_vain, 100, within=15)).entries == []
