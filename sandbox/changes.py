"""What an update changed, as events report it."""

from sandbox.account import Json


def previous_attributes(before: Json, after: Json) -> Json:
    """The members that differ, with their old values; hashes show only the keys that differ."""
    previous: Json = {}
    for name, value in after.items():
        old = before.get(name)
        if old == value:
            continue
        if isinstance(old, dict) and isinstance(value, dict):
            keys = {**old, **value}
            previous[name] = {key: old.get(key) for key in keys if old.get(key) != value.get(key)}
        else:
            previous[name] = old
    return previous
