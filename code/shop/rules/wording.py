"""Numbers of things, as people read them. Pure."""


def counted(number: int, singular: str, plural: str = "") -> str:
    """A number with its noun: `1 student`, `12,400 students`.

    Args:
        plural: where it is more than the singular and an s.
    """
    return f"{number:,} {singular if number == 1 else plural or f'{singular}s'}"
