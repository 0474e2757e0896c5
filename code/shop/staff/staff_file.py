"""The staff file on the disk: read by every process, written by `script/staff`."""

import fcntl
import os
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import msgspec

from shop.errors import SettingsError
from shop.staff.accounts import Staff


def read(path: Path) -> Staff:
    """What the file says; nobody where there is no file.

    Raises:
        SettingsError: the file is there and cannot be read. Nobody may then be let in, and
            nothing may be open.
    """
    try:
        return msgspec.json.decode(path.read_bytes(), type=Staff)
    except FileNotFoundError:
        return Staff()
    except (OSError, msgspec.MsgspecError, UnicodeDecodeError) as error:
        raise SettingsError(f"The staff file {path} cannot be read: {error}") from error


def write(path: Path, staff: Staff) -> None:
    """Replace the file at once, readable by its owner only.

    Raises:
        OSError: the folder is not there or full; the old file stands.
    """
    content = msgspec.json.format(msgspec.json.encode(staff), indent=2)
    descriptor, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")  # has mode 0600
    try:
        with os.fdopen(descriptor, "wb") as file:
            file.write(content + b"\n")
            file.flush()
            os.fsync(file.fileno())
        Path(name).replace(path)
    except BaseException:  # raised again, once nothing half-written is left
        Path(name).unlink(missing_ok=True)
        raise


@contextmanager
def locked(path: Path) -> Iterator[None]:
    """Let nobody else read, change and write the file meanwhile. Readers need not wait.

    Raises:
        OSError: its folder is not there.
    """
    folder = os.open(path.parent, os.O_RDONLY)
    try:
        fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


class StaffFile:
    """The file as a running process sees it: read again whenever it was replaced."""

    def __init__(self, path: Path, *, may_be_empty: bool = True) -> None:
        """Raises SettingsError: the file cannot be read.

        Args:
            may_be_empty: whether nothing outside this machine reaches the process. Everything is
                open as long as nobody is in the file, also when that comes about while it runs.
        """
        self._path = path
        self._may_be_empty = may_be_empty
        self._version = self._look()
        self._staff = read(path)

    def staff(self) -> Staff:
        """Who may sign in now.

        Raises:
            SettingsError: the file was replaced by one that cannot be read, or nobody is in it and
                other machines reach the process.
        """
        version = self._look()
        if version != self._version:
            self._staff = read(self._path)
            self._version = version
        if self._staff.is_open and not self._may_be_empty:
            raise SettingsError(
                "There is no staff account, and everybody who reaches this address could move "
                "money. Make one with `script/staff add NAME --role owner`, or set HOST to "
                "127.0.0.1."
            )
        return self._staff

    def _look(self) -> tuple[int, int, int] | None:
        try:
            status = self._path.stat()
        except OSError:
            return None
        return status.st_ino, status.st_mtime_ns, status.st_size
