"""Links that let a student in without a password: whoever has one reads the student's mail.

A link is signed with the key of the staff file and ends after `LINK_LASTS`. One that is made for
whoever was let in by a link ends with that one; otherwise links would renew each other. As long as
no staff account exists there is no key, nobody needs to be let in, and links are plain.
"""

import time
from dataclasses import dataclass
from urllib.parse import quote

from itsdangerous import BadData, URLSafeTimedSerializer

from shop.settings import Settings
from shop.staff import staff_file

LINK_LASTS = 7 * 24 * 3600
"""Seconds. The page behind an older link offers to send a new one."""

PARAMETER = "link"
"""What the signature is called in the address."""


def open_links(settings: Settings) -> "StudentLinks":
    """The links of this shop, with the staff file's key of now.

    Raises:
        SettingsError: the staff file cannot be read.
    """
    return StudentLinks(settings.domain, staff_file.read(settings.staff_file).key)


@dataclass(frozen=True)
class Opened:
    """What a link opens: the page of a student or a payment, by its id.

    Attributes:
        ends: unix seconds, after which it opens nothing.
    """

    subject: str
    ends: int


class StudentLinks:
    """Makes the links of one shop and knows its own again."""

    def __init__(self, domain: str, key: str, *, ends: int | None = None) -> None:
        """Links with this key, the staff file's; "" where there is none.

        Args:
            ends: unix seconds, after which none of the links made opens anything; None for the full
                `LINK_LASTS`.
        """
        self._domain = domain
        self._ends = ends
        self._signer = URLSafeTimedSerializer(key, salt="student-link") if key else None

    def account(self, customer_id: str) -> str:
        """The address of the student's account page."""
        return self._signed("account-update", customer_id)

    def confirmation(self, payment_intent_id: str) -> str:
        """The address of the page on which the student confirms this payment."""
        return self._signed("confirm-payment", payment_intent_id)

    def opens(self, signature: str) -> Opened | None:
        """What a link is for; None where it is forged or ended."""
        if self._signer is None:
            return None
        try:
            signed, at = self._signer.loads(signature, max_age=LINK_LASTS, return_timestamp=True)
        except BadData:
            return None
        ends = int(at.timestamp()) + LINK_LASTS
        subject, last = signed if isinstance(signed, list) else (signed, ends)
        return Opened(subject, min(last, ends)) if int(time.time()) <= last else None

    def _signed(self, page: str, subject: str) -> str:
        address = f"{self._domain}/{page}/{quote(subject, safe='')}"
        if self._signer is None:
            return address
        signed = subject if self._ends is None else [subject, self._ends]
        return f"{address}?{PARAMETER}={self._signer.dumps(signed)}"
