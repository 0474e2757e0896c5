"""How letters say times and what other people typed. Pure."""

import re
from datetime import datetime
from zoneinfo import ZoneInfo

LONGEST_WORDS = 80
"""Characters of what a student typed that a letter repeats."""

LEADS_SOMEWHERE = re.compile(r"//|[@<>]|\w\w\.\w\w")
"""What mail programs make links of, or could be an address."""


def moment(seconds: int, zone: ZoneInfo) -> str:
    """A time with its zone: `Thursday, 26 November 2026, 3:00 p.m. (America/New_York)`."""
    at = datetime.fromtimestamp(seconds, zone)
    half = "a.m." if at.hour < 12 else "p.m."
    return f"{at:%A}, {at.day} {at:%B %Y}, {at.hour % 12 or 12}:{at:%M} {half} ({zone.key})"


def one_line(text: str | None) -> str:
    """The text without line breaks, control characters and blanks around it."""
    return " ".join("".join(c if c.isprintable() else " " for c in text or "").split())


def typed(text: str | None) -> str | None:
    """What a student typed, fit to be repeated; None where it is not.

    Anybody can sign up with the e-mail address of somebody else. Whatever they call themselves,
    our letter must not carry their links to that person.
    """
    words = one_line(text)
    return words if 0 < len(words) <= LONGEST_WORDS and not LEADS_SOMEWHERE.search(words) else None
