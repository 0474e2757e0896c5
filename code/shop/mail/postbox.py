"""The postbox: sends each letter once, by its name.

Whoever sends a letter holds the lock on its name, so that of two jobs one waits and then finds it
sent. The note "sent" is made right after the mail server took the letter. A process that dies just
between leaves no note, and the letter is sent once more under the same Message-ID: see
docs/decisions/0014-letters.md.
"""

import asyncio
import logging
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from datetime import UTC, datetime
from email.message import EmailMessage
from typing import Protocol
from urllib.parse import urlsplit

from shop.errors import MailUnavailable
from shop.locks import one_at_a_time
from shop.mail.folder import MailFolder
from shop.mail.letter import Letter
from shop.mail.message import message_of
from shop.mail.sent_letters import SentLetters
from shop.mail.smtp import MailConnection
from shop.rules.email import Mailbox
from shop.settings import Settings
from shop.storage import Storage

log = logging.getLogger(__name__)


class Carrier(Protocol):
    """Whoever takes a message out of our hands."""

    async def carry(self, name: str, message: EmailMessage, *, student: str) -> None:
        """Return once the message to the student of this id is taken for certain."""


class Postbox:
    """Open for letters."""

    def __init__(self, storage: Storage, carrier: Carrier, sender: Mailbox) -> None:
        self._storage = storage
        self._sent = SentLetters(storage)
        self._carrier = carrier
        self._sender = sender

    async def send_once(self, name: str, letter: Letter, *, student: str = "") -> bool:
        """Send the letter unless one of this name was sent; answers whether it was sent now.

        Args:
            name: what the letter is about, such as `welcome:cus_1`; it may stand in logs.
            student: the id of whom it is to.

        Raises:
            MailUnavailable: it was not taken for now; another try may succeed.
            LetterRefused: it can't be sent to this address, now or later.
            Busy: another process tries to send it and takes long.
        """
        async with one_at_a_time(self._storage, "letter", name):
            if await self._sent.is_sent(name):
                return False
            now = datetime.now(UTC)
            message = message_of(name, letter, sender=self._sender, at=now)
            await self._carrier.carry(name, message, student=student)
            await self._sent.note(name)
        log.info("letter %s was sent", name)
        return True


class _FolderCarrier:
    """Keeps the messages of a shop without a mail server."""

    def __init__(self, folder: MailFolder) -> None:
        self._folder = folder

    async def carry(self, name: str, message: EmailMessage, *, student: str) -> None:
        try:
            await asyncio.to_thread(self._folder.put, name, message, student=student)
        except OSError as error:
            log.warning("letter %s could not be written: %s", name, error.strerror)
            raise MailUnavailable("The folder for letters can't be written to.") from error


@asynccontextmanager
async def open_postbox(settings: Settings, storage: Storage) -> AsyncIterator[Postbox]:
    """Open the postbox; a connection to the mail server is made with the first letter."""
    if settings.mail_server is None:
        yield Postbox(storage, _FolderCarrier(mail_folder(settings)), settings.mail_from)
        return
    own_name = urlsplit(settings.domain).hostname or "localhost"
    connection = MailConnection(settings.mail_server, own_name=own_name)
    try:
        yield Postbox(storage, connection, settings.mail_from)
    finally:
        await connection.close()


def mail_folder(settings: Settings) -> MailFolder:
    """Where letters are kept while no mail server is set."""
    return MailFolder(settings.var_dir / "mail")
