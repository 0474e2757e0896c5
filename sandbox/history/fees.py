"""Stripe's own fees in a history: rows that belong to no payment."""

import time

from sandbox.actions.ledger import book_stripe_fee
from sandbox.history.stage import Stage
from sandbox.money import DAY

MONTH = 30 * DAY
"""Counted and not looked up, so that the same history has the same rows whenever it ends."""

USAGE_FEE = 2_500
"""US cents a month, whatever was sold."""


def charge_usage(stage: Stage, days: int) -> None:
    """A fee at the end of each whole month of the ``days`` in which payments were made."""
    for month in range(1, days * DAY // MONTH + 1):
        moment = stage.time.start + stage.time.lasting(month * MONTH)
        if stage.at(moment):
            date = time.strftime("%Y-%m-%d", time.gmtime(moment))
            book_stripe_fee(stage.account, USAGE_FEE, f"Billing - Usage Fee ({date})")
