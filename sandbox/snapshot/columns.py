"""How each member of a struct is written, told from its type."""

from collections.abc import Mapping
from enum import Enum, auto
from functools import cache
from types import NoneType
from typing import Any, NamedTuple, get_args, get_origin

import msgspec

from sandbox import declines
from sandbox.cards import BY_NUMBER, Card
from sandbox.declines import Decline

CONSTANTS: Mapping[type, Mapping[str, Any]] = {
    Card: BY_NUMBER,
    Decline: {name: value for name, value in vars(declines).items() if isinstance(value, Decline)},
}
"""What is part of the program: only its name is written."""

NAMES = {id(value): name for named in CONSTANTS.values() for name, value in named.items()}
"""The name of a constant, by its identity."""


class Keep(Enum):
    """How the values of a column are written."""

    PLAIN = auto()
    """As they are."""

    JSON = auto()
    """As bytes."""

    TEXT = auto()
    """As the number of a text; 0 is None."""

    SHARED = auto()
    """As the number of an object that others may refer to as well; 0 is None."""

    CONSTANT = auto()
    """As the number of the text that names it; 0 is None."""


class Column(NamedTuple):
    """A member of a struct; ``type`` is without ``None``, and ``dict`` for any kind of dict."""

    name: str
    keep: Keep
    type: Any


@cache
def columns_of(cls: type[msgspec.Struct]) -> tuple[Column, ...]:
    """The members of a struct, in order."""
    return tuple(_column(field) for field in msgspec.structs.fields(cls))


def shared_by(classes: Mapping[str, type[msgspec.Struct]]) -> dict[str, Any]:
    """Every class whose objects are written as ``SHARED``, by name, whoever refers to them."""
    found: dict[str, Any] = {}
    for cls in classes.values():
        for column in columns_of(cls):
            if column.keep is Keep.SHARED:
                found[column.type.__name__] = column.type
                if column.type is not dict:
                    found |= shared_by({column.type.__name__: column.type})
    return found


def _column(field: msgspec.structs.FieldInfo) -> Column:
    bare = _without_none(field.type)
    if bare in CONSTANTS:
        return Column(field.name, Keep.CONSTANT, bare)
    if bare is msgspec.Raw:
        return Column(field.name, Keep.JSON, bare)
    if get_origin(bare) is dict:
        return Column(field.name, Keep.SHARED, dict)
    if isinstance(bare, type) and issubclass(bare, str):
        return Column(field.name, Keep.TEXT, bare)
    if isinstance(bare, type) and issubclass(bare, msgspec.Struct):
        return Column(field.name, Keep.SHARED, bare)
    return Column(field.name, Keep.PLAIN, bare)


def _without_none(kind: Any) -> Any:
    """``X`` for ``X | None``, anything else as it is."""
    members = get_args(kind)
    others = [member for member in members if member is not NoneType]
    return others[0] if NoneType in members and len(others) == 1 else kind
