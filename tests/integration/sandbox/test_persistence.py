"""An account that is kept from one run of ``python -m sandbox`` to the next."""

import asyncio
import json
import os
import signal
import socket
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from urllib.parse import urlencode
from urllib.request import Request, urlopen

import aiohttp
import pytest
from aiohttp.test_utils import TestServer

from sandbox import keeping
from sandbox.__main__ import begin
from sandbox.app import create_app
from sandbox.history import History
from sandbox.keeping import Keeper
from sandbox.network.latency import Profile
from sandbox.records import FormerSecret
from sandbox.service import Service, Webhook
from sandbox.webhooks import Behaviour, Deliverer, roll
from tests.integration.sandbox.api import HOLD, Api
from tests.integration.sandbox.receiver import PATIENCE, Receiver

PROJECT = Path(__file__).parents[3]
LISTS = (
    "balance_transactions",
    "charges",
    "customers",
    "disputes",
    "events",
    "payment_intents",
    "refunds",
    "setup_intents",
    "webhook_endpoints",
)
SMALL = ("--students", "30", "--payments", "90", "--latency", "none")


class Caller:
    """Speaks to a sandbox on a port."""

    def __init__(self, port: int) -> None:
        self._root = f"http://127.0.0.1:{port}"

    def send(self, method: str, path: str, body: bytes | None = None, **headers: str) -> Any:
        """The answer's body, and whether it is a repeated one."""
        sent = {"Authorization": "Bearer sk_test_sandbox", **headers}
        request = Request(self._root + path, body, sent, method=method)  # noqa: S310 - loopback
        with urlopen(request, timeout=10) as response:  # noqa: S310
            return json.load(response), "Idempotent-Replayed" in response.headers

    def get(self, path: str) -> Any:
        return self.send("GET", path)[0]

    def post(self, path: str, params: dict[str, Any], key: str = "") -> Any:
        headers = {"Idempotency-Key": key} if key else {}
        return self.send("POST", path, urlencode(params, doseq=True).encode(), **headers)

    def control(self, path: str, body: object) -> Any:
        return self.send("POST", f"/_sandbox/{path}", json.dumps(body).encode())[0]

    def everything(self) -> dict[str, Any]:
        """All that the API and the truth say of the account."""
        lists = {name: self.get(f"/v1/{name}?limit=100")["data"] for name in LISTS}
        return {**lists, "truth": self.get("/_sandbox/truth?from=0&to=4000000000")}


@contextmanager
def sandbox(var_dir: Path, *options: str, end: signal.Signals = signal.SIGTERM) -> Iterator[Caller]:
    """The program, ended with a signal."""
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "sandbox", "--port", str(port), "--env-file", os.devnull, *options],
        env={**os.environ, "VAR_DIR": str(var_dir), "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            assert program.stdout is not None
            assert program.stdout.readline().startswith("Stripe sandbox ready")
            yield Caller(port)
        finally:
            program.send_signal(end)
            assert program.wait(timeout=PATIENCE) == (0 if end is signal.SIGTERM else -end)


def test_what_is_kept_is_all_there_after_a_restart(tmp_path: Path) -> None:
    with sandbox(tmp_path, "--keep", *SMALL) as caller:
        endpoint = {"url": "http://127.0.0.1:1/webhook", "enabled_events[]": "charge.refunded"}
        caller.post("/v1/webhook_endpoints", endpoint)
        student, _ = caller.post("/v1/customers", {"email": "ada@example.com"}, key="sign-up")
        card = caller.post("/v1/payment_methods/pm_card_visa/attach", {"customer": student["id"]})[
            0
        ]
        order = {**HOLD, "amount": 6_500, "customer": student["id"], "payment_method": card["id"]}
        held, _ = caller.post("/v1/payment_intents", order)
        caller.post(f"/v1/customers/{student['id']}", {"name": "Ada"})
        caller.control("clock", {"advance_seconds": 80_000})
        before = caller.everything()
    with sandbox(tmp_path, "--keep", *SMALL) as caller:
        assert caller.everything() == before
        assert caller.post("/v1/customers", {"email": "ada@example.com"}, key="sign-up") == (
            student,
            True,
        )
        assert caller.get("/_sandbox/clock")["now"] >= held["created"] + 80_000
        new, _ = caller.post("/v1/customers", {})
        assert new["id"] not in {customer["id"] for customer in before["customers"]}
        caller.control("clock", {"advance_seconds": 5 * 86_400})
        expired = caller.get(f"/v1/payment_intents/{held['id']}")
        assert (expired["status"], expired["cancellation_reason"]) == ("canceled", "expired")
    assert [path.name for path in (tmp_path / "sandbox").iterdir()] == ["account.snapshot"]


def test_without_being_asked_nothing_is_kept(tmp_path: Path) -> None:
    with sandbox(tmp_path, *SMALL):
        pass
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("options", [(), ("--snapshot", "{tmp}/history")], ids=["made", "loaded"])
def test_the_history_is_the_same_at_each_start_and_what_follows_never(
    tmp_path: Path, options: tuple[str, ...]
) -> None:
    """The shop remembers which events it has heard of for longer than a sandbox lives."""
    options = tuple(option.format(tmp=tmp_path) for option in options)
    starts = [start(tmp_path, *options) for _ in range(2)]
    (history, new), (same_history, other) = starts
    assert history == same_history
    assert len(history) > 90
    assert len(new) == len(other) == 4
    assert new.isdisjoint(other)


def test_ids_that_a_kill_has_lost_are_not_given_again(tmp_path: Path) -> None:
    with sandbox(tmp_path, "--keep", *SMALL):
        pass
    with sandbox(tmp_path, "--keep", *SMALL, end=signal.SIGKILL) as caller:
        lost, _ = caller.post("/v1/customers", {})
    with sandbox(tmp_path, "--keep", *SMALL) as caller:
        new, _ = caller.post("/v1/customers", {})
        event = caller.get("/v1/events")["data"][0]
    assert new["id"] != lost["id"]
    assert (event["type"], event["data"]["object"]["id"]) == ("customer.created", new["id"])


def start(var_dir: Path, *options: str) -> tuple[set[str], set[str]]:
    """The ids that one run begins with, and those of two customers and events a reset apart."""
    with sandbox(var_dir, *SMALL, *options) as caller:
        found = {name: caller.get(f"/v1/{name}?limit=100")["data"] for name in LISTS}
        before = {row["id"] for rows in found.values() for row in rows}
        new = set()
        for _ in range(2):
            caller.post("/v1/customers", {})
            new |= {caller.get(f"/v1/{name}")["data"][0]["id"] for name in ("customers", "events")}
            caller.control("reset", {})
    return before, new


def test_a_snapshot_that_cannot_be_used_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    file = tmp_path / "account"
    file.write_text("something else\n")
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "sandbox", "--snapshot", str(file), "--env-file", os.devnull],
        env={**os.environ, "PYTHONPATH": str(PROJECT)},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    assert (ended.returncode, ended.stdout, ended.stderr) == (
        1,
        "",
        f"{file} is not a snapshot of the sandbox. Is it the right file?\n",
    )


def test_a_snapshot_file_is_written_once_and_then_begun_with(tmp_path: Path) -> None:
    file, order = tmp_path / "history", History(students=20, payments=40)
    first, second = Service(), Service()
    begin(first, order, file, write=True)
    written = file.stat().st_mtime_ns
    begin(second, History(students=999, payments=0), file, write=True)
    rows = [service.account.payment_intents.rows() for service in (first, second)]
    assert (rows[0], len(rows[0]), file.stat().st_mtime_ns) == (rows[1], 40, written)


async def test_it_is_saved_only_if_something_has_happened(
    api: Api, service: Service, tmp_path: Path
) -> None:
    """Reading changes nothing, unless something falls due meanwhile."""
    file = tmp_path / "account"
    keeper = Keeper(service, file)
    keeper.save()
    written = file.stat().st_mtime_ns
    await api.get("/v1/charges")
    assert (keeper.save(), file.stat().st_mtime_ns) == (0, written)
    intent = (await api.hold(await api.student(), capture_method="automatic_async")).body["id"]
    assert keeper.save() > 0
    assert file.stat().st_mtime_ns > written
    api.advance(2)
    assert keeper.save() == 0
    await api.get(f"/v1/payment_intents/{intent}")
    assert keeper.save() > 0
    again = Service()
    again.restore(file)
    assert Keeper(again, file).save() == 0
    assert len(again.account.balance_transactions) == 1


@pytest.mark.parametrize(
    ("control", "order"),
    [
        ("account", {"dispute_fee_returned": True}),
        ("clock", {"advance_seconds": 10}),
        ("history", {"students": 1, "payments": 1}),
        ("reset", {}),
        ("webhooks/roll", {}),
    ],
)
async def test_what_a_control_changes_is_saved(tmp_path: Path, control: str, order: object) -> None:
    service = Service(Webhook("http://127.0.0.1:1/webhook", "whsec_a"))
    keeper = Keeper(service, tmp_path / "account")
    async with TestServer(create_app(service)) as server, aiohttp.ClientSession() as session:
        saved = [keeper.save()]
        async with session.post(server.make_url(f"/_sandbox/{control}"), json=order) as reply:
            saved += keeper.save(), keeper.save()
    assert (reply.status, [seconds > 0 for seconds in saved]) == (200, [True, True, False])


async def test_a_change_that_was_under_way_while_it_was_saved_is_saved_next(
    api: Api, service: Service, tmp_path: Path
) -> None:
    """A change without an id of its own, which nothing follows."""
    file = tmp_path / "account"
    made = (await api.post("/v1/payment_intents", {"amount": 500, "currency": "usd"})).body["id"]
    service.network.latency.profile = Profile(base_ms=200)
    keeper = Keeper(service, file)
    change = api.post(f"/v1/payment_intents/{made}", {"description": "Later"})
    under_way = asyncio.create_task(change)
    await asyncio.sleep(0.1)
    keeper.save()
    await under_way
    keeper.save()
    again = Service()
    again.restore(file)
    kept = again.account.payment_intents.get(made)
    assert kept is not None
    assert kept.description == "Later"


async def test_that_an_event_has_arrived_is_saved(tmp_path: Path, receiver: Receiver) -> None:
    file, late = tmp_path / "account", Deliverer(Behaviour(delay_seconds=0.1))
    service = Service(Webhook(receiver.address, "whsec_a"), late)
    keeper = Keeper(service, file)
    async with TestServer(create_app(service)) as server, aiohttp.ClientSession() as session:
        key = {"Authorization": "Bearer sk_test_sandbox"}
        (await session.post(server.make_url("/v1/customers"), headers=key)).close()
        (event,) = service.account.events.rows()
        keeper.save()
        await receiver.next()
        async with asyncio.timeout(PATIENCE):
            while event.pending_webhooks:  # noqa: ASYNC110 - a record
                await asyncio.sleep(0.01)
    keeper.save()
    again = Service()
    again.restore(file)
    assert [each.pending_webhooks for each in again.account.events.rows()] == [0]


async def test_it_is_saved_while_it_runs_so_that_a_kill_loses_little(
    api: Api, service: Service, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(keeping, "EVERY", 0.01)
    file = tmp_path / "account"
    running = asyncio.create_task(Keeper(service, file).run())
    async with asyncio.timeout(PATIENCE):
        for offset in (10, 20):
            await api.control("POST", "clock", {"advance_seconds": 10})
            while not file.exists() or saved_offset(file) != offset:  # noqa: ASYNC110 - a file
                await asyncio.sleep(0.01)
    running.cancel()


def saved_offset(file: Path) -> int:
    """How far the clock of the saved account is advanced."""
    service = Service()
    service.restore(file)
    return service.clock.offset


def test_a_disk_that_is_full_is_logged_and_tried_again(
    tmp_path: Path, caplog: pytest.LogCaptureFixture
) -> None:
    keeper = Keeper(Service(), tmp_path / "account")
    (tmp_path / "account.unfinished").symlink_to("/dev/full")
    keeper.save()
    assert [record.getMessage() for record in caplog.records] == [
        f"the account could not be saved to {tmp_path}/account: No space left on device"
    ]
    keeper.save()
    assert (tmp_path / "account").exists()


async def test_the_settings_own_endpoint_is_not_registered_twice(tmp_path: Path) -> None:
    file = tmp_path / "account"
    first = Service(Webhook("http://localhost:1/webhook", "whsec_old"))
    Keeper(first, file).save()
    second = Service(Webhook("http://localhost:1/webhook", "whsec_new"))
    second.restore(file)
    endpoints = second.account.webhook_endpoints.rows()
    assert [endpoint.secret for endpoint in endpoints] == ["whsec_new"]


async def test_a_secret_that_was_rolled_away_does_not_come_back(tmp_path: Path) -> None:
    """The settings file still has it, as has the shop; and it goes on signing until its time."""
    file, webhook = tmp_path / "account", Webhook("http://localhost:1/webhook", "whsec_old")
    first = Service(webhook)
    (endpoint,) = first.account.webhook_endpoints.rows()
    roll(endpoint, until=4_000_000_000)
    Keeper(first, file).save()
    second = Service(webhook)
    second.restore(file)
    (kept,) = second.account.webhook_endpoints.rows()
    assert (kept.secret, kept.former_secrets) == (
        endpoint.secret,
        (FormerSecret("whsec_old", 4_000_000_000),),
    )


async def test_events_that_had_not_arrived_are_sent_by_the_next_run(
    tmp_path: Path, receiver: Receiver
) -> None:
    file, webhook = tmp_path / "account", Webhook(receiver.address, "whsec_a")
    down = Service(webhook, Deliverer(Behaviour(outage=True)))
    async with TestServer(create_app(down)) as server, aiohttp.ClientSession() as session:
        key = {"Authorization": "Bearer sk_test_sandbox"}
        (await session.post(server.make_url("/v1/customers"), headers=key)).close()
    Keeper(down, file).save()
    up = Service(webhook)
    up.restore(file)
    async with TestServer(create_app(up)):
        assert (await receiver.next())["type"] == "customer.created"
        async with asyncio.timeout(PATIENCE):
            while up.account.events.rows()[0].pending_webhooks:  # noqa: ASYNC110 - a record
                await asyncio.sleep(0.01)
    assert receiver.heard_nothing()
