"""A letter: to whom, and the same words as plain text and as simple HTML. Pure.

The HTML has inline styles only, no images and no colours of its own but the button's, so that mail
programs show it on a phone and in the dark as they show everything else.
"""

from collections.abc import Sequence
from html import escape
from typing import NamedTuple

from shop.rules.email import Mailbox

SIGNED = "Ipsum Street"

PAGE = """\
<!doctype html>
<html lang="en" style="color-scheme: light dark">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width, initial-scale=1">
<meta name="color-scheme" content="light dark">
<title>{subject}</title>
</head>
<body style="margin: 0; padding: 24px 16px; font: 17px/1.55 'Avenir Next', 'Segoe UI', Roboto, \
'Helvetica Neue', Arial, sans-serif">
<div style="max-width: 34em; margin: 0 auto; overflow-wrap: break-word">
{parts}
</div>
</body>
</html>
"""
PARAGRAPH = '<p style="margin: 0 0 1em">{words}</p>'
BUTTON = (
    '<p style="margin: 1.5em 0"><a href="{url}" style="display: inline-block; '
    "padding: 12px 22px; border-radius: 8px; background: #14515c; color: #fff8ea; "
    'font-weight: 600; text-decoration: none">{label}</a></p>'
)


class Link(NamedTuple):
    """A part of a letter that leads to a page of the shop."""

    label: str
    url: str


class Letter(NamedTuple):
    """A letter, ready to be sent. `subject` is one line."""

    to: Mailbox
    subject: str
    text: str
    html: str


def write(to: Mailbox, subject: str, parts: Sequence[str | Link]) -> Letter:
    """The letter made of paragraphs and links, signed."""
    whole = [*parts, SIGNED]
    text = "\n\n".join(map(_as_text, whole)) + "\n"
    html = PAGE.format(subject=escape(subject), parts="\n".join(map(_as_html, whole)))
    return Letter(to, subject, text, html)


def _as_text(part: str | Link) -> str:
    return f"{part.label}:\n{part.url}" if isinstance(part, Link) else part


def _as_html(part: str | Link) -> str:
    if isinstance(part, Link):
        return BUTTON.format(url=escape(part.url), label=escape(part.label))
    return PARAGRAPH.format(words=escape(part))
