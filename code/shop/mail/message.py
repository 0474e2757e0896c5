"""From a letter to the message that mail servers carry (RFC 5322). Pure."""

from datetime import datetime
from email.errors import HeaderParseError
from email.headerregistry import Address
from email.message import EmailMessage
from email.policy import SMTP
from urllib.parse import quote

from shop.errors import LetterRefused
from shop.mail.letter import Letter
from shop.mail.wording import one_line
from shop.rules.email import Mailbox, looks_like_email

UNUSABLE = "This e-mail address can't be written to."


def message_of(name: str, letter: Letter, *, sender: Mailbox, at: datetime) -> EmailMessage:
    """The message, with one recipient.

    Args:
        name: the letter's, such as `welcome:cus_1`. The Message-ID is made from it: whoever gets
            the same letter twice can tell that it is the same.
        at: the time of sending, with its zone.

    Raises:
        LetterRefused: the recipient's address can't be written to.
    """
    to, by = _address(letter.to), _address(sender)
    message = EmailMessage(policy=SMTP)
    message["From"] = by
    message["To"] = to
    message["Subject"] = one_line(letter.subject)
    message["Date"] = at
    message["Message-ID"] = f"<{quote(name, safe='')}@{by.domain}>"
    message["Auto-Submitted"] = "auto-generated"  # RFC 3834: no answers from absent people
    message.set_content(letter.text)
    message.add_alternative(letter.html, subtype="html")
    return message


def can_be_written_to(email: str) -> bool:
    """Whether a message to this address can be made. Whether it arrives is another matter."""
    try:
        _address(Mailbox(None, email))
    except LetterRefused:
        return False
    return True


def _address(mailbox: Mailbox) -> Address:
    """The mailbox as a header takes it. The part before the @ must be ASCII, as it mostly is."""
    email = mailbox.email.strip()
    if not looks_like_email(email):
        raise LetterRefused(UNUSABLE)
    local, _, host = email.rpartition("@")
    try:
        spec = f"{local}@{host.encode('idna').decode()}"
        address = Address(one_line(mailbox.name), addr_spec=spec)
    except (HeaderParseError, ValueError, IndexError) as error:
        raise LetterRefused(UNUSABLE) from error
    if address.addr_spec != spec:  # a comment in it, say, was dropped
        raise LetterRefused(UNUSABLE)
    return address
