"""Who may sign in: `script/staff`, or `python -m server.staff` where there is no script folder.

    add NAME --role ROLE …    a new account; asks for its password
    roles NAME --role ROLE …  what the account may do from now on; none: the metrics only
    password NAME             a new password; ends all sessions of the account
    token NAME --label LABEL  a new API token, shown once; it may do what the account may
    revoke NAME LABEL         end the token of that label
    remove NAME               the account, its sessions and its tokens end
    list                      every account
    new-key                   end all sessions and students' links, such as after a leak of the file

Roles are instructor, accountant and owner. What is changed holds at once, without a restart.
"""

import argparse
import getpass
import re
import sys
import time
from collections.abc import Iterable, Sequence

from cryptography.fernet import Fernet
from msgspec.structs import replace

from shop.errors import SettingsError, ShopError
from shop.settings import load
from shop.staff import passwords, staff_file
from shop.staff.accounts import Account, Role, Staff
from shop.staff.tokens import new_token

NAME = re.compile(r"[a-z0-9][a-z0-9._-]{1,39}")
LABEL = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]{0,39}")


class Unusable(ShopError):
    """What was typed cannot be done; the message says why."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Change the staff file as told; answers with the exit code."""
    given = _parser().parse_args(arguments)
    try:
        path = load().staff_file
        with staff_file.locked(path):
            before = staff_file.read(path)
            after = given.act(before, given)
            if after is not before:
                staff_file.write(path, after)
    except (Unusable, SettingsError) as error:
        print(error.message, file=sys.stderr)
        return 1
    except OSError as error:
        print(f"The staff file cannot be written: {error}", file=sys.stderr)
        return 1
    if before.is_open and not after.is_open:
        print("The shop is closed to everybody without an account from now on.")
    if after.is_open and not before.is_open:
        print("That was the last account. The shop is open again, and to this machine only.")
    return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="script/staff",
        description=__doc__,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    commands = parser.add_subparsers(required=True, metavar="COMMAND")
    roles = [role.value for role in Role]

    add = commands.add_parser("add", help="a new account")
    add.add_argument("name")
    add.add_argument("--role", action="append", default=[], choices=roles)
    add.add_argument("--no-password", action="store_true", help="it signs in by tokens only")
    _ask_for_password(add)
    add.set_defaults(act=_add)

    change = commands.add_parser("roles", help="what an account may do")
    change.add_argument("name")
    change.add_argument("--role", action="append", default=[], choices=roles)
    change.set_defaults(act=_roles)

    password = commands.add_parser("password", help="a new password")
    password.add_argument("name")
    _ask_for_password(password)
    password.set_defaults(act=_password)

    token = commands.add_parser("token", help="a new API token")
    token.add_argument("name")
    token.add_argument("--label", required=True, help="what it is for")
    token.set_defaults(act=_token)

    revoke = commands.add_parser("revoke", help="end an API token")
    revoke.add_argument("name")
    revoke.add_argument("label")
    revoke.set_defaults(act=_revoke)

    remove = commands.add_parser("remove", help="end an account")
    remove.add_argument("name")
    remove.set_defaults(act=_remove)

    commands.add_parser("list", help="every account").set_defaults(act=_list)

    new_key = commands.add_parser("new-key", help="end all sessions and students' links")
    new_key.set_defaults(act=_new_key)
    return parser


def _ask_for_password(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--password-stdin", action="store_true", help="read the password from standard input"
    )


def _add(staff: Staff, given: argparse.Namespace) -> Staff:
    if not NAME.fullmatch(given.name):
        raise Unusable("A name has 2 to 40 lower-case letters, digits, dots, dashes or _.")
    if given.name in staff.accounts:
        raise Unusable(f"There is an account {given.name} already.")
    account = Account(
        name=given.name,
        roles=_as_roles(given.role),
        password=None if given.no_password else _new_password(given),
        sessions_from=time.time(),
    )
    key = staff.key or Fernet.generate_key().decode()
    print(f"{account.name} may sign in as {_shown(account.roles)}.")
    return replace(_with(staff, account), key=key)


def _roles(staff: Staff, given: argparse.Namespace) -> Staff:
    account = replace(_known(staff, given.name), roles=_as_roles(given.role))
    print(f"{account.name} is {_shown(account.roles)} from now on.")
    return _with(staff, account)


def _password(staff: Staff, given: argparse.Namespace) -> Staff:
    account = _known(staff, given.name)
    hashed = _new_password(given)
    print(f"{account.name} has a new password and must sign in again everywhere.")
    return _with(staff, replace(account, password=hashed, sessions_from=time.time()))


def _token(staff: Staff, given: argparse.Namespace) -> Staff:
    account = _known(staff, given.name)
    if not LABEL.fullmatch(given.label):
        raise Unusable("A label has 1 to 40 letters, digits, dots, dashes or _.")
    if any(token.label == given.label for token in account.tokens):
        raise Unusable(f"{account.name} has a token {given.label} already.")
    token, kept = new_token(given.label)
    print(f"It is shown this once:\n{token}")
    return _with(staff, replace(account, tokens=(*account.tokens, kept)))


def _revoke(staff: Staff, given: argparse.Namespace) -> Staff:
    account = _known(staff, given.name)
    left = tuple(token for token in account.tokens if token.label != given.label)
    if left == account.tokens:
        raise Unusable(f"{account.name} has no token {given.label}.")
    print(f"The token {given.label} of {account.name} has ended.")
    return _with(staff, replace(account, tokens=left))


def _remove(staff: Staff, given: argparse.Namespace) -> Staff:
    account = _known(staff, given.name)
    print(f"{account.name} may not sign in any longer.")
    left = {name: each for name, each in staff.accounts.items() if name != account.name}
    return replace(staff, accounts=left)


def _list(staff: Staff, _given: argparse.Namespace) -> Staff:
    for account in staff.accounts.values():
        tokens = ", ".join(token.label for token in account.tokens)
        print(f"{account.name}: {_shown(account.roles)}{f'; tokens: {tokens}' if tokens else ''}")
    if staff.is_open:
        print("There is no account: everything is open to everybody on this machine.")
    return staff


def _new_key(staff: Staff, _given: argparse.Namespace) -> Staff:
    if staff.is_open:
        raise Unusable("There is no account, so there is nothing to end.")
    print("Everybody must sign in again, and links that students have been sent have ended.")
    return replace(staff, key=Fernet.generate_key().decode())


def _known(staff: Staff, name: str) -> Account:
    account = staff.accounts.get(name)
    if account is None:
        raise Unusable(f"There is no account {name}.")
    return account


def _with(staff: Staff, account: Account) -> Staff:
    return replace(staff, accounts={**staff.accounts, account.name: account})


def _as_roles(names: Iterable[str]) -> frozenset[Role]:
    return frozenset(Role(name) for name in names)


def _shown(roles: frozenset[Role]) -> str:
    return ", ".join(sorted(roles)) or "a reader of the metrics"


def _new_password(given: argparse.Namespace) -> str:
    if given.password_stdin:
        password = sys.stdin.readline().rstrip("\r\n")
    else:
        password = getpass.getpass("Password: ")
        if getpass.getpass("Once more: ") != password:
            raise Unusable("The two were not the same.")
    if not passwords.SHORTEST <= len(password) <= passwords.LONGEST:
        raise Unusable(f"A password has {passwords.SHORTEST} to {passwords.LONGEST} characters.")
    return passwords.hashed(password)


if __name__ == "__main__":
    raise SystemExit(main())
