"""Text that every file can hold as it is, found a column at a time."""

from functools import lru_cache

LONGEST_TEXT = 32_767 // 2
"""Characters in a cell. Excel counts UTF-16 units, of which a character has one or two."""

_COLUMNS = 64
"""Answers that are kept: as many as the widest report has columns of text, and more."""

_BETWEEN = "|"
_MARKS = (",", '"', ";", "&", "<", ">", "_x", f" {_BETWEEN}")
"""What CSV quotes, what spreadsheets split at, XML's own, Excel's escapes, a blank at an end."""


@lru_cache(maxsize=_COLUMNS)
def plain(texts: tuple[str | None, ...]) -> bool:
    """Whether all texts of a column are surely plain: CSV and XML have them unchanged.

    To look at them together is many times faster than one by one. Two files ask the same of a
    column, so the answer is kept.

    Plain texts begin with a letter or a digit, so that none begins a formula; all characters are
    printable, which leaves no white space but the blank; none of the marks is there; and together
    they are not longer than one may be.
    """
    present = [text for text in texts if text]
    joined = "".join([text + _BETWEEN for text in present])
    return (
        len(joined) <= LONGEST_TEXT
        and joined.isprintable()
        and "".join([text[0] for text in present]).isalnum()
        and not any(mark in joined for mark in _MARKS)
    )
