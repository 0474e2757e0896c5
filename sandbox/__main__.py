"""``python -m sandbox``: the local Stripe, with a generated history or a kept one."""

import argparse
import asyncio
import logging
import os
import secrets
import signal
import sys
from pathlib import Path

from aiohttp import web

from sandbox.app import create_app
from sandbox.history import History, Shape, generate
from sandbox.keeping import Keeper
from sandbox.network import Network
from sandbox.network.latency import PROFILES, Latency
from sandbox.service import Service, sparing_the_collector
from sandbox.settings import ENV_FILE, load
from sandbox.snapshot import SnapshotError, save

KEEP_HELP = "begin where the last run with --keep ended (saved under VAR_DIR/sandbox)"
SNAPSHOT_HELP = "begin with what FILE holds; without such a file, generate the history and write it"
LATENCY_HELP = "how long answers take (default: %(default)s, 0.1 to 0.4 seconds)"


def parse_arguments() -> argparse.Namespace:
    """The command line; ``--help`` shows it."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, help="where to listen (default: SANDBOX_PORT)")
    parser.add_argument("--students", type=count, default=2_000, help="default: %(default)s")
    parser.add_argument("--payments", type=count, default=5_000, help="default: %(default)s")
    parser.add_argument("--days", type=count, default=90, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same history")
    parser.add_argument(
        "--shape", choices=[*Shape], default=Shape.EVEN, help="default: %(default)s"
    )
    state = parser.add_mutually_exclusive_group()
    state.add_argument("--keep", action="store_true", help=KEEP_HELP)
    state.add_argument("--snapshot", type=Path, metavar="FILE", help=SNAPSHOT_HELP)
    parser.add_argument("--latency", choices=PROFILES, default="realistic", help=LATENCY_HELP)
    parser.add_argument("--no-webhook", action="store_true", help="deliver no events to the shop")
    parser.add_argument("--env-file", type=Path, default=ENV_FILE, help="default: %(default)s")
    given = parser.parse_args()
    if given.payments and not given.students:
        parser.error("payments need students to make them: give --students a number above 0")
    if not given.days:
        parser.error("a history needs time: give --days a number above 0")
    return given


def count(text: str) -> int:
    """A number of students, payments or days."""
    number = int(text)
    if number < 0:
        raise ValueError(text)
    return number


async def serve(service: Service, host: str, port: int, keeper: Keeper | None) -> None:
    """Listen until SIGINT or SIGTERM.

    Raises:
        SystemExit: the port can't be had.
    """
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    runner = web.AppRunner(create_app(service), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, host, port).start()
    except OSError as error:
        await runner.cleanup()
        sys.exit(f"The sandbox can't start: {error.strerror}")
    keeping = asyncio.create_task(keeper.run()) if keeper else None
    try:
        print(f"Stripe sandbox ready on http://{host}:{port}", flush=True)
        await stop.wait()
    finally:
        if keeping:
            keeping.cancel()
        await runner.cleanup()
        if keeper:
            keeper.save()


def begin(service: Service, order: History, saved: Path | None, *, write: bool) -> None:
    """Fill the account with what was saved, or with a history (to be saved, if ``write``).

    Raises:
        SnapshotError: what was saved can't be used.
    """
    if saved is not None and saved.exists():
        service.restore(saved)
        return
    with sparing_the_collector():
        generate(service.account, order)
        if saved is not None and write:
            save(service.account, saved)


def main() -> None:
    """Restore the account or generate a history, then listen.

    From there on ids differ from start to start: Stripe never gives one twice, and the shop passes
    over events it has heard of, whichever run of the sandbox they came from.
    """
    given = parse_arguments()
    settings = load(given.env_file, os.environ)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    service = Service(
        webhook=None if given.no_webhook else settings.webhook,
        network=Network(Latency(PROFILES[given.latency])),
    )
    order = History(given.students, given.payments, given.days, given.seed, Shape(given.shape))
    kept = settings.snapshot if given.keep or (settings.keep and not given.snapshot) else None
    try:
        begin(service, order, kept or given.snapshot, write=kept is None)
    except SnapshotError as error:
        sys.exit(str(error))
    service.account.ids.reseed(secrets.randbits(63))
    keeper = Keeper(service, kept) if kept else None
    asyncio.run(serve(service, settings.host, given.port or settings.port, keeper))


if __name__ == "__main__":
    main()
