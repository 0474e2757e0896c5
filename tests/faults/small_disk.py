"""`python -m tests.faults.small_disk FOLDER MEGABYTES …`: a Python program whose FOLDER is small.

The folder becomes a disk of its own in memory, in a mount name space that only this process has:
nobody else sees it, and it goes with the process. Ends with `CANNOT` where that is not allowed.
"""

import ctypes
import os
import sys

CLONE_NEWNS, CLONE_NEWUSER = 0x20000, 0x10000000
MS_REC, MS_PRIVATE = 0x4000, 0x40000

CANNOT = 77


def main() -> None:
    """Make the disk and become the program."""
    folder, megabytes, *command = sys.argv[1:]
    library = ctypes.CDLL(None, use_errno=True)
    spaces = CLONE_NEWNS if os.geteuid() == 0 else CLONE_NEWNS | CLONE_NEWUSER
    if (
        library.unshare(spaces)
        or library.mount(b"none", b"/", None, MS_REC | MS_PRIVATE, None)
        or library.mount(b"tmpfs", folder.encode(), b"tmpfs", 0, f"size={megabytes}m".encode())
    ):
        print(f"a small disk: {os.strerror(ctypes.get_errno())}", file=sys.stderr)
        sys.exit(CANNOT)
    os.execv(sys.executable, [sys.executable, *command])  # noqa: S606 (our own command)


if __name__ == "__main__":
    main()
