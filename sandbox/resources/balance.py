"""The balance: what could be paid out, and what will be available later."""

from sandbox.account import Json
from sandbox.endpoint import Call, Endpoint
from sandbox.expansion import Rule
from sandbox.params import form

EXPANDABLE: dict[str, Rule] = {}
RETRIEVE = form()


def retrieve(call: Call) -> Json:
    """The sums over all balance transactions, by currency. The cards' are the only ones."""
    account = call.account
    balance, now = account.balance, account.now()
    currencies = sorted(balance.currencies().union(account.settings.settlement_currencies))
    return {
        "object": "balance",
        "available": [_sum(each, balance.available(each, now)) for each in currencies],
        "livemode": False,
        "pending": [_sum(each, balance.pending(each, now)) for each in currencies],
    }


def _sum(currency: str, amount: int) -> Json:
    return {"amount": amount, "currency": currency, "source_types": {"card": amount}}


ENDPOINTS = (Endpoint("GET", "/v1/balance", retrieve, RETRIEVE, "balance"),)
