"""The two networks that stand for two machines leave nothing behind."""

import subprocess
import sys

import pytest

from shop.settings import PROJECT
from tests.namespaces import SWITCH, A, B, NotAllowed, joined

KILLED = """
import os, signal, subprocess
from tests.namespaces import A, joined
with joined():
    sleeping = [*A.enter, "sh", "-c", "echo $$; exec >/dev/null sleep 600"]
    asleep = subprocess.Popen(sleeping, stdout=subprocess.PIPE, text=True)
    print(asleep.stdout.readline(), flush=True)  # it is there by now
    os.kill(os.getpid(), signal.SIGKILL)
"""
"""A test run that is killed while a process runs on one of its machines."""


def there() -> set[str]:
    """Which of our namespaces and wires there are."""
    listed = [
        subprocess.run(["ip", *words], check=True, capture_output=True, text=True).stdout  # noqa: S603, S607
        for words in (["netns", "list"], ["-oneline", "link"])
    ]
    return {name for name in (SWITCH, A.name, B.name, A.wire, B.wire) if name in "".join(listed)}


@pytest.fixture
def allowed() -> None:
    try:
        with joined():
            pass
    except NotAllowed as reason:
        pytest.skip(str(reason))


@pytest.mark.usefixtures("allowed")
def test_what_a_killed_run_left_is_removed_by_the_next():
    """With the processes that still ran there; afterwards nothing is left at all."""
    killed = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, "-c", KILLED], cwd=PROJECT, stdout=subprocess.PIPE, text=True, timeout=30
    )
    left = subprocess.run(  # noqa: S603
        ["ip", "netns", "pids", A.name],  # noqa: S607
        check=True,
        capture_output=True,
        text=True,
    )
    assert left.stdout.split() == killed.stdout.split()
    with joined():
        assert there() == {SWITCH, A.name, B.name, A.wire, B.wire}
        emptied = subprocess.run(["ip", "netns", "pids", A.name], check=True, capture_output=True)  # noqa: S603, S607
        assert emptied.stdout == b""
    assert there() == set()
