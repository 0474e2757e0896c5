"""Wall clocks that jump: each for one process, moved while it runs."""

import shutil
import struct
import subprocess
from pathlib import Path

import pytest

SOURCE = Path(__file__).with_name("clock.c")


class Clock:
    """The wall clock of the processes that are started with its `environment`."""

    def __init__(self, library: Path, offset: Path) -> None:
        self._offset = offset
        self.environment = {"LD_PRELOAD": str(library), "CLOCK_OFFSET": str(offset)}
        offset.write_bytes(struct.pack("l", 0))

    def be_off_by(self, seconds: int) -> None:
        """From this moment it is so much ahead of the right time, or behind it."""
        with self._offset.open("r+b") as file:
            file.write(struct.pack("l", seconds))


def built(folder: Path) -> Path:
    """The library that stands in front of the C library; the test is skipped without a compiler."""
    compiler = shutil.which("cc")
    if compiler is None:
        pytest.skip("clocks are moved with a small C library, and there is no cc to build it")
    library = folder / "clock.so"
    command = [compiler, "-shared", "-fPIC", "-O1", "-Wall", "-o", library, SOURCE, "-ldl"]
    subprocess.run(command, check=True)  # noqa: S603 (our own source)
    return library
