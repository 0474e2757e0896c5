"""Request parameters: bracket notation decoded, each value read by what the endpoint declares.

A ``Form`` names every parameter an endpoint has with a reader for it. A reader takes the
parameter's full name (``card[exp_month]``) and its raw value and returns a typed one, or raises
Stripe's error. Nothing is executed before the whole form has been read.
"""

import json
import re
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any
from urllib.parse import parse_qsl

from sandbox.errors import ParameterError, missing, unknown

Raw = str | dict[str, "Raw"]
"""A value as it came: text, or a hash; an array is a hash with the keys 0, 1, 2, …"""

Reader = Callable[[str, Raw], Any]
LONGEST_TEXT = 5_000
MOST_METADATA = 50
"""Keys that one object may have, however many calls they came in; empty values are none."""


def decode(*encoded: str) -> dict[str, Raw]:
    """Query strings and form bodies as one nested hash: ``a[b]=1`` is ``{"a": {"b": "1"}}``."""
    root: dict[str, Raw] = {}
    for text in encoded:
        for name, value in parse_qsl(text, keep_blank_values=True):
            _put(root, name, value)
    return root


def _put(root: dict[str, Raw], name: str, value: str) -> None:
    path = [part.rstrip("]") for part in name.split("[")]
    place = root
    for part in path[:-1]:
        inner = place.setdefault(part or str(len(place)), {})
        if isinstance(inner, str):
            return
        place = inner
    place[path[-1] or str(len(place))] = value


def text(name: str, value: Raw) -> str:
    """Some text; an empty string is refused."""
    plain = _plain(name, value)
    if not plain:
        raise ParameterError(
            f"You passed an empty string for '{name}'. We assume empty values are an attempt to "
            f"unset a parameter; however '{name}' cannot be unset. You should remove '{name}' "
            "from your request or supply a non-empty value.",
            name,
            "parameter_invalid_empty",
        )
    if len(plain) > LONGEST_TEXT:
        raise ParameterError(
            f"Invalid string: {plain[:10]}...{plain[-9:]}; must be at most {LONGEST_TEXT} "
            "characters",
            name,
        )
    return plain


def clearable_text(name: str, value: Raw) -> str | None:
    """Some text, or an empty string that unsets the attribute."""
    return None if value == "" else text(name, value)


def email(name: str, value: Raw) -> str | None:
    """An e-mail address of at most 512 characters, or an empty string that unsets it."""
    address = clearable_text(name, value)
    if address is not None and not re.fullmatch(r"[^@\s]+@[^@\s]+\.[^@\s]+", address):
        raise ParameterError(f"Invalid email address: {address}", name, "email_invalid")
    if address is not None and len(address) > 512:
        raise ParameterError(
            f"Invalid string: {address[:10]}...{address[-9:]}; must be at most 512 characters",
            name,
        )
    return address


def integer(name: str, value: Raw) -> int:
    """A whole number."""
    plain = text(name, value)
    if not re.fullmatch(r"[+-]?[0-9]{1,18}", plain):
        raise ParameterError(f"Invalid integer: {plain}", name, "parameter_invalid_integer")
    return int(plain)


def boolean(name: str, value: Raw) -> bool:
    """``true`` or ``false``."""
    plain = text(name, value)
    if plain not in ("true", "false"):
        raise ParameterError(f"Invalid boolean: {plain}", name)
    return plain == "true"


def one_of(*choices: str) -> Reader:
    """One word of a list."""
    listed = f"{', '.join(choices[:-1])}, or {choices[-1]}" if choices[1:] else choices[0]
    if len(choices) == 2:
        listed = " or ".join(choices)

    def read(name: str, value: Raw) -> str:
        plain = text(name, value)
        if plain not in choices:
            raise ParameterError(f"Invalid {name}: must be one of {listed}", name)
        return plain

    return read


def hash_of(fields: Mapping[str, Reader], *, required: Sequence[str] = ()) -> Reader:
    """A hash with known keys; unknown and missing ones are refused by their full name."""

    def read(name: str, value: Raw) -> dict[str, Any]:
        values = {
            key: _reader(fields, f"{name}[{key}]", key)(f"{name}[{key}]", inner)
            for key, inner in _hash(name, value).items()
        }
        for key in required:
            if key not in values:
                raise missing(f"{name}[{key}]")
        return values

    return read


def clearable(reader: Reader) -> Reader:
    """What ``reader`` reads, or an empty string that unsets it."""

    def read(name: str, value: Raw) -> Any:
        return None if value == "" else reader(name, value)

    return read


def list_of(reader: Reader) -> Reader:
    """An array."""

    def read(name: str, value: Raw) -> list[Any]:
        if isinstance(value, str):
            raise ParameterError("Invalid array", name)
        return [reader(f"{name}[{key}]", inner) for key, inner in value.items()]

    return read


def metadata(name: str, value: Raw) -> dict[str, str] | None:
    """At most 50 keys of 40 characters with values of 500; an empty string unsets them all."""
    if value == "":
        return None
    pairs = {key: _plain(f"{name}[{key}]", inner) for key, inner in _hash(name, value).items()}
    _check_count(pairs)
    for key, inner in pairs.items():
        if len(key) > 40:
            raise ParameterError(
                f"Metadata keys can only be up to 40 characters: {key}", f"{name}[{key}]"
            )
        if len(inner) > 500:
            raise ParameterError(
                "Metadata values can have up to 500 characters, but you passed in a value that "
                f"is {len(inner)} characters. Invalid value: {inner}",
                f"{name}[{key}]",
            )
    return pairs


def merged(current: Mapping[str, str], given: Mapping[str, str] | None) -> dict[str, str]:
    """Metadata after an update: an empty value removes its key, ``None`` removes all.

    Raises:
        ParameterError: more than 50 keys would be left. Nothing else may have changed by then.
    """
    if given is None:
        return {}
    pairs = {key: value for key, value in {**current, **given}.items() if value}
    _check_count(pairs)
    return pairs


@dataclass(frozen=True)
class TimeRange:
    """Whole seconds from ``first`` to ``last``, both included; ``None`` is open."""

    first: int | None = None
    last: int | None = None


def time_range(name: str, value: Raw) -> TimeRange:
    """A second, or a hash of ``gt``, ``gte``, ``lt`` and ``lte``."""
    if isinstance(value, str):
        moment = integer(name, value)
        return TimeRange(moment, moment)
    bounds = hash_of({"gt": integer, "gte": integer, "lt": integer, "lte": integer})(name, value)
    firsts = [bounds[key] + step for key, step in (("gte", 0), ("gt", 1)) if key in bounds]
    lasts = [bounds[key] - step for key, step in (("lte", 0), ("lt", 1)) if key in bounds]
    return TimeRange(max(firsts, default=None), min(lasts, default=None))


@dataclass(frozen=True)
class Form:
    """The parameters of an endpoint; ``expand`` belongs to all of them."""

    fields: Mapping[str, Reader]
    required: tuple[str, ...] = ()

    def read(self, raw: Mapping[str, Raw]) -> dict[str, Any]:
        """Typed values of the parameters given."""
        values = {
            name: _reader(self.fields, name, name)(name, value) for name, value in raw.items()
        }
        for name in self.required:
            if name not in values:
                raise missing(name)
        return values


def form(*required: str, **fields: Reader) -> Form:
    """A ``Form`` of these fields, of which the first-named are required."""
    return Form({**fields, "expand": list_of(text)}, required)


def _reader(fields: Mapping[str, Reader], name: str, key: str) -> Reader:
    if key not in fields:
        raise unknown(name)
    return fields[key]


def _check_count(pairs: Mapping[str, str]) -> None:
    count = sum(bool(value) for value in pairs.values())
    if count > MOST_METADATA:
        raise ParameterError(
            f"You can only have up to {MOST_METADATA} metadata keys. You provided {count}.",
            "metadata",
        )


def _plain(name: str, value: Raw) -> str:
    if isinstance(value, dict):
        raise ParameterError(f"Invalid string: {json.dumps(value, separators=(',', ':'))}", name)
    return value


def _hash(name: str, value: Raw) -> dict[str, Raw]:
    if isinstance(value, str):
        raise ParameterError("Invalid object", name)
    return value
