"""A disk without room: known by its error number, named in a sentence."""

import errno
from collections.abc import Iterator
from contextlib import contextmanager

from shop.errors import ResultsUnavailable

NO_ROOM = frozenset({errno.ENOSPC, errno.EDQUOT, errno.EFBIG})
"""The disk is full; the user's share of it is; the file would be larger than allowed."""


def no_room() -> ResultsUnavailable:
    """The error that says so."""
    return ResultsUnavailable("The disk is full: there is no room left for the report's files.")


@contextmanager
def full_disk_named() -> Iterator[None]:
    """Raise ResultsUnavailable where the disk is full; any other OSError passes."""
    try:
        yield
    except OSError as error:
        if error.errno in NO_ROOM:
            raise no_room() from error
        raise
