"""How the checks in this folder say what they found."""

from enum import Enum, auto
from typing import NamedTuple


class Kind(Enum):
    """What sort of problem it is, which decides whether there can be a good reason for it."""

    WRONG = auto()
    """A value is not what it should be."""

    UNKNOWN = auto()
    """A member or a value is not known here; a later version of the API may have added it."""

    MISSING = auto()
    """A member is not there; the reduced answers that pages get leave some out."""


class Problem(NamedTuple):
    """One way in which a value is not what it should be.

    Attributes:
        where: the place, such as `charge_outcome.reason`; for an unknown value the place, `=`
            and the value.
        what: the rest of the sentence.
        is_null: whether an unknown member is null.
    """

    where: str
    what: str
    kind: Kind = Kind.WRONG
    is_null: bool = False

    def __str__(self) -> str:
        """The whole sentence."""
        return f"{self.where} {self.what}"


def missing(place: str) -> Problem:
    """A member that must be there is not."""
    return Problem(place, "is required and missing", Kind.MISSING)
