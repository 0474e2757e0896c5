"""An account as a file: written whole under a temporary name, then renamed.

`frames` is the file's format and what can be wrong with it, `packing` turns records into columns
and back, and `contents` says what of an account is kept.
"""

from sandbox.snapshot.contents import load, save
from sandbox.snapshot.frames import SnapshotError

__all__ = ["SnapshotError", "load", "save"]
