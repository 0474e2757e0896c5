"""Secrets in tracked files: detect-secrets looks, allowed_secrets.toml names the exceptions.

    python -m script.checks.secrets

A file in which nothing was found is looked at again only once it has changed.
"""

import hashlib
import json
import re
import subprocess
import sys
import tomllib
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from fnmatch import fnmatch
from importlib.metadata import version
from pathlib import Path

from detect_secrets.core.potential_secret import PotentialSecret
from detect_secrets.core.secrets_collection import SecretsCollection
from detect_secrets.settings import transient_settings

PROJECT = Path(__file__).parents[2]
ALLOWED = Path(__file__).with_name("allowed_secrets.toml")
CLEAN = PROJECT / ".venv" / "without-secrets.json"
"""Digests of files in which nothing was found, by what looked for it."""

LOOKED_FOR = (
    "AWSKeyDetector",
    "Base64HighEntropyString",
    "BasicAuthDetector",
    "GitHubTokenDetector",
    "HexHighEntropyString",
    "JwtTokenDetector",
    "KeywordDetector",
    "PrivateKeyDetector",
    "StripeDetector",
)
"""The detectors for what a shop like this has; all of them would take three times as long."""


@dataclass(frozen=True)
class Allowed:
    """What looks like a secret and is none.

    Attributes:
        file: a pattern of paths, as the shell has them.
        found: a regular expression for all of what was found.
        reason: why it may stand there.
    """

    file: str
    found: str
    reason: str

    def covers(self, secret: PotentialSecret) -> bool:
        """Whether this is the exception for what looks like a secret."""
        return fnmatch(secret.filename, self.file) and bool(
            re.fullmatch(self.found, secret.secret_value or "")
        )


def main() -> int:
    """Print where a secret stands, never the secret; 1 where there is one."""
    allowed = read_allowed(ALLOWED.read_text(encoding="utf-8"))
    wrong = list(to_do(_found(_tracked_files()), allowed))
    print("\n".join(wrong), file=sys.stderr, end="\n" if wrong else "")
    return 1 if wrong else 0


def to_do(found: Sequence[PotentialSecret], allowed: Sequence[Allowed]) -> Iterator[str]:
    """A line for each secret that is not allowed, and for each exception that nothing needs."""
    for secret in found:
        if not any(each.covers(secret) for each in allowed):
            yield f"{secret.filename}:{secret.line_number}: looks like a secret ({secret.type})"
    for each in allowed:
        if not any(each.covers(secret) for secret in found):
            yield f"{ALLOWED.name}: nothing in {each.file} needs the exception {each.found!r}"


def read_allowed(text: str) -> list[Allowed]:
    """The entries of the file; each must have a file, what was found and a reason."""
    return [Allowed(**entry) for entry in tomllib.loads(text)["allowed"]]


def scan(path: str) -> list[PotentialSecret]:
    """What looks like a secret in one file."""
    secrets = SecretsCollection()
    with transient_settings({"plugins_used": [{"name": name} for name in LOOKED_FOR]}):
        secrets.scan_file(path)
    return [secret for _, secret in secrets]


def _found(paths: Sequence[str]) -> list[PotentialSecret]:
    digests = {path: hashlib.sha256(Path(path).read_bytes()).hexdigest() for path in paths}
    clean = _known_as_clean()
    found = {path: scan(path) for path, digest in digests.items() if digest not in clean}
    now_clean = sorted(digest for path, digest in digests.items() if not found.get(path))
    if CLEAN.parent.is_dir():
        CLEAN.write_text(json.dumps({_detector(): now_clean}))
    return [secret for secrets in found.values() for secret in secrets]


def _known_as_clean() -> frozenset[str]:
    if not CLEAN.is_file():
        return frozenset()
    return frozenset(json.loads(CLEAN.read_text()).get(_detector(), ()))


def _detector() -> str:
    return f"detect-secrets {version('detect-secrets')} {' '.join(LOOKED_FOR)}"


def _tracked_files() -> list[str]:
    listed = subprocess.run(
        ["git", "ls-files", "-z"],  # noqa: S607 (the developer's own git)
        cwd=PROJECT,
        capture_output=True,
        text=True,
        check=True,
    )
    return [path for path in listed.stdout.split("\0") if path and Path(path).is_file()]


if __name__ == "__main__":
    raise SystemExit(main())
