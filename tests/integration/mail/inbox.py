"""A real mail server on loopback, whose answers a test can choose."""

import asyncio
import ssl
import warnings
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from email import message_from_bytes
from email.message import EmailMessage
from email.policy import SMTP as MAIL
from typing import NamedTuple

from aiosmtpd.smtp import SMTP, AuthResult, Envelope, LoginPassword, Session

ACCEPTED = "250 OK"
FULL = "452 mailbox full"


class Arrived(NamedTuple):
    """A message with its envelope."""

    sender: str
    recipients: list[str]
    message: EmailMessage
    encrypted: bool


class Inbox:
    """What has arrived, and what the server answers next; it accepts where nothing is said.

    Attributes:
        to_recipient, to_message: answers to come, one for each time the question comes.
        full: addresses whose mailbox takes nothing for now.
        before_answer: called when a message is there and not yet accepted.
        logins: users and passwords that were given.
    """

    def __init__(self) -> None:
        self.arrived: list[Arrived] = []
        self.to_recipient: list[str] = []
        self.to_message: list[str] = []
        self.full: set[str] = set()
        self.before_answer: Callable[[], None] | None = None
        self.logins: list[tuple[bytes, bytes]] = []
        self.sessions: list[SMTP] = []
        self.port = 0

    async def handle_RCPT(  # noqa: N802 (aiosmtpd's name)
        self, _: SMTP, __: Session, envelope: Envelope, address: str, ___: list[str]
    ) -> str:
        usual = FULL if address in self.full else ACCEPTED
        answer = self.to_recipient.pop(0) if self.to_recipient else usual
        if answer == ACCEPTED:
            envelope.rcpt_tos.append(address)
        return answer

    async def handle_DATA(self, _: SMTP, session: Session, envelope: Envelope) -> str:  # noqa: N802
        answer = self.to_message.pop(0) if self.to_message else ACCEPTED
        if self.before_answer is not None:
            self.before_answer()
        if answer == ACCEPTED:
            message = message_from_bytes(envelope.original_content or b"", policy=MAIL)
            encrypted = session.ssl is not None
            self.arrived.append(
                Arrived(envelope.mail_from or "", envelope.rcpt_tos, message, encrypted)
            )
        return answer

    @property
    def connections(self) -> int:
        """How many were ever made."""
        return len(self.sessions)

    def hang_up(self) -> None:
        """Close every connection."""
        for session in self.sessions:
            if session.transport is not None:
                session.transport.close()

    def login(self, *asked: object) -> AuthResult:
        given = asked[-1]
        assert isinstance(given, LoginPassword)
        self.logins.append((given.login, given.password))
        return AuthResult(success=given.password == b"p@ss:word/1", handled=False)


@asynccontextmanager
async def open_inbox(
    port: int = 0,
    *,
    starttls: ssl.SSLContext | None = None,
    smtps: ssl.SSLContext | None = None,
    wants_login: bool = False,
) -> AsyncIterator[Inbox]:
    """The server, for as long as the context lasts."""
    inbox = Inbox()
    loop = asyncio.get_running_loop()

    def session() -> SMTP:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # it would even take a password in the clear
            made = SMTP(
                inbox,
                loop=loop,
                hostname="localhost",
                tls_context=starttls,
                authenticator=inbox.login if wants_login else None,
                auth_required=wants_login,
                auth_require_tls=False,
            )
        inbox.sessions.append(made)
        return made

    server = await loop.create_server(session, "127.0.0.1", port, ssl=smtps)
    inbox.port = server.sockets[0].getsockname()[1]
    try:
        yield inbox
    finally:
        server.close()
        await server.wait_closed()
