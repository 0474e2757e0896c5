"""Why the shop did not start."""


class CannotStart(Exception):
    """The message is a sentence for the person at the terminal."""
