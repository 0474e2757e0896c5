"""What timers may do, by the names they are scheduled under."""

from sandbox.actions import capturing, disputing, refunding, releasing
from sandbox.timers import Action

ACTIONS: dict[str, Action] = {
    "book_charge": capturing.book_later,
    "close_dispute": disputing.lapse,
    "decide_dispute": disputing.decide,
    "expire_hold": releasing.expire,
    "fail_refund": refunding.fail,
    "open_dispute": disputing.arrive,
    "settle_refund": refunding.settle,
}
