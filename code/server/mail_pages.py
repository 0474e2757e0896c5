"""The pages of /dev/mail as HTML. Whatever comes from a letter is escaped here."""

from collections.abc import Sequence
from datetime import UTC, datetime
from html import escape
from urllib.parse import quote

from shop.mail.folder import Kept

SHOWN_HEADERS = ("From", "To", "Subject", "Date", "Message-ID", "Auto-Submitted")

IN_FRAME = '<base target="_blank">'
"""Before a letter's HTML: its links open beside the page, as they do in mail programs."""


def list_of_letters(letters: Sequence[Kept]) -> str:
    """The list, newest first as given."""
    head = """
      <div class="mail-head">
        <h1>Letters</h1>
        <p>No mail server is set, so letters to students are kept here and sent to nobody.</p>
      </div>"""
    if not letters:
        return f'{head}<p class="mail-none">No letter yet. Sign up for a lesson to get one.</p>'
    return f'{head}<ol class="mail-list">{"".join(map(_entry, letters))}</ol>'


def one_letter(kept: Kept) -> str:
    """One letter with its headers, its text, and its HTML in a frame where nothing runs."""
    message = kept.message
    headers = "".join(
        f"<div><dt>{name}</dt><dd>{escape(str(message[name]))}</dd></div>"
        for name in SHOWN_HEADERS
        if name in message
    )
    return f"""
      <p class="mail-back"><a href="/dev/mail">All letters</a></p>
      <article class="mail-letter">
        <h1>{escape(str(message["Subject"]))}</h1>
        <dl class="mail-headers">{headers}</dl>
        <h2>As text</h2>
        <pre class="mail-text">{escape(_body(kept, "plain"))}</pre>
        <h2>As HTML</h2>
        <iframe class="mail-html" title="The letter as HTML"
          sandbox="allow-popups allow-popups-to-escape-sandbox"
          srcdoc="{escape(IN_FRAME + _body(kept, "html"))}"></iframe>
      </article>"""


def _entry(kept: Kept) -> str:
    at = datetime.fromtimestamp(kept.at, UTC)
    return f"""
        <li><a href="/dev/mail/{quote(kept.name, safe="")}">
          <span class="mail-subject">{escape(str(kept.message["Subject"]))}</span>
          <span class="mail-to">{escape(str(kept.message["To"]))}</span>
          <time datetime="{at.isoformat(timespec="seconds")}">{at:%d %b %Y, %H:%M:%S} UTC</time>
        </a></li>"""


def _body(kept: Kept, subtype: str) -> str:
    part = kept.message.get_body(preferencelist=(subtype,))
    return str(part.get_content()).replace("\r\n", "\n") if part else ""
