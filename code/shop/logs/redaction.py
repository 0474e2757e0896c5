"""A net under the rule that logs hold ids only: what looks like a key or an address is taken out.

Nothing of ours writes either, but a traceback repeats what a library was given.
"""

import re

KEY = re.compile(
    r"\b(sk|rk|pk)_(live|test)_\w+|\b(whsec)_\w+|\b(ipsum)_[0-9a-f]{8}_[\w-]{43}|(?<=_secret_)\w+"
)
"""Stripe's keys, webhook secrets, our API tokens and the secret half of client secrets."""

MARKS_OF_KEYS = ("k_test_", "k_live_", "whsec_", "ipsum_", "_secret_")
"""A line without any of these needs no closer look, which takes ten times as long."""

EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")

PASSWORD = re.compile(r"(?<=://)([^\s/@:]*):[^\s/@]+@")
"""User and password in an address of a server."""


def redacted(line: str) -> str:
    """The line without keys, e-mail addresses and passwords."""
    if any(mark in line for mark in MARKS_OF_KEYS):
        line = KEY.sub(_begin_of_key, line)
    if "@" in line:
        line = EMAIL.sub("[e-mail]", PASSWORD.sub(r"[password]@", line))
    return line


def _begin_of_key(found: re.Match[str]) -> str:
    """Which kind of key it was; an account's mode is worth knowing."""
    kind, mode, webhook, token = found.groups()
    if kind:
        return f"{kind}_{mode}_[key]"
    if token:
        return f"{token}_[token]"
    return f"{webhook}_[key]" if webhook else "[secret]"
