"""Links that let a student in without a password: whoever has one reads the student's mail.

A link is signed with the key of the staff file and ends after `LINK_LASTS`. As long as no staff
account exists there is no key, nobody needs to be let in, and links are plain.
"""

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


class StudentLinks:
    """Makes the links of one shop and knows its own again."""

    def __init__(self, domain: str, key: str) -> None:
        """`key` is the staff file's, "" where there is none."""
        self._domain = domain
        self._signer = URLSafeTimedSerializer(key, salt="student-link") if key else None

    def account(self, customer_id: str) -> str:
        """The address of the student's account page."""
        return self._signed("account-update", customer_id)

    def confirmation(self, payment_intent_id: str) -> str:
        """The address of the page on which the student confirms this payment."""
        return self._signed("confirm-payment", payment_intent_id)

    def opens(self, signature: str) -> str | None:
        """The id of the student or payment that a link is for; None where it is forged or ended."""
        if self._signer is None:
            return None
        try:
            return str(self._signer.loads(signature, max_age=LINK_LASTS))
        except BadData:
            return None

    def _signed(self, page: str, subject: str) -> str:
        address = f"{self._domain}/{page}/{quote(subject, safe='')}"
        if self._signer is None:
            return address
        return f"{address}?{PARAMETER}={self._signer.dumps(subject)}"
