"""What the audit trail keeps."""

from enum import StrEnum


class Action(StrEnum):
    """What somebody did. The value stands in the trail."""

    HOLD = "hold"
    HOLD_AGAIN = "hold again"
    CAPTURE = "capture"
    RELEASE = "release"
    REFUND = "refund"
    SIGN_UP = "sign up"
    CHANGE_DETAILS = "change details"
    SAVE_CARD = "save card"
    DELETE_STUDENT = "delete student"
    SEND_LINK = "send account link"
    ASK_REPORT = "ask for report"
    CANCEL_REPORT = "cancel report"
    DELETE_REPORT = "delete report"
    DOWNLOAD = "download"
    SEE_FAILED_PAYMENTS = "see failed payments"
    READ_LETTERS = "read letters"
    SEND_LETTERS = "send letters"
    SIGN_IN = "sign in"
    SIGN_OUT = "sign out"
    RUN_JOB_AGAIN = "run job again"
    REMOVE_JOB = "remove job"
    GAP = "entries lost"  # nobody's: so many entries could not be kept


MONEY = frozenset({Action.HOLD, Action.HOLD_AGAIN, Action.CAPTURE, Action.RELEASE, Action.REFUND})
"""What moves money."""
