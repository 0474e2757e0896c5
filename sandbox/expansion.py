"""``expand``: ids replaced by the objects they name, along dotted paths.

Each resource declares what can be expanded in its JSON. Paths are checked against that before
the endpoint runs, so a bad one writes nothing.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field

from sandbox.account import Account, Json
from sandbox.errors import ParameterError

DEEPEST = 4
"""Levels of a path, ``data`` included."""


@dataclass(frozen=True)
class Reference:
    """A member holding an id that can become an object of one of these kinds."""

    kinds: tuple[str, ...]


@dataclass(frozen=True)
class Embedded:
    """A member that is an object of its own anyway; it can be walked through."""

    members: Mapping[str, "Rule"] = field(default_factory=dict)


@dataclass(frozen=True)
class OnDemand:
    """A member that is absent unless it is expanded; a list of ``kind``, if one is given."""

    build: Callable[[Account, Json], Json]
    kind: str | None = None


ALWAYS_NULL = Embedded()
"""A member that Stripe can expand, and that is always ``null`` here."""

Rule = Reference | Embedded | OnDemand
Schema = Mapping[str, Mapping[str, Rule]]
"""By kind of object: what can be expanded in it."""

Tree = dict[str, "Tree"]
"""``["a.b", "a.c"]`` as ``{"a": {"b": {}, "c": {}}}``."""


def to(*kinds: str) -> Reference:
    """A member whose id can become an object of one of these kinds."""
    return Reference(kinds)


def parse(schema: Schema, kind: str, paths: Sequence[str], *, many: bool) -> Tree:
    """Check the paths asked for on an answer of ``kind`` (a list of it if ``many``)."""
    tree: Tree = {}
    for path in paths:
        segments = path.split(".")
        if len(segments) > DEEPEST:
            raise ParameterError(
                f"You cannot expand more than {DEEPEST} levels of a property. Property: {path}",
                None,
                "property_expansion_max_depth",
            )
        if not (_valid_in_list if many else _valid)(schema, kind, segments):
            hint = f" You may want to try expanding 'data.{path}' instead."
            wants_hint = many and segments[0] != "data"
            raise ParameterError(
                f"This property cannot be expanded ({path}).{hint if wants_hint else ''}", None
            )
        place = tree
        for segment in segments:
            place = place.setdefault(segment, {})
    return tree


def apply(account: Account, schema: Schema, answer: Json, tree: Tree) -> None:
    """Expand ``answer`` in place."""
    if not tree:
        return
    if answer["object"] == "list":
        for item in answer["data"]:
            apply(account, schema, item, tree.get("data", {}))
        return
    _expand(account, schema, answer, schema.get(answer["object"], {}), tree, answer)


def _expand(
    account: Account,
    schema: Schema,
    place: Json,
    rules: Mapping[str, Rule],
    tree: Tree,
    owner: Json,
) -> None:
    for name, branch in tree.items():
        value = place.get(name)
        match rules.get(name):
            case Reference(kinds) if isinstance(value, str):
                place[name] = _referred(account, schema, kinds, value, branch)
            case Embedded(members) if isinstance(value, dict):
                _expand(account, schema, value, members, branch, owner)
            case OnDemand(build=build) if "deleted" not in owner:
                place[name] = build(account, owner)
                apply(account, schema, place[name], branch)


def _referred(
    account: Account, schema: Schema, kinds: tuple[str, ...], id: str, branch: Tree
) -> Json | str:
    for kind in kinds:
        record = account.table(kind).get(id)
        if record is not None:
            rendered = account.render(record)
            apply(account, schema, rendered, branch)
            return rendered
    return id


def _valid_in_list(schema: Schema, kind: str, segments: Sequence[str]) -> bool:
    return segments[0] == "data" and _valid(schema, kind, segments[1:])


def _valid(schema: Schema, kind: str, segments: Sequence[str]) -> bool:
    return _walk(schema, schema[kind], segments)


def _walk(schema: Schema, rules: Mapping[str, Rule], segments: Sequence[str]) -> bool:
    if not segments:
        return True
    match rules.get(segments[0]):
        case Reference(kinds):
            return any(_valid(schema, kind, segments[1:]) for kind in kinds)
        case Embedded(members):
            return _walk(schema, members, segments[1:])
        case OnDemand(kind=kind):
            inner = segments[1:]
            return not inner or (kind is not None and _valid_in_list(schema, kind, inner))
        case _:
            return False
