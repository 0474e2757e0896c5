"""From a letter to a message: headers that nobody can break into."""

from datetime import UTC, datetime
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP

import pytest

from shop.errors import LetterRefused
from shop.mail.letter import Letter, write
from shop.mail.message import message_of
from shop.rules.email import Mailbox

SENDER = Mailbox("Ipsum Street", "lessons@ipsum.example")
AT = datetime(2026, 11, 23, 15, tzinfo=UTC)


def letter_to(name: str | None, email: str) -> Letter:
    return write(Mailbox(name, email), "Your refund of $65.00", ["Hello,", "«ça va» 10 % ok?"])


def sent(name: str | None, email: str = "ada@example.com") -> EmailMessage:
    """The message as it arrives."""
    message = message_of("refunded:re_1", letter_to(name, email), sender=SENDER, at=AT)
    return message_from_bytes(message.as_bytes(), policy=SMTP)


def test_the_headers():
    """One recipient, one sender, a time, and a Message-ID that only depends on the name."""
    message = sent("Ada Lovelace")
    content = {"Content-Type", "MIME-Version"}
    assert {k: str(v) for k, v in message.items() if k not in content} == {
        "From": "Ipsum Street <lessons@ipsum.example>",
        "To": "Ada Lovelace <ada@example.com>",
        "Subject": "Your refund of $65.00",
        "Date": "Mon, 23 Nov 2026 15:00:00 +0000",
        "Message-ID": "<refunded%3Are_1@ipsum.example>",
        "Auto-Submitted": "auto-generated",
    }


def test_the_body_is_text_with_html_as_the_alternative():
    """Both in UTF-8, whatever signs they have."""
    letter = letter_to("Ada", "ada@example.com")
    text, html = sent("Ada").iter_parts()
    assert sent("Ada").get_content_type() == "multipart/alternative"
    assert (text.get_content_type(), html.get_content_type()) == ("text/plain", "text/html")
    assert text.get_content().replace("\r\n", "\n") == letter.text
    assert html.get_content().replace("\r\n", "\n") == letter.html


@pytest.mark.parametrize(
    ("name", "shown"),
    [
        (None, ""),
        ("", ""),
        ('Ada "Countess" Lovelace', 'Ada "Countess" Lovelace'),
        ("Lovelace, Ada <eve@example.com>", "Lovelace, Ada <eve@example.com>"),
        ("Zoë Ünal 用", "Zoë Ünal 用"),
        ("Ada\r\nBcc: eve@example.com", "Ada Bcc: eve@example.com"),
        ("Ada\n\n<script>", "Ada <script>"),
        ("x" * 300, "x" * 300),
    ],
)
def test_a_name_is_only_ever_a_name(name: str | None, shown: str):
    """Whatever signs it has, there is one recipient, with the address that was given."""
    message = sent(name)
    (recipient,) = message["To"].addresses
    assert (recipient.display_name, recipient.addr_spec) == (shown, "ada@example.com")
    assert "Bcc" not in message


def test_a_host_that_is_not_ascii_is_written_as_mail_servers_know_it():
    """RFC 3492."""
    (recipient,) = sent("Zoë", "zoe@exämple.org")["To"].addresses
    assert recipient.addr_spec == "zoe@xn--exmple-cua.org"


@pytest.mark.parametrize(
    "email",
    [
        "",
        "ada",
        "@example.com",
        "ada@",
        "ada@example.com\r\nBcc: eve@example.com",
        "ada@example.com, eve@example.com",
        "ada@example.com,eve@example.com",
        "eve@example.com>,<ada@example.com",
        "ada@b@example.com",
        "ada(x)@example.com",
        "<ada@example.com>",
        "ada@example..com",
        "ada@example.com\x00",
        "ada@" + "ü" * 70 + ".com",
        "ädä@example.com",
    ],
)
def test_an_address_that_cannot_be_written_to_is_refused(email: str):
    """Before anything is sent."""
    with pytest.raises(LetterRefused):
        sent("Ada", email)
