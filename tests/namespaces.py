"""Two machines as far as the network can tell: Linux network namespaces, joined by a switch.

    203.0.113.1      ┌── a  198.51.100.1 ──┐
    the test ────────┤                     ├── switch
                     └── b  198.51.100.2 ──┘

The addresses are set aside for documentation (RFC 5737), so that no network out there has them. The
test reaches each machine by a wire of its own, which stays when the switch is cut.
"""

import fcntl
import os
import shutil
import signal
import subprocess
import tempfile
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

SWITCH = "ipsum-switch"
BRIDGE = "bridge"

PATIENCE = 10.0
"""Seconds until a killed process must be gone."""


class NotAllowed(Exception):
    """This machine cannot make network namespaces, or may not; the message says why."""


@dataclass(frozen=True)
class Namespace:
    """One machine's network.

    Attributes:
        name: the namespace's.
        address: where the other machine and the test find it.
        wire: the device at the test's end of the wire to it.
    """

    name: str
    address: str
    wire: str

    @property
    def enter(self) -> tuple[str, ...]:
        """What begins the command of a process on this machine."""
        return ("nsenter", f"--net=/run/netns/{self.name}", "--")


A = Namespace("ipsum-a", "198.51.100.1", wire="ipsum-to-a")
B = Namespace("ipsum-b", "198.51.100.2", wire="ipsum-to-b")
TEST = "203.0.113.1"


class Link:
    """What joins the two machines."""

    def cut(self) -> None:
        """From now on nothing gets through, and nobody is told: packets are lost in the switch."""
        _ip("-n", SWITCH, "link", "set", BRIDGE, "down")

    def mend(self) -> None:
        """What is sent from now on arrives; connections that outlasted the cut go on."""
        _ip("-n", SWITCH, "link", "set", BRIDGE, "up")


@contextmanager
def joined() -> Iterator[Link]:
    """Both namespaces and the switch, for a while; one such pair on a machine at a time.

    Raises:
        NotAllowed: see there.
    """
    _check_allowed()
    with (Path(tempfile.gettempdir()) / "ipsum-namespaces.lock").open("w") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        _remove()  # what a killed run left
        try:
            _make()
            yield Link()
        finally:
            _remove()


def _check_allowed() -> None:
    missing = [tool for tool in ("ip", "nsenter") if shutil.which(tool) is None]
    if missing:
        raise NotAllowed(f"{' and '.join(missing)} missing: network namespaces are Linux's")
    if os.geteuid() != 0:
        raise NotAllowed("only root may make network namespaces")


def _make() -> None:
    try:
        _ip("netns", "add", SWITCH)
        _ip("-n", SWITCH, "link", "add", BRIDGE, "up", "type", "bridge")
        for each in (A, B):
            _add(each)
    except subprocess.CalledProcessError as error:
        raise NotAllowed(f"no network namespaces here: {error.stderr.strip()}") from error


def _add(each: Namespace) -> None:
    """A namespace with its wires to the switch and to the test."""
    inside = ("-n", each.name)
    _ip("netns", "add", each.name)
    _ip(*inside, "link", "set", "lo", "up")

    _ip(*inside, "link", "add", "switch", "type", "veth", "peer", each.name, "netns", SWITCH)
    _ip("-n", SWITCH, "link", "set", each.name, "master", BRIDGE, "up")
    _ip(*inside, "address", "add", f"{each.address}/24", "dev", "switch")
    _ip(*inside, "link", "set", "switch", "up")

    _ip("link", "add", each.wire, "type", "veth", "peer", "test", "netns", each.name)
    _ip("address", "add", f"{TEST}/32", "dev", each.wire)
    _ip("link", "set", each.wire, "up")
    _ip(*inside, "link", "set", "test", "up")
    _ip("route", "add", f"{each.address}/32", "dev", each.wire, "src", TEST)
    _ip(*inside, "route", "add", f"{TEST}/32", "dev", "test", "src", each.address)


def _remove() -> None:
    """End what still runs in the namespaces and remove them, by their exact names."""
    there = [line.split()[0] for line in _ip("netns", "list").splitlines()]
    for name in (A.name, B.name, SWITCH):
        if name in there:
            _end_all_in(name)
            _ip("netns", "delete", name)
    for each in (A, B):  # a namespace is taken apart behind the scenes, and its wire with it
        _ip("link", "delete", each.wire, check=False)


def _end_all_in(name: str) -> None:
    deadline = time.monotonic() + PATIENCE
    while pids := _ip("netns", "pids", name).split():
        if time.monotonic() > deadline:
            raise RuntimeError(f"{name} still has the processes {pids}")
        for pid in pids:
            try:
                os.kill(int(pid), signal.SIGKILL)
            except ProcessLookupError:
                continue
        time.sleep(0.02)


def _ip(*arguments: str, check: bool = True) -> str:
    command: Sequence[str] = ("ip", *arguments)
    done = subprocess.run(command, check=check, capture_output=True, text=True)  # noqa: S603
    return done.stdout
