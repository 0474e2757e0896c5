"""Known vulnerabilities of the pinned libraries: pip-audit asks https://osv.dev.

    python -m script.checks.vulnerabilities

It asks once a day for the same pins, and says so where it cannot ask: without the network this
check is skipped, never failed. What is found fails it, but for what accepted_vulnerabilities.toml
names.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime
from pathlib import Path
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

PROJECT = Path(__file__).parents[2]
ACCEPTED = Path(__file__).with_name("accepted_vulnerabilities.toml")
OSV = "https://api.osv.dev/v1/query"

ANSWERS_WITHIN = 3.0
LONGEST = 20.0
"""Seconds for the service's first sign of life, and for all of its answers."""

NETWORK_FAILED = ("requests.exceptions.", "ServiceError", "ConnectionError")
"""How pip-audit ends where the service went away meanwhile."""


class CannotAsk(Exception):
    """The service cannot be asked; the message says why."""


@dataclass(frozen=True)
class Known:
    """A vulnerability that is known of a pinned library."""

    library: str
    names: frozenset[str]
    fixed_in: Sequence[str]
    about: str


@dataclass(frozen=True)
class Accepted:
    """A vulnerability that we live with for the time being, and why."""

    id: str
    reason: str
    until: date


def main() -> int:
    """Print what was found; 1 where something has to be done."""
    given = _parse_arguments()
    accepted = read_accepted(given.accepted.read_text(encoding="utf-8"))
    today = datetime.now(UTC).date()
    asked = f"{_digest([*_with_neighbours(given.requirements), given.accepted])} {today}"
    if given.stamp.is_file() and given.stamp.read_text() == asked:
        return 0
    try:
        found = known(given.requirements, given.service)
    except CannotAsk as error:
        print(f"skipped: {error}")
        return 0
    wrong = to_do(found, accepted, today)
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
    if not wrong and given.stamp.parent.is_dir():
        given.stamp.write_text(asked)
    return 1 if wrong else 0


def known(requirements: Path, service: str) -> list[Known]:
    """Ask about every library that the file pins, and the files that it includes.

    Raises:
        CannotAsk: nobody answers, or not in time.
        RuntimeError: pip-audit failed for another reason.
    """
    _see_whether_it_answers(service)
    command = [sys.executable, "-m", "pip_audit", "--requirement", str(requirements)]
    command += ["--no-deps", "--disable-pip", "--progress-spinner", "off", "--format", "json"]
    command += ["--vulnerability-service", "osv", "--osv-url", service]
    try:
        done = subprocess.run(  # noqa: S603 (our own command)
            command, capture_output=True, text=True, timeout=LONGEST, check=False
        )
    except subprocess.TimeoutExpired as error:
        raise CannotAsk(f"{service} took longer than {LONGEST:.0f} seconds") from error
    if not done.stdout:
        last = (done.stderr.strip().splitlines() or ["no message"])[-1]
        if any(name in last for name in NETWORK_FAILED):
            raise CannotAsk(f"{service} went away: {last}")
        raise RuntimeError(f"pip-audit failed:\n{done.stderr}")
    return [
        _known(library, vulnerability)
        for library in json.loads(done.stdout)["dependencies"]
        for vulnerability in library.get("vulns", [])
    ]


def to_do(found: Sequence[Known], accepted: Sequence[Accepted], today: date) -> list[str]:
    """A line for each vulnerability that is not accepted, or not any more."""
    reasons = {each.id: each for each in accepted}
    lines = []
    for each in found:
        known_as = next((reasons[name] for name in sorted(each.names) if name in reasons), None)
        what = f"{each.library}: {', '.join(sorted(each.names))}: {each.about}"
        if each.fixed_in:
            lines.append(f"{what}\n  Fixed in {', '.join(each.fixed_in)}; please pin that.")
        elif known_as is None:
            lines.append(f"{what}\n  No version is free of it. Replace the library or accept it.")
        elif known_as.until < today:
            lines.append(f"{what}\n  It was accepted until {known_as.until}: look at it again.")
    return lines


def read_accepted(text: str) -> list[Accepted]:
    """The entries of the file; each must have an id, a reason and a date."""
    return [Accepted(**entry) for entry in tomllib.loads(text).get("accepted", [])]


def _with_neighbours(requirements: Path) -> list[Path]:
    """The file and those beside it that it may include."""
    return sorted(requirements.parent.glob("requirements*"))


def _digest(files: Sequence[Path]) -> str:
    return hashlib.sha256(b"\0".join(file.read_bytes() for file in files)).hexdigest()


def _see_whether_it_answers(service: str) -> None:
    try:
        with urlopen(service, timeout=ANSWERS_WITHIN):  # noqa: S310 (our own constant)
            pass
    except HTTPError:
        pass  # it is there, and wants more than an empty GET
    except (URLError, OSError) as error:
        raise CannotAsk(f"{service} cannot be reached ({error})") from error


def _known(library: Mapping[str, Any], vulnerability: Mapping[str, Any]) -> Known:
    return Known(
        library=f"{library['name']} {library['version']}",
        names=frozenset({vulnerability["id"], *vulnerability["aliases"]}),
        fixed_in=vulnerability["fix_versions"],
        about=vulnerability["description"],
    )


def _parse_arguments() -> argparse.Namespace:
    parser = argparse.ArgumentParser(description=__doc__.partition("\n")[0])
    parser.add_argument("--requirements", type=Path, default=PROJECT / "requirements-dev.txt")
    parser.add_argument("--accepted", type=Path, default=ACCEPTED)
    parser.add_argument("--service", default=OSV, help="default: %(default)s")
    parser.add_argument("--stamp", type=Path, default=PROJECT / ".venv" / "audited")
    return parser.parse_args()


if __name__ == "__main__":
    raise SystemExit(main())
