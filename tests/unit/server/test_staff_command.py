"""`python -m server.staff`, typed as it would be."""

import io
from collections.abc import Callable
from pathlib import Path

import pytest

from server import staff as command
from shop.settings import load
from shop.staff import passwords, staff_file
from shop.staff.accounts import Role, Staff
from shop.staff.tokens import digest

PASSWORD = "correct horse battery"


@pytest.fixture
def path(tmp_path: Path) -> Path:
    return tmp_path / "staff.json"


@pytest.fixture
def typed(path: Path, monkeypatch: pytest.MonkeyPatch) -> Callable[..., int]:
    """Runs the command on a file of its own; the password is given on standard input."""
    settings = load(environment={"STAFF_FILE": str(path)})
    monkeypatch.setattr(command, "load", lambda: settings)

    def typed(*arguments: str, password: str = PASSWORD) -> int:
        monkeypatch.setattr("sys.stdin", io.StringIO(f"{password}\n"))
        return command.main(arguments)

    return typed


def test_an_account_is_made_with_its_role_and_password(typed: Callable[..., int], path: Path):
    """In a file that only its owner reads, with a key that stays."""
    assert typed("add", "ina", "--role", "instructor", "--password-stdin") == 0
    staff = staff_file.read(path)
    ina = staff.accounts["ina"]
    assert path.stat().st_mode & 0o777 == 0o600
    assert (ina.roles, len(staff.key)) == (frozenset({Role.INSTRUCTOR}), 44)
    assert passwords.matches(PASSWORD, ina.password or "")
    assert PASSWORD not in path.read_text()
    assert typed("add", "ada", "--role", "accountant", "--no-password") == 0
    assert staff_file.read(path).key == staff.key


@pytest.mark.parametrize("end", ["", "\r"])
def test_a_password_ends_with_its_line(typed: Callable[..., int], path: Path, end: str):
    """Whichever way lines end where it was written; blanks belong to it."""
    assert typed("add", "ina", "--password-stdin", password=f" {PASSWORD} {end}") == 0
    assert passwords.matches(f" {PASSWORD} ", staff_file.read(path).accounts["ina"].password or "")


@pytest.mark.parametrize(
    ("arguments", "password", "said"),
    [
        (("add", "Ina", "--password-stdin"), PASSWORD, "lower-case letters"),
        (("add", "ina", "--password-stdin"), "short", "12 to 256 characters"),
        (("password", "nobody", "--password-stdin"), PASSWORD, "There is no account nobody."),
        (("revoke", "ada", "none"), PASSWORD, "ada has no token none."),
        (("add", "ada", "--no-password"), PASSWORD, "an account ada already"),
    ],
)
def test_what_cannot_be_done_is_said_and_changes_nothing(
    typed: Callable[..., int],
    path: Path,
    capsys: pytest.CaptureFixture[str],
    arguments: tuple[str, ...],
    password: str,
    said: str,
):
    """With exit code 1."""
    typed("add", "ada", "--no-password")
    before = path.read_bytes()
    assert typed(*arguments, password=password) == 1
    assert said in capsys.readouterr().err
    assert path.read_bytes() == before


def test_a_token_is_shown_once_and_kept_as_a_hash(
    typed: Callable[..., int], path: Path, capsys: pytest.CaptureFixture[str]
):
    """It finds its account until it is revoked."""
    typed("add", "ada", "--role", "accountant", "--no-password")
    typed("token", "ada", "--label", "night-run")
    token = capsys.readouterr().out.split()[-1]
    staff = staff_file.read(path)
    assert token not in path.read_text()
    found = staff.of_token(digest(token))
    assert found is not None
    assert (found[0].name, found[1].label) == ("ada", "night-run")
    typed("revoke", "ada", "night-run")
    assert staff_file.read(path).of_token(digest(token)) is None


def test_a_new_password_ends_the_sessions_of_before(typed: Callable[..., int], path: Path):
    """And the old one is good for nothing."""
    typed("add", "ina", "--password-stdin")
    before = staff_file.read(path).accounts["ina"]
    assert typed("password", "ina", "--password-stdin", password="another long password") == 0
    after = staff_file.read(path).accounts["ina"]
    assert after.sessions_from > before.sessions_from
    assert not passwords.matches(PASSWORD, after.password or "")


def test_removing_the_last_account_says_that_the_shop_is_open(
    typed: Callable[..., int], path: Path, capsys: pytest.CaptureFixture[str]
):
    """The key stays, so that links of students still work when there is an account again."""
    typed("add", "ina", "--no-password")
    key = staff_file.read(path).key
    assert typed("remove", "ina") == 0
    assert staff_file.read(path) == Staff(key=key)
    assert "open again" in capsys.readouterr().out


def test_the_list_names_roles_and_tokens(
    typed: Callable[..., int], capsys: pytest.CaptureFixture[str]
):
    """One account a line."""
    typed("add", "ada", "--role", "accountant", "--no-password")
    typed("token", "ada", "--label", "night-run")
    typed("roles", "ada", "--role", "owner", "--role", "accountant")
    capsys.readouterr()
    assert typed("list") == 0
    assert capsys.readouterr().out == "ada: accountant, owner; tokens: night-run\n"


def test_a_new_key_leaves_everything_else(
    typed: Callable[..., int], path: Path, capsys: pytest.CaptureFixture[str]
):
    """Accounts, passwords and tokens stay; only what the key has encrypted or signed ends."""
    typed("add", "ada", "--no-password")
    typed("token", "ada", "--label", "night-run")
    before = staff_file.read(path)
    assert typed("new-key") == 0
    after = staff_file.read(path)
    assert after.accounts == before.accounts
    assert len(after.key) == len(before.key)
    assert after.key != before.key
    typed("remove", "ada")
    assert typed("new-key") == 1
    assert "nothing to end" in capsys.readouterr().err
