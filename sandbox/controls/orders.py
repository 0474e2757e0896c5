"""The body of a control: read as what it should be, or refused with what it could have been."""

import re
from typing import TypeVar

import msgspec
from msgspec import inspect

Order = TypeVar("Order")

NOTHING_SAID = b"{}"
"""Stands for the body of a control that may be called without one."""

STEP = re.compile(r"\w+")
"""A member, or a place in a list: ``.rules[0].kind`` has three steps."""


class Nothing(msgspec.Struct, forbid_unknown_fields=True):
    """The body of a control that has nothing to choose: ``{}``, or none at all."""


def read(body: bytes, order: type[Order]) -> Order:
    """``body`` as an ``order``: a struct, or a dict where only the members' names matter.

    Raises:
        msgspec.ValidationError: it is empty or something else; the message names the choices.
        msgspec.DecodeError: it is not JSON.
    """
    if not body.strip():
        raise msgspec.ValidationError(f"The body is empty instead of JSON{_choices('', order)}")
    try:
        return msgspec.json.decode(body, type=order)
    except msgspec.ValidationError as error:
        raise msgspec.ValidationError(f"{error}{_choices(str(error), order)}") from error


def _choices(message: str, order: type) -> str:
    _, _, path = message.partition(" - at `$")
    wanted = _at(path, order)
    if isinstance(wanted, inspect.StructType):
        members = ", ".join(each.encode_name for each in wanted.fields)
        return f"; its members are {members}" if members else "; it has no members"
    values = _values(wanted)
    return f"; it is one of {', '.join(map(str, values))}" if values else ""


def _at(path: str, order: type) -> inspect.Type:
    """The type that ``order`` has at ``path``."""
    found = inspect.type_info(order)
    for step in STEP.findall(path):
        found = _within(found, step)
    return found


def _within(outer: inspect.Type, step: str) -> inspect.Type:
    match outer:
        case inspect.ListType() | inspect.VarTupleType():
            return outer.item_type
        case inspect.StructType():
            return next(each.type for each in outer.fields if each.encode_name == step)
    raise TypeError(f"nothing is read from within {outer}")


def _values(found: inspect.Type) -> list[object]:
    match found:
        case inspect.UnionType():
            return [value for each in found.types for value in _values(each)]
        case inspect.EnumType():
            return [each.value for each in found.cls]
        case inspect.LiteralType():
            return list(found.values)
    return []
