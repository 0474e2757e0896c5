"""Letters as .eml files in a folder, where no mail server is set. Blocking; files are small."""

import secrets
from collections.abc import Iterator
from email import message_from_bytes
from email.message import EmailMessage
from email.parser import BytesHeaderParser
from email.policy import SMTP
from heapq import nlargest
from pathlib import Path
from typing import NamedTuple
from urllib.parse import quote, unquote

SUFFIX = ".eml"

STUDENT = "Ipsum-Student"
"""The header of a kept letter that names its student. Letters that are sent have none."""


class Kept(NamedTuple):
    """A letter in the folder; `at` is when it was put there, unix seconds."""

    name: str
    at: float
    message: EmailMessage


class MailFolder:
    """One file a letter, named after it, so the same letter is never there twice."""

    def __init__(self, folder: Path) -> None:
        self._folder = folder

    def put(self, name: str, message: EmailMessage, *, student: str = "") -> None:
        """Keep a letter. Whoever looks sees all of it or nothing.

        Args:
            student: the id of whom it is to, so that it goes when they do.
        """
        if student:
            message[STUDENT] = student
        self._folder.mkdir(parents=True, exist_ok=True)
        unfinished = self._folder / f"{secrets.token_hex(8)}.unfinished"
        try:
            unfinished.write_bytes(message.as_bytes(policy=SMTP))
            unfinished.replace(self._file(name))
        finally:
            unfinished.unlink(missing_ok=True)

    def remove_of(self, student: str) -> int:
        """Remove the letters to a student; how many there were."""
        return sum(_remove(file) for file in self._files() if _student_of(file) == student)

    def remove_until(self, moment: float) -> int:
        """Remove letters that were put there before `moment`, unix seconds; how many there were."""
        return sum(_remove(file) for file in self._files() if _last_changed(file)[0] < moment)

    def get(self, name: str) -> Kept | None:
        """One letter; None where there is none of this name that can be read."""
        return _read(self._file(name))

    def newest(self, most: int) -> list[Kept]:
        """The letters that were put there last, the newest first."""
        files = nlargest(most, self._files(), key=_last_changed)
        return [kept for kept in map(_read, files) if kept]

    def _files(self) -> Iterator[Path]:
        return self._folder.glob(f"*{SUFFIX}")

    def _file(self, name: str) -> Path:
        """Any name is a file name once it is quoted, and never leads out of the folder."""
        return self._folder / f"{quote(name, safe='')}{SUFFIX}"


def _last_changed(path: Path) -> tuple[float, str]:
    try:
        return path.stat().st_mtime, path.name
    except OSError:
        return 0.0, path.name


def _student_of(path: Path) -> str | None:
    try:
        with path.open("rb") as letter:
            return BytesHeaderParser(policy=SMTP).parse(letter).get(STUDENT)
    except OSError:
        return None


def _remove(path: Path) -> bool:
    """Whether it was there: another process may have been quicker."""
    try:
        path.unlink()
    except FileNotFoundError:
        return False
    return True


def _read(path: Path) -> Kept | None:
    try:
        at, document = path.stat().st_mtime, path.read_bytes()
    except OSError:
        return None
    message = message_from_bytes(document, policy=SMTP)
    return Kept(unquote(path.name.removesuffix(SUFFIX)), at, message)
