"""pip-audit asks a database of vulnerabilities, here one of our own on loopback."""

import asyncio
import sys
from pathlib import Path

import pytest
from aiohttp import web
from aiohttp.test_utils import TestServer

from shop.settings import PROJECT

PINS = "msgspec==0.22.0\nrq==3.0.0\n"
LEAK = {
    "id": "PYSEC-1",
    "summary": "It leaks.",
    "affected": [
        {
            "package": {"name": "rq", "ecosystem": "PyPI"},
            "ranges": [{"type": "ECOSYSTEM", "events": [{"introduced": "0"}]}],
        }
    ],
}
ACCEPTED = '[[accepted]]\nid = "PYSEC-1"\nreason = "It is a test."\nuntil = 9999-12-31\n'


class Database:
    """Answers as https://google.github.io/osv.dev/post-v1-query/ describes."""

    def __init__(self) -> None:
        self.vulnerabilities: dict[str, list[dict]] = {}
        self.asked: list[str] = []

    async def query(self, request: web.Request) -> web.Response:
        package = (await request.json())["package"]["name"]
        self.asked.append(package)
        found = self.vulnerabilities.get(package)
        return web.json_response({"vulns": found} if found else {})


@pytest.fixture
def database() -> Database:
    return Database()


@pytest.fixture
async def service(database: Database, aiohttp_server) -> str:
    app = web.Application()
    app.router.add_post("/v1/query", database.query)
    server: TestServer = await aiohttp_server(app)
    return str(server.make_url("/v1/query"))


async def check(folder: Path, service: str, accepted: str = "") -> tuple[int, str]:
    """Exit code and output of the check, over these pins."""
    files = {"requirements": PINS, "accepted": accepted}
    options = [f"--service={service}", f"--stamp={folder / 'audited'}"]
    for name, text in files.items():
        (folder / name).write_text(text)
        options.append(f"--{name}={folder / name}")
    process = await asyncio.create_subprocess_exec(
        *(sys.executable, "-m", "script.checks.vulnerabilities", *options),
        cwd=PROJECT,
        stdout=asyncio.subprocess.PIPE,
        stderr=asyncio.subprocess.STDOUT,
    )
    output, _ = await process.communicate()
    return await process.wait(), output.decode()


async def test_libraries_without_vulnerabilities_are_asked_about_once_a_day(
    tmp_path: Path, service: str, database: Database
):
    """Each of them; the second time nobody is asked."""
    assert await check(tmp_path, service) == (0, "")
    assert await check(tmp_path, service) == (0, "")
    assert sorted(database.asked) == ["msgspec", "rq"]


async def test_a_known_vulnerability_fails_the_check_unless_it_is_accepted(
    tmp_path: Path, service: str, database: Database
):
    """Until a version repairs it: then accepting it does not help any more."""
    database.vulnerabilities["rq"] = [LEAK]
    status, output = await check(tmp_path, service)
    assert (status, output.splitlines()[0]) == (1, "rq 3.0.0: PYSEC-1: It leaks.")
    assert await check(tmp_path, service, ACCEPTED) == (0, "")
    (tmp_path / "audited").unlink()  # as if it were the next day
    events = LEAK["affected"][0]["ranges"][0]["events"]
    repaired = LEAK["affected"][0] | {
        "ranges": [{"type": "ECOSYSTEM", "events": [*events, {"fixed": "3.0.1"}]}]
    }
    database.vulnerabilities["rq"] = [LEAK | {"affected": [repaired]}]
    status, output = await check(tmp_path, service, ACCEPTED)
    assert (status, output.splitlines()[1]) == (1, "  Fixed in 3.0.1; please pin that.")


async def test_without_the_network_it_is_skipped_and_says_so(tmp_path: Path, unused_tcp_port: int):
    """It never fails for that, and asks again the next time."""
    service = f"http://127.0.0.1:{unused_tcp_port}/v1/query"
    status, output = await check(tmp_path, service)
    assert status == 0
    assert output.startswith(f"skipped: {service} cannot be reached (")
    assert not (tmp_path / "audited").exists()
