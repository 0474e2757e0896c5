"""What timers may do, by the names they are scheduled under."""

from sandbox.actions import capturing, disputing, paying_out, refunding, releasing
from sandbox.timers import Action

ACTIONS: dict[str, Action] = {
    "book_charge": capturing.book_later,
    "close_dispute": disputing.lapse,
    "decide_dispute": disputing.decide,
    "expire_hold": releasing.expire,
    "fail_refund": refunding.fail,
    "open_dispute": disputing.arrive,
    "pay_out": paying_out.pay_out,
    "payout_arrives": paying_out.arrive,
    "settle_refund": refunding.settle,
}
