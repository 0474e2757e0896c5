"""Handing messages to a mail server. This is the only module that speaks SMTP."""

import asyncio
import logging
from email.message import EmailMessage

from aiosmtplib import (
    SMTP,
    SMTPDataError,
    SMTPException,
    SMTPRecipientsRefused,
    SMTPResponseException,
)

from shop.errors import LetterRefused, MailUnavailable
from shop.settings import MailServer

STEP_LIMIT = 20.0
"""Seconds for one step: to connect, or one command and its answer."""

LETTER_LIMIT = 60.0
"""Seconds for a whole letter."""

FOR_GOOD = range(500, 600)
"""Answers that another try would get again (RFC 5321, section 4.2.1)."""

AWAY = "The mail server can't be reached or does not take the letter. It can be sent again later."
REFUSED = "The mail server refuses the letter to this address for good."

log = logging.getLogger(__name__)


class MailConnection:
    """A connection that is made with the first message and kept for the next ones."""

    def __init__(self, server: MailServer, *, own_name: str) -> None:
        """Nothing is opened yet.

        Args:
            own_name: how we introduce ourselves, a host name.
        """
        self._smtp = SMTP(
            hostname=server.host,
            port=server.port,
            username=server.user or None,
            password=server.password or None,
            use_tls=server.tls,
            start_tls=_start_tls(server),
            local_hostname=own_name,
            timeout=STEP_LIMIT,
        )

    async def carry(self, _: str, message: EmailMessage, *, student: str) -> None:  # noqa: ARG002
        """Hand the message over; once this returns, the server answers for it.

        Raises:
            LetterRefused: the server refuses the recipient or the message for good.
            MailUnavailable: anything else; another try may succeed.
        """
        try:
            async with asyncio.timeout(LETTER_LIMIT):
                if not self._smtp.is_connected:
                    await self._smtp.connect()
                await self._smtp.send_message(message)
        except (SMTPException, OSError) as error:
            code = _answer(error)
            log.warning("a letter was not accepted: %s %s", type(error).__name__, code or "")
            if code in FOR_GOOD and isinstance(error, (SMTPRecipientsRefused, SMTPDataError)):
                raise LetterRefused(REFUSED) from error
            self._smtp.close()
            raise MailUnavailable(AWAY) from error

    async def close(self) -> None:
        """Say goodbye. A server that went away meanwhile needs none."""
        try:
            if self._smtp.is_connected:
                await self._smtp.quit()
        except (SMTPException, OSError) as error:
            log.info("the mail server did not say goodbye: %s", type(error).__name__)
        finally:
            self._smtp.close()


def _start_tls(server: MailServer) -> bool | None:
    """None leaves it to the server's offer; a password never goes out in the clear."""
    if server.tls:
        return False
    return True if server.password else None


def _answer(error: Exception) -> int | None:
    """The server's code, where it answered."""
    if isinstance(error, SMTPRecipientsRefused):
        return error.recipients[0].code
    return error.code if isinstance(error, SMTPResponseException) else None
