"""The shop on two machines, for tests: each in a network of its own, with a checkout of its own.

Machine a has Redis, an S3-compatible store and the sandbox, and both have a web server and may have
workers. A test speaks to each machine on a wire that stays when the link between the two is cut.
The web servers listen to a network, so there is a staff account, an owner's; tests bring its token.
"""

import os
import shutil
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import aiohttp
import pytest
from cryptography.fernet import Fernet
from redis import Redis
from redis.exceptions import RedisError

from script.starter import redis_server
from shop.settings import PROJECT, load
from shop.settings.table import FROM_ENVIRONMENT
from shop.staff import staff_file
from shop.staff.accounts import Account, Role, Staff
from shop.staff.tokens import new_token
from tests import namespaces
from tests.namespaces import Link, Namespace, NotAllowed
from tests.stack import Stack, answers

PROGRAM = ("code", "jobs", "worker", "sandbox")
"""The folders that run."""

REDIS_PORT = 6379
STORE_PORT = 9000
BUCKET = "lessons"

SETTINGS = f"""
HOST=0.0.0.0
DOMAIN=http://{{address}}:4242
VAR_DIR={{var_dir}}
STAFF_FILE={{var_dir}}/staff.json
SANDBOX_HOST={namespaces.A.address}
REDIS_URL=redis://{namespaces.A.address}:{REDIS_PORT}
RESULTS_URL=s3://{BUCKET}/reports
RESULTS_ENDPOINT=http://{namespaces.A.address}:{STORE_PORT}
RESULTS_ACCESS_KEY=key
RESULTS_SECRET_KEY=secret
"""
"""What differs from `.env.example`."""


@dataclass
class Machine(Stack):
    """The processes of one machine."""

    namespace: Namespace = field(kw_only=True)

    @property
    def sandbox_url(self) -> str:
        """Where the local Stripe is."""
        return self.settings.api_base

    def command(self, name: str) -> list[str]:
        """What starts a process in the machine's network."""
        ours = _redis(self.settings.var_dir) if name == "redis" else super().command(name)
        return [*self.namespace.enter, *ours]

    def is_usable(self, name: str) -> bool:
        """Whether the process does its work by now."""
        if name == "redis":
            return _redis_answers(self.settings.redis_url)
        ports = {
            "sandbox": self.settings.sandbox_port,
            "web": self.settings.port,
            "store": STORE_PORT,
        }
        if name in ports:
            return answers(ports[name], self.namespace.address)
        return super().is_usable(name)


@dataclass(frozen=True)
class TwoMachines:
    """Both machines and what joins them."""

    a: Machine
    b: Machine
    link: Link
    token: str

    def session(self, machine: Machine) -> aiohttp.ClientSession:
        """A program of the owner's that speaks to one of them."""
        headers = {"Authorization": f"Bearer {self.token}"}
        return aiohttp.ClientSession(machine.url, headers=headers)

    def cut(self) -> None:
        """Nothing passes between the machines any more, and neither is told."""
        self.link.cut()

    def mend(self) -> None:
        """What is sent from now on arrives."""
        self.link.mend()


@contextmanager
def open_two_machines(
    folder: Path, *, students: int = 20, payments: int = 60
) -> Iterator[TwoMachines]:
    """Both machines with their web servers; the test starts the workers it wants.

    The test is skipped where network namespaces may not be made.
    """
    try:
        with namespaces.joined() as link:
            a, b = (_machine(folder / each.name, each) for each in (namespaces.A, namespaces.B))
            try:
                token = _let_the_owner_in(a, b)
                _begin(a, b, ("--students", str(students), "--payments", str(payments)))
                yield TwoMachines(a, b, link, token)
            finally:
                for machine in (b, a):
                    machine.stop()
    except NotAllowed as reason:
        pytest.skip(str(reason))


def _let_the_owner_in(*machines: Machine) -> str:
    """A staff file with one account, the same on all machines; the account's token."""
    token, kept = new_token("tests")
    roles = frozenset({Role.OWNER})
    owner = Account(name="owner", roles=roles, password=None, sessions_from=0, tokens=(kept,))
    staff = Staff(key=Fernet.generate_key().decode(), accounts={owner.name: owner})
    for machine in machines:
        staff_file.write(machine.settings.staff_file, staff)
    return token


def _begin(a: Machine, b: Machine, history: tuple[str, ...]) -> None:
    a.start("redis")
    a.start("store")
    _make_bucket(f"http://{namespaces.A.address}:{STORE_PORT}/{BUCKET}")
    a.start("sandbox", *history)
    a.start("web")
    b.start("web")


def _machine(folder: Path, namespace: Namespace) -> Machine:
    """A machine with a checkout of its own and nothing running."""
    checkout, var_dir = folder / "checkout", folder / "var"
    var_dir.mkdir(parents=True)
    own = shutil.ignore_patterns(".env", "staff.json")
    for part in PROGRAM:
        shutil.copytree(PROJECT / part, checkout / part, ignore=own)
    env_file = checkout / "code" / "server" / ".env"
    usual = (PROJECT / ".env.example").read_text()
    env_file.write_text(usual + SETTINGS.format(address=namespace.address, var_dir=var_dir))

    machine = Machine(
        settings=load(env_file, {}),
        environment=_environment(checkout),
        project=checkout,
        namespace=namespace,
    )
    machine.commands["store"] = ("-m", "moto.server", "-H", "0.0.0.0", "-p", str(STORE_PORT))
    return machine


def _environment(checkout: Path) -> dict[str, str]:
    """The test's own without the settings in it: each machine has its file."""
    kept = {name: value for name, value in os.environ.items() if name not in FROM_ENVIRONMENT}
    return kept | {"PYTHONPATH": f"{checkout / 'code'}{os.pathsep}{checkout}"}


def _redis(var_dir: Path) -> list[str]:
    folder = var_dir / "redis"
    folder.mkdir(exist_ok=True)
    options = {
        "port": str(REDIS_PORT),
        "bind": "0.0.0.0",
        "protected-mode": "no",
        "dir": str(folder),
        "appendonly": "yes",
        "save": "",
        "maxmemory-policy": "noeviction",
    }
    words = [word for name, value in options.items() for word in (f"--{name}", value)]
    return [redis_server.executable(), *words]


def _redis_answers(url: str) -> bool:
    with Redis.from_url(url, socket_connect_timeout=1, socket_timeout=1) as redis:
        try:
            return bool(redis.ping())
        except RedisError:
            return False


def _make_bucket(url: str) -> None:
    urllib.request.urlopen(urllib.request.Request(url, method="PUT")).close()  # noqa: S310
