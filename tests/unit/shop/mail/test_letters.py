"""What the letters say, word by word."""

from collections.abc import Callable
from functools import partial
from html.parser import HTMLParser
from zoneinfo import ZoneInfo

import pytest

from shop.mail import letters
from shop.mail.letter import Letter
from shop.rules.decline_reasons import Remedy
from shop.rules.email import Mailbox

ACCOUNT = "https://lessons.example/account-update/cus_1"
CONFIRM = "https://lessons.example/confirm-payment/pi_1"

STUDENT = {"name": "Ada Lovelace", "email": "ada@example.com"}
MONEY = {"amount": 6500, "currency": "usd", "description": "Guitar lesson"}

welcome = partial(letters.welcome, **STUDENT, lesson_text="01 Dec 3:00 p.m.", account_url=ACCOUNT)
hold_placed = partial(
    letters.hold_placed,
    **STUDENT,
    **MONEY,
    last4="4242",
    capture_before=1_795_723_200,
    zone=ZoneInfo("America/New_York"),
)
charged = partial(
    letters.charged, **{**STUDENT, **MONEY, "amount": 5000}, released=1500, last4="4242"
)
refunded = partial(letters.refunded, **STUDENT, **MONEY, status="succeeded", last4="4242")
payment_failed = partial(
    letters.payment_failed,
    **STUDENT,
    **MONEY,
    remedy=Remedy.NEW_CARD,
    account_url=ACCOUNT,
    confirmation_url=CONFIRM,
)


def test_the_welcome_letter():
    """It says what was asked for, that nothing was charged, what comes next and where to look."""
    letter = welcome()
    assert letter.to == Mailbox("Ada Lovelace", "ada@example.com")
    assert letter.subject == "Welcome to Ipsum Street"
    assert (
        letter.text
        == f"""\
Hello Ada Lovelace,

Welcome to Ipsum Street! You have asked for a lesson on 01 Dec 3:00 p.m., and your card is saved. \
Nothing has been charged.

We will confirm your lesson within 24 hours. A few days before it we put a hold on your card, and \
we charge it on the day of the lesson.

You can change your name, your e-mail address or your card at any time.

Your account page:
{ACCOUNT}

See you soon!

Ipsum Street
"""
    )


def test_the_letter_about_a_hold():
    """A hold is no charge, and ends by itself."""
    letter = hold_placed()
    assert letter.subject == "We have put a hold of $65.00 on your card"
    assert (
        letter.text
        == """\
Hello Ada Lovelace,

Your lesson is coming up, so we have put a hold of $65.00 on your card ending in 4242 for \
"Guitar lesson".

A hold only reserves the amount. Nothing has been charged. We charge it on the day of the lesson; \
if we don't, the hold ends by itself by Thursday, 26 November 2026, 3:00 p.m. (America/New_York) \
at the latest.

Ipsum Street
"""
    )


def test_the_letter_about_a_charge():
    """What was charged, and what of the hold was not."""
    letter = charged()
    assert letter.subject == "Your payment of $50.00"
    assert (
        letter.text
        == """\
Hello Ada Lovelace,

We have charged $50.00 to your card ending in 4242 for "Guitar lesson". The rest of the hold, \
$15.00, is yours again.

Thank you, and keep playing!

Ipsum Street
"""
    )
    assert "rest of the hold" not in charged(released=0).text


@pytest.mark.parametrize(
    ("status", "begins"),
    [
        ("succeeded", "We have refunded $65.00 to your card ending in 4242"),
        ("pending", "A refund of $65.00 is on its way to your card ending in 4242"),
    ],
)
def test_the_letter_about_a_refund(status: str, begins: str):
    """Money that is on its way is not said to be there."""
    letter = refunded(status=status)
    assert letter.subject == "Your refund of $65.00"
    assert (
        letter.text
        == f"""\
Hello Ada Lovelace,

{begins} for "Guitar lesson".

Banks usually take five to ten days until it shows on your statement.

Ipsum Street
"""
    )


@pytest.mark.parametrize(
    ("remedy", "confirmation_url", "subject", "helps", "link"),
    [
        (
            Remedy.NEW_CARD,
            CONFIRM,
            "Your lesson payment of $65.00 did not go through",
            "Please put down another card on your account page",
            f"Your account page:\n{ACCOUNT}",
        ),
        (
            Remedy.TRY_AGAIN,
            CONFIRM,
            "Your lesson payment of $65.00 did not go through",
            "This often passes by itself, and we will try again.",
            f"Your account page:\n{ACCOUNT}",
        ),
        (
            Remedy.AUTHENTICATION,
            CONFIRM,
            "Please confirm your lesson payment of $65.00",
            'Your bank wants you to confirm the payment of $65.00 for "Guitar lesson".',
            f"Confirm the payment:\n{CONFIRM}",
        ),
        (
            Remedy.AUTHENTICATION,
            None,
            "Your lesson payment of $65.00 did not go through",
            "Please put down another card on your account page",
            f"Your account page:\n{ACCOUNT}",
        ),
    ],
)
def test_the_letter_about_a_failed_payment_says_what_helps(
    remedy: Remedy, confirmation_url: str | None, subject: str, helps: str, link: str
):
    """It leads to the one page where the student can do it."""
    letter = payment_failed(remedy=remedy, confirmation_url=confirmation_url)
    assert letter.subject == subject
    assert helps in letter.text
    assert "Nothing has been charged." in letter.text
    assert letter.text.endswith(f"\n\n{link}\n\nIpsum Street\n")
    assert letter.text.count("https://") == 1


class Seen(HTMLParser):
    """The words, links and tags of a letter's HTML."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.words: list[str] = []
        self.links: list[str] = []
        self.tags: set[str] = set()
        self.feed(html)
        self.close()

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.add(tag)
        self.links += [value for name, value in attrs if name in ("href", "src") and value]

    def handle_data(self, data: str) -> None:
        self.words += data.split()


LETTERS = pytest.mark.parametrize(
    "letter",
    [welcome, hold_placed, charged, refunded, payment_failed],
    ids=lambda f: f.func.__name__,
)


@LETTERS
def test_the_html_says_the_same(letter: Callable[..., Letter]):
    """Words and links of both are the same; a label needs no colon before a button."""
    text, html = letter().text, Seen(letter().html)
    words = " ".join(html.words).removeprefix(letter().subject).split()
    assert html.links == [line for line in text.splitlines() if line.startswith("https://")]
    assert words == [
        word.removesuffix(":") if word == "page:" else word
        for word in text.split()
        if not word.startswith("https://")
    ]


@LETTERS
def test_the_html_is_simple(letter: Callable[..., Letter]):
    """Nothing is loaded from anywhere, and nothing runs."""
    tags = Seen(letter().html).tags
    assert tags <= {"html", "head", "meta", "title", "body", "div", "p", "a"}


@LETTERS
def test_what_people_typed_stays_text(letter: Callable[..., Letter]):
    """Neither a name nor a description brings in HTML, a header or a link of its own."""
    evil = "<script>x</script>\r\nBcc: a@b.c"
    told = {"description": evil} if "description" in letter.keywords else {"lesson_text": evil}
    written = letter(name=evil, **told)
    assert Seen(written.html).tags <= {"html", "head", "meta", "title", "body", "div", "p", "a"}
    assert written.text.startswith("Hello,\n")
    assert written.to == Mailbox(None, "ada@example.com")
    assert "\r" not in written.text
    assert len(written.subject.splitlines()) == 1


@LETTERS
def test_what_is_not_known_is_left_out(letter: Callable[..., Letter]):
    """No letter says None."""
    unknown = {"name", "description", "last4", "capture_before", "lesson_text"}
    written = letter(**dict.fromkeys(unknown & letter.keywords.keys()))
    assert "None" not in written.subject + written.text + written.html
