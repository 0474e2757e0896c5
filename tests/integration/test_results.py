"""The result store keeps its promises in a folder and in a bucket of a real S3 server."""

import hashlib
import logging
import os
import resource
import shutil
import stat
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from aiohttp import web
from moto.server import ThreadedMotoServer
from pytest_aiohttp.plugin import AiohttpServer

from shop.errors import ResultMissing, ResultsUnavailable
from shop.reports.results import Results, open_results
from shop.settings import load
from tests.stack import free_port

KEYS = """
STRIPE_PUBLISHABLE_KEY=pk_test_sandbox
STRIPE_SECRET_KEY=sk_test_sandbox
"""
BUCKET = "lessons"
MEGABYTE = 1_000_000


@pytest.fixture(scope="module")
def s3_server() -> Iterator[str]:
    """The address of an S3 server with one bucket."""
    logging.getLogger("werkzeug").setLevel(logging.ERROR)
    server = ThreadedMotoServer("127.0.0.1", free_port(), verbose=False)
    server.start()
    host, port = server.get_host_and_port()
    endpoint = f"http://{host}:{port}"
    urllib.request.urlopen(  # noqa: S310 (loopback)
        urllib.request.Request(f"{endpoint}/{BUCKET}", method="PUT")  # noqa: S310
    ).close()
    yield endpoint
    server.stop()


def opened(tmp_path: Path, settings: str) -> Results:
    """A store as a copy of the shop with these settings opens it."""
    env_file = tmp_path / ".env"
    env_file.write_text(KEYS + settings)
    return open_results(load(env_file, {"VAR_DIR": str(tmp_path / "var")}))


def bucket(tmp_path: Path, endpoint: str, name: str = BUCKET) -> Results:
    """A store in a bucket, under a prefix of the test's own."""
    return opened(
        tmp_path,
        f"RESULTS_URL=s3://{name}/{tmp_path.name}\nRESULTS_ENDPOINT={endpoint}\n"
        "RESULTS_ACCESS_KEY=key\nRESULTS_SECRET_KEY=secret\n",
    )


@pytest.fixture(params=["folder", "bucket"])
def results(request: pytest.FixtureRequest, tmp_path: Path) -> Results:
    """The same contract on both."""
    if request.param == "folder":
        return opened(tmp_path, "")
    return bucket(tmp_path, request.getfixturevalue("s3_server"))


async def test_what_is_put_is_what_is_got(results: Results):
    """And the last put wins."""
    await results.put("r1/a.csv", b"first")
    await results.put("r1/a.csv", b"second")
    await results.put("r1/empty", b"")
    assert await results.get("r1/a.csv") == b"second"
    assert await results.get("r1/empty") == b""


async def test_a_large_file_comes_back_in_pieces_byte_by_byte(results: Results, tmp_path: Path):
    """30 MB go up and come down without ever being in memory whole."""
    body = os.urandom(MEGABYTE) * 30
    local = tmp_path / "large.xlsx"
    local.write_bytes(body)
    await results.put_file("r1/large.xlsx", local)
    stream = await results.stream("r1/large.xlsx")
    received, longest, size = hashlib.sha256(), 0, 0
    async for chunk in stream:
        received.update(chunk)
        longest = max(longest, len(chunk))
        size += len(chunk)
    assert (stream.size, size) == (30 * MEGABYTE, 30 * MEGABYTE)
    assert received.digest() == hashlib.sha256(body).digest()
    assert longest < MEGABYTE


async def test_a_small_file_is_put_the_same_way(results: Results, tmp_path: Path):
    """A report without rows has small files."""
    local = tmp_path / "small.json"
    local.write_bytes(b'{"rows": [], "summary": {}}')
    await results.put_file("r1/small.json", local)
    assert await results.get("r1/small.json") == local.read_bytes()


@pytest.mark.parametrize("name", ["two words.csv", "50% off #1 & ünï?.csv", "a=b;c+d*e.csv"])
async def test_names_with_odd_characters_are_kept_as_they_are(results: Results, name: str):
    """No character means anything to the store but the slash."""
    await results.put(f"r1/{name}", b"x")
    assert await results.names("r1") == [f"r1/{name}"]
    assert await results.get(f"r1/{name}") == b"x"
    await results.delete("r1")
    assert await results.names("r1") == []


async def test_names_are_those_below_whole_parts_of_a_path(results: Results):
    """`r1` is not the beginning of `r10`."""
    for path in ("r1/b", "r1/a", "r10/a", "parts/r1/holds/1-2", "parts/r1/holds/3-4"):
        await results.put(path, b"x")
    assert await results.names("r1") == ["r1/a", "r1/b"]
    assert await results.names("parts/r1") == ["parts/r1/holds/1-2", "parts/r1/holds/3-4"]
    assert await results.names("nothing") == []


async def test_deleting_takes_all_below_and_nothing_beside(results: Results):
    """What is not there is fine, so that a delete can be repeated."""
    for path in ("r1/a", "r1/deep/b", "r10/a"):
        await results.put(path, b"x")
    await results.delete("r1")
    await results.delete("r1")
    assert (await results.names("r1"), await results.names("r10")) == ([], ["r10/a"])


async def test_everything_at_once_is_never_deleted(results: Results):
    """An empty id is a mistake."""
    await results.put("r1/a", b"x")
    with pytest.raises(ValueError, match="never deleted"):
        await results.delete("/")
    assert await results.names("r1") == ["r1/a"]


async def test_what_is_missing_is_named(results: Results):
    """A file that expired is something else than a store that is away."""
    with pytest.raises(ResultMissing, match=r"There is no result called r1/a\.csv\."):
        await results.get("r1/a.csv")
    with pytest.raises(ResultMissing):
        await results.stream("r1/a.csv")


async def test_what_no_report_needs_is_swept_away(results: Results):
    """Files and parts hold names and addresses; those of kept reports and young ones stay."""
    for path in ("kept/a", "parts/kept/holds/1-2", "old/a", "old/b", "parts/old/holds/1-2"):
        await results.put(path, b"x")
    await results.put("parts/dead/holds/1-2", b"x")
    assert await results.sweep({"kept"}, older_than=time.time() - 60) == 0
    assert await results.sweep({"kept"}, older_than=time.time() + 60) == 2
    assert await results.names("parts") == ["parts/kept/holds/1-2"]
    assert (await results.names("kept"), await results.names("old")) == (["kept/a"], [])


async def test_the_audit_trail_is_never_swept_away(results: Results):
    """It belongs to no report, however old it is."""
    await results.put("audit/2026-11-23/p-0.jsonl", b"{}")
    await results.put("old/a", b"x")
    assert await results.sweep(set(), older_than=time.time() + 60) == 1
    assert await results.names("audit") == ["audit/2026-11-23/p-0.jsonl"]


async def test_reports_with_parts_are_known(results: Results):
    """Whether or not they have files."""
    assert await results.with_parts() == set()
    for path in ("done/a", "parts/r1/holds/chunks/0", "parts/r1/holds/chunks/1", "parts/r2/x/1-2"):
        await results.put(path, b"x")
    assert await results.with_parts() == {"r1", "r2"}


async def test_a_server_that_is_away_is_named_in_seconds(tmp_path: Path):
    """No method hangs, and none fails with an error of the library."""
    results = bucket(tmp_path, f"http://127.0.0.1:{free_port()}")
    started = time.monotonic()
    with pytest.raises(ResultsUnavailable, match="cannot be reached"):
        await results.put("r1/a", b"x")
    with pytest.raises(ResultsUnavailable, match="cannot be reached"):
        await results.get("r1/a")
    with pytest.raises(ResultsUnavailable, match="cannot be reached"):
        await results.names("r1")
    assert time.monotonic() - started < 20


async def test_a_missing_bucket_is_not_a_missing_file(tmp_path: Path, s3_server: str):
    """It is a mistake in the settings."""
    results = bucket(tmp_path, s3_server, name="nobodys")
    with pytest.raises(ResultsUnavailable, match="bucket where results are kept does not exist"):
        await results.get("r1/a")
    with pytest.raises(ResultsUnavailable, match="bucket where results are kept does not exist"):
        await results.put("r1/a", b"x")


async def test_a_refused_key_is_named(tmp_path: Path, aiohttp_server: AiohttpServer):
    """Trying again would not help."""

    async def refuse(_: web.Request) -> web.Response:
        return web.Response(status=403, text="<Error><Code>AccessDenied</Code></Error>")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", refuse)
    server = await aiohttp_server(app)
    results = bucket(tmp_path, str(server.make_url("")).rstrip("/"))
    with pytest.raises(ResultsUnavailable, match="does not let us in"):
        await results.put("r1/a", b"x")
    with pytest.raises(ResultsUnavailable, match="does not let us in"):
        await results.names("r1")


async def test_nothing_of_the_environment_reaches_the_store(
    tmp_path: Path, s3_server: str, monkeypatch: pytest.MonkeyPatch
):
    """The settings alone say where and with which keys."""
    monkeypatch.setenv("AWS_ENDPOINT_URL_S3", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_ENDPOINT_URL", f"http://127.0.0.1:{free_port()}")
    monkeypatch.setenv("AWS_ACCESS_KEY_ID", "somebody")
    monkeypatch.setenv("AWS_BUCKET", "nobodys")
    results = bucket(tmp_path, s3_server)
    await results.put("r1/a", b"x")
    assert await results.get("r1/a") == b"x"


@contextmanager
def little_room() -> Iterator[None]:
    """No file can grow beyond a megabyte: nor can the one that pytest may be writing to."""
    before = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (MEGABYTE, before[1]))
    try:
        yield
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, before)


async def test_a_disk_without_room_is_named_and_keeps_nothing(tmp_path: Path):
    """Half a file never appears."""
    results = opened(tmp_path, "")
    with little_room(), pytest.raises(ResultsUnavailable, match="disk is full"):
        await results.put("r1/a", bytes(2 * MEGABYTE))
    assert await results.names("r1") == []
    assert [path for path in (tmp_path / "var" / "results").rglob("*") if path.is_file()] == []


async def test_what_a_dead_process_left_unfinished_is_swept_away(tmp_path: Path):
    """It is listed nowhere, but it holds rows of the report."""
    results = opened(tmp_path, "")
    await results.put("old/a.csv", b"x")
    folder = tmp_path / "var" / "results" / "old"
    (folder / "a.csv").rename(folder / "a.csv#1")
    assert await results.names("old") == []
    assert await results.sweep(set(), older_than=time.time() - 60) == 0
    assert await results.sweep(set(), older_than=time.time() + 60) == 1
    assert not folder.exists()


async def test_a_folder_that_was_removed_is_made_again(tmp_path: Path):
    """Somebody tidied up while the shop was running."""
    results = opened(tmp_path, "")
    shutil.rmtree(tmp_path / "var" / "results")
    await results.put("r1/a", b"x")
    assert await results.get("r1/a") == b"x"


def test_a_folder_that_cannot_be_made_is_named(tmp_path: Path):
    """A file is in its place."""
    (tmp_path / "var").write_bytes(b"")
    with pytest.raises(ResultsUnavailable, match="place where results are kept"):
        opened(tmp_path, "")


async def test_a_folder_elsewhere_can_be_named(tmp_path: Path):
    """RESULTS_URL may be a path."""
    results = opened(tmp_path, f"RESULTS_URL={tmp_path / 'elsewhere'}\n")
    await results.put("r1/a", b"x")
    assert (tmp_path / "elsewhere" / "r1" / "a").read_bytes() == b"x"
    assert stat.S_ISREG((tmp_path / "elsewhere" / "r1" / "a").stat().st_mode)
