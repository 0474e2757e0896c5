"""One entry of the audit trail, and the line that keeps it.

An entry is written twice under one id: when an action begins, and when it is over. So a process
that is killed in between leaves an entry of which nobody can say how it ended, rather than none.
Ids only: what people typed, names and addresses never get in here.
"""

import logging
import secrets
from collections.abc import Iterable
from enum import StrEnum

import msgspec

log = logging.getLogger(__name__)


class Result(StrEnum):
    """How an action ended. The value stands in the trail."""

    OK = "ok"
    REFUSED = "refused"  # nothing was done; the code says why
    UNKNOWN = "unknown"  # it may have been done, or not


class Entry(msgspec.Struct, frozen=True, kw_only=True, omit_defaults=True):
    """What somebody did, or tried to do.

    Attributes:
        id: the same on both lines of an action.
        at: when it began; unix milliseconds UTC.
        action: one of `shop.audit.actions.Action`, or what a later version calls it.
        who: the account's name, `account/label` of a token, or the id of the student or payment
            whose link was followed; "" for visitors, and as long as nobody can sign in.
        via: how we know, a value of `server.access.actor.Via`.
        client: the address it came from.
        customer, payment, refund, report, job: ids of what it was about.
        new_payment: the hold that was placed again in the payment's stead.
        detail: the kind of a report, the format of a file, the queue of a job.
        amount: the money that it moved or was to move, in minor units of `currency`.
        code: why it was refused or failed, as the answer named it.
        status: of the HTTP answer; None as long as there is none.
        repeated: the answer was the first one to the same request, given again.
        request_id: of the request, as in the log.
    """

    id: str
    at: int
    action: str
    who: str = ""
    via: str = ""
    client: str = ""
    customer: str = ""
    payment: str = ""
    new_payment: str = ""
    refund: str = ""
    report: str = ""
    job: str = ""
    detail: str = ""
    amount: int | None = None
    currency: str = ""
    result: Result = Result.UNKNOWN
    code: str = ""
    status: int | None = None
    repeated: bool = False
    request_id: str = ""

    @property
    def place(self) -> tuple[int, str]:
        """Where it stands in the trail: by time, and then by id."""
        return self.at, self.id

    @property
    def subjects(self) -> frozenset[str]:
        """Every id that it names."""
        named = (self.customer, self.payment, self.new_payment, self.refund, self.report, self.job)
        return frozenset(named) - {""}


_encode = msgspec.json.Encoder().encode
_decoder = msgspec.json.Decoder(Entry)


def new_id() -> str:
    """An id that no other entry has."""
    return secrets.token_hex(8)


def line_of(entry: Entry) -> bytes:
    """The line that keeps an entry."""
    return _encode(entry) + b"\n"


def read_lines(name: str, lines: bytes) -> list[Entry]:
    """The entries of a file of lines. A line that cannot be read is named in the log."""
    try:
        return _decoder.decode_lines(lines)
    except msgspec.DecodeError:
        return [entry for line in lines.splitlines() if (entry := _read(name, line))]


def joined(entries: Iterable[Entry]) -> list[Entry]:
    """One entry for each action, as it ended where that is known; the newest first."""
    by_id: dict[str, Entry] = {}
    for entry in entries:
        before = by_id.get(entry.id)
        if before is None or before.status is None:
            by_id[entry.id] = entry
    return sorted(by_id.values(), key=lambda entry: entry.place, reverse=True)


def _read(name: str, line: bytes) -> Entry | None:
    try:
        return _decoder.decode(line)
    except msgspec.DecodeError as error:
        log.error("a line of the audit trail in %s cannot be read: %s", name, error)
        return None
