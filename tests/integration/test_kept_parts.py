"""What a report has read so far, in the result store and at hand."""

from pathlib import Path

import pytest
from obstore.store import LocalStore

from shop.reports import kept_parts
from shop.reports.kept_parts import KeptParts, parts_of
from shop.reports.results import Results


class Counted(Results):
    """A result store that counts how often something is read."""

    reads = 0

    async def get(self, path: str) -> bytes:
        self.reads += 1
        return await super().get(path)


@pytest.fixture
def results(tmp_path: Path) -> Counted:
    return Counted(LocalStore(tmp_path))


async def test_what_was_put_is_at_hand_once(results: Counted):
    """The store is not asked for it; whoever wants it again gets it from there."""
    parts = KeptParts(results, "r1", "charges")
    await parts.put("open/a-9-0", b"rows")
    assert (await parts.get("open/a-9-0"), results.reads) == (b"rows", 0)
    assert (await parts.get("open/a-9-0"), results.reads) == (b"rows", 1)


async def test_another_process_finds_all_of_it_in_the_store(results: Counted):
    """Under the names it was put with, and nothing of other lists and reports."""
    for report_id, listing in (("r1", "charges"), ("r1", "refunds"), ("r2", "charges")):
        parts = KeptParts(results, report_id, listing)
        await parts.put("open/a-9-0", f"{report_id} {listing}".encode())
        await parts.put("finished/5-9-a-1-2-150", b"")
    another = KeptParts(results, "r1", "charges")
    assert sorted(await another.names()) == ["finished/5-9-a-1-2-150", "open/a-9-0"]
    assert await another.get("open/a-9-0") == b"r1 charges"


async def test_no_more_is_at_hand_than_there_is_room_for(
    results: Counted, monkeypatch: pytest.MonkeyPatch
):
    """The rest comes from the store; what is taken makes room."""
    monkeypatch.setattr(kept_parts, "AT_HAND", 10)
    parts = KeptParts(results, "r1", "charges")
    for name in "abc":
        await parts.put(name, name.encode() * 5)
    assert [await parts.get(name) for name in "ab"] == [b"aaaaa", b"bbbbb"]
    await parts.put("d", b"ddddd")
    assert [await parts.get(name) for name in "dc"] == [b"ddddd", b"ccccc"]
    assert results.reads == 1


async def test_nothing_is_kept_of_a_report_that_is_over(results: Counted):
    """Whoever removes its parts removes all of it."""
    await KeptParts(results, "r1", "charges").put("finished/5-9-a-0-1-0", b"")
    await results.delete(parts_of("r1"))
    assert await KeptParts(results, "r1", "charges").names() == []
