"""``python -m sandbox``: the local Stripe on 127.0.0.1, with a generated history."""

import argparse
import asyncio
import logging
import os
import signal
from pathlib import Path

from aiohttp import web

from sandbox.app import create_app
from sandbox.history import History, generate
from sandbox.network import Network
from sandbox.network.latency import PROFILES, Latency
from sandbox.service import Service, sparing_the_collector
from sandbox.settings import ENV_FILE, load

HOST = "127.0.0.1"
LATENCY_HELP = "how long answers take (default: %(default)s, 0.1 to 0.4 seconds)"


def parse_arguments() -> argparse.Namespace:
    """The command line; ``--help`` shows it."""
    parser = argparse.ArgumentParser(prog="python -m sandbox", description=__doc__)
    parser.add_argument("--port", type=int, help="where to listen (default: SANDBOX_PORT)")
    parser.add_argument("--students", type=int, default=2_000, help="default: %(default)s")
    parser.add_argument("--payments", type=int, default=5_000, help="default: %(default)s")
    parser.add_argument("--days", type=int, default=90, help="default: %(default)s")
    parser.add_argument("--seed", type=int, default=1, help="same seed, same history")
    parser.add_argument("--latency", choices=PROFILES, default="realistic", help=LATENCY_HELP)
    parser.add_argument("--no-webhook", action="store_true", help="deliver no events to the shop")
    parser.add_argument("--env-file", type=Path, default=ENV_FILE, help="default: %(default)s")
    return parser.parse_args()


async def serve(service: Service, port: int) -> None:
    """Listen until SIGINT or SIGTERM."""
    stop = asyncio.Event()
    for name in (signal.SIGINT, signal.SIGTERM):
        asyncio.get_running_loop().add_signal_handler(name, stop.set)
    runner = web.AppRunner(create_app(service), access_log=None, shutdown_timeout=2)
    await runner.setup()
    try:
        await web.TCPSite(runner, HOST, port).start()
        print(f"Stripe sandbox ready on http://{HOST}:{port}", flush=True)
        await stop.wait()
    finally:
        await runner.cleanup()


def main() -> None:
    """Generate the history, then listen."""
    arguments = parse_arguments()
    settings = load(arguments.env_file, os.environ)
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    service = Service(
        webhook=None if arguments.no_webhook else settings.webhook,
        network=Network(Latency(PROFILES[arguments.latency])),
    )
    history = History(arguments.students, arguments.payments, arguments.days, arguments.seed)
    with sparing_the_collector():
        generate(service.account, history)
    asyncio.run(serve(service, arguments.port or settings.port))


if __name__ == "__main__":
    main()
