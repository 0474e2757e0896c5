"""The format of a snapshot: a line that names the version, then frames, each with a checksum.

A frame is its length and its CRC-32 (four bytes each, little-endian) and that many bytes. An
empty frame is the last one, so that a file that was cut short is noticed.
"""

import os
import struct
import zlib
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import BinaryIO

HEAD = struct.Struct("<II")
TITLE = "Stripe sandbox snapshot"
LONGEST_LINE = 200


class SnapshotError(Exception):
    """A snapshot that can't be used; the message says why and what to do."""


def write(path: Path, version: str, frames: Iterable[bytes]) -> None:
    """Write a file whole or not at all.

    Raises:
        OSError: there is no room, or no permission; an older file is left as it was.
    """
    path.parent.mkdir(parents=True, exist_ok=True)
    unfinished = path.with_name(f"{path.name}.unfinished")
    try:
        with unfinished.open("wb") as file:
            file.write(f"{TITLE} {version}\n".encode())
            for frame in frames:
                _put(file, frame)
            _put(file, b"")
            file.flush()
            os.fsync(file.fileno())
        unfinished.replace(path)
    finally:
        unfinished.unlink(missing_ok=True)


def read(path: Path, version: str) -> Iterator[bytes]:
    """The frames of a file.

    Raises:
        SnapshotError: it is no snapshot, damaged, or of another version.
    """
    try:
        with path.open("rb") as file:
            _check_version(path, file.readline(LONGEST_LINE), version)
            while frame := _take(path, file):
                yield frame
    except OSError as error:
        raise SnapshotError(f"{path} can't be read: {error.strerror}.") from error


def damaged(path: Path, how: str) -> SnapshotError:
    """The error for a file that is not what was once written."""
    return SnapshotError(f"{path} is damaged: {how}. Remove the file to begin anew.")


def _put(file: BinaryIO, frame: bytes) -> None:
    file.write(HEAD.pack(len(frame), zlib.crc32(frame)))
    file.write(frame)


def _take(path: Path, file: BinaryIO) -> bytes:
    head = file.read(HEAD.size)
    if len(head) < HEAD.size:
        raise damaged(path, "it ends too early")
    length, checksum = HEAD.unpack(head)
    frame = file.read(length)
    if len(frame) < length:
        raise damaged(path, "it ends too early")
    if zlib.crc32(frame) != checksum:
        raise damaged(path, "a checksum does not fit")
    return frame


def _check_version(path: Path, line: bytes, version: str) -> None:
    title, _, found = line.decode(errors="replace").rstrip("\n").rpartition(" ")
    if title != TITLE:
        raise SnapshotError(f"{path} is not a snapshot of the sandbox. Is it the right file?")
    if found != version:
        raise SnapshotError(
            f"{path} was written by another version of the sandbox. Remove the file to begin anew."
        )
