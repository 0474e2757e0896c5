"""script/staff, as somebody types it who stands anywhere."""

import os
import subprocess
from pathlib import Path

from shop.settings.places import PROJECT
from shop.staff import staff_file
from shop.staff.accounts import Role


def test_it_makes_an_account_from_any_folder(tmp_path: Path):
    """With the project's Python, settings and import roots, whatever those of the terminal are."""
    path = tmp_path / "staff.json"
    environment = {**os.environ, "STAFF_FILE": str(path), "PYTHONPATH": ""}
    done = subprocess.run(  # noqa: S603 (our own command)
        [PROJECT / "script/staff", "add", "olga", "--role", "owner", "--password-stdin"],
        cwd=tmp_path,
        env=environment,
        input="correct horse battery\n",
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "olga may sign in as owner.",
        "The shop is closed to everybody without an account from now on.",
    ]
    assert {name: each.roles for name, each in staff_file.read(path).accounts.items()} == {
        "olga": frozenset({Role.OWNER})
    }
