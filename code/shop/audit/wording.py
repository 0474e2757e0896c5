"""Entries of the audit trail in people's words. Pure.

Each action has two forms: what was done, and what somebody tried to do. What an entry does not know
is said in general words.
"""

import time
from collections.abc import Mapping

from shop.audit.actions import Action
from shop.audit.entry import Entry, Result
from shop.rules.wording import price

ENDS_WITHIN = 180
"""Seconds for which an action of which no end was written may still be under way."""

PHRASES: Mapping[str, tuple[str, str]] = {
    Action.HOLD: (
        "held {money} on the card of {customer} ({payment})",
        "hold {money} on the card of {customer}",
    ),
    Action.HOLD_AGAIN: (
        "held {money} again: {new_payment} in place of {payment}",
        "hold the money of {payment} again",
    ),
    Action.CAPTURE: ("captured {money} of {payment}", "capture {money} of {payment}"),
    Action.RELEASE: ("let go of {money} held by {payment}", "let go of what {payment} holds"),
    Action.REFUND: ("gave back {money} of {payment}", "give back {money} of {payment}"),
    Action.SIGN_UP: ("signed up {customer}", "sign somebody up"),
    Action.CHANGE_DETAILS: (
        "changed the details of {customer}",
        "change the details of {customer}",
    ),
    Action.SAVE_CARD: ("saved a card for {customer}", "save a card for {customer}"),
    Action.DELETE_STUDENT: ("deleted {customer}", "delete {customer}"),
    Action.SEND_LINK: ("asked for a link for {customer}", "ask for a link for {customer}"),
    Action.ASK_REPORT: (
        "asked for the report {detail} ({report})",
        "ask for the report {detail}",
    ),
    Action.CANCEL_REPORT: ("cancelled the report {report}", "cancel the report {report}"),
    Action.DELETE_REPORT: ("deleted the report {report}", "delete the report {report}"),
    Action.DOWNLOAD: (
        "downloaded the report {report} as {detail}",
        "download the report {report} as {detail}",
    ),
    Action.SEE_FAILED_PAYMENTS: (
        "saw whose payments had failed",
        "see whose payments had failed",
    ),
    Action.READ_LETTERS: (
        "read the letters to the students of the report {report}",
        "read the letters to the students of the report {report}",
    ),
    Action.SEND_LETTERS: (
        "had letters sent to the students of the report {report}",
        "have letters sent to the students of the report {report}",
    ),
    Action.RUN_JOB_AGAIN: (
        "had the failed job {job} run again",
        "have the failed job {job} run again",
    ),
    Action.REMOVE_JOB: ("removed the failed job {job}", "remove the failed job {job}"),
    Action.SIGN_IN: ("signed in", "sign in"),
    Action.SIGN_OUT: ("signed out", "sign out"),
}

AGAIN = "This was asked for twice: the first answer was given again, and nothing was done."

IN_GENERAL = {
    "money": "what is there",
    "customer": "a student",
    "payment": "a payment",
    "new_payment": "a new hold",
    "report": "of an unknown id",
    "job": "of an unknown id",
    "detail": "of an unknown kind",
}


def sentence(entry: Entry, now: float | None = None) -> str:
    """What happened, as one sentence.

    Args:
        now: unix seconds; by default the present.
    """
    if entry.action == Action.GAP:
        return f"{entry.detail} entries could not be kept, as the disk took none."
    who = "Somebody" if entry.action == Action.SIGN_IN and not _went_well(entry) else _who(entry)
    done, tried = _phrases(entry)
    if _went_well(entry):
        said = f"{who} {done}"
    elif is_under_way(entry, time.time() if now is None else now):
        said = f"{who} is about to {tried}"
    else:
        said = f"{who} tried to {tried}{_under_which_name(entry)}, {_but(entry)}"
    return f"{said}. {AGAIN}" if entry.repeated else f"{said}."


def is_under_way(entry: Entry, now: float) -> bool:
    """Whether the action may still be going on (`now` in unix seconds)."""
    return entry.status is None and now - entry.at / 1000 < ENDS_WITHIN


def _went_well(entry: Entry) -> bool:
    return entry.result is Result.OK


def _phrases(entry: Entry) -> tuple[str, str]:
    done, tried = PHRASES.get(entry.action, (f"did “{entry.action}”", f"do “{entry.action}”"))
    known = {
        "money": _money(entry),
        "customer": entry.customer,
        "payment": entry.payment,
        "new_payment": entry.new_payment,
        "report": entry.report,
        "job": entry.job,
        "detail": entry.detail,
    }
    words = {name: word or IN_GENERAL[name] for name, word in known.items()}
    return done.format_map(words), tried.format_map(words)


def _money(entry: Entry) -> str:
    return "" if entry.amount is None else price(entry.amount, entry.currency)


def _who(entry: Entry) -> str:
    account, _, label = entry.who.partition("/")
    if label:
        return f"{account}, by the token “{label}”,"
    if entry.via == "link":
        return f"The student of {entry.who}" if entry.who else "A student"
    if entry.via == "open":
        return "Somebody on this machine"
    return entry.who or "A visitor"


def _under_which_name(entry: Entry) -> str:
    if entry.action != Action.SIGN_IN:
        return ""
    return f" as {entry.who}" if entry.who else " under a name that nobody has"


def _but(entry: Entry) -> str:
    if entry.status is None:
        return "and nobody can say how it ended"
    if entry.result is Result.UNKNOWN:
        return f"and nobody can say whether it was done{_because(entry)}"
    return f"but was refused{_because(entry)}"


def _because(entry: Entry) -> str:
    return f" ({entry.code.replace('_', ' ')})" if entry.code else ""
