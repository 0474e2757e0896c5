"""The report of the audit trail over literal entries."""

from shop.audit.entry import Entry, Result
from shop.rules.window import Window
from tests.unit.reports.reading import LiteralReading, made

WINDOW = Window(1_795_392_000, 1_795_478_399)
AT = 1_795_420_800

ENTRIES = (
    Entry(
        id="d",
        at=AT * 1000 + 30,
        action="sign in",
        who="ada",
        via="nobody",
        client="192.0.2.7",
        result=Result.REFUSED,
        status=401,
    ),
    Entry(
        id="c",
        at=AT * 1000 + 20,
        action="save card",
        who="cus_1",
        via="link",
        customer="cus_1",
        result=Result.OK,
        status=200,
    ),
    Entry(id="b", at=AT * 1000 + 10, action="refund", who="ada/=cmd", via="token", payment="pi_2"),
    Entry(
        id="a",
        at=AT * 1000 + 7,
        action="capture",
        who="ada",
        via="session",
        client="2001:db8::7",
        customer="cus_1",
        payment="pi_1",
        amount=5000,
        currency="usd",
        result=Result.OK,
        status=200,
        repeated=True,
        request_id="r-1",
    ),
)


def reading() -> LiteralReading:
    return LiteralReading(WINDOW, {}, entries=ENTRIES)


def test_an_action_is_a_row():
    """In words and in parts; times in UTC and on the reader's clock."""
    rows, _ = made("audit-trail", reading())
    assert rows[-1] == {
        "at_utc": "2026-11-23 08:00:00",
        "at": "2026-11-23 03:00:00",
        "milliseconds": AT * 1000 + 7,
        "sentence": "ada captured $50.00 of pi_1. This was asked for twice: the first answer was "
        "given again, and nothing was done.",
        "who": "ada",
        "via": "session",
        "client": "2001:db8::7",
        "action": "capture",
        "result": "ok",
        "code": "",
        "status": 200,
        "repeated": "yes",
        "amount": 5000,
        "currency": "usd",
        "customer_id": "cus_1",
        "payment_intent_id": "pi_1",
        "new_payment_intent_id": "",
        "refund_id": "",
        "report_id": "",
        "job_id": "",
        "detail": "",
        "request_id": "r-1",
        "entry_id": "a",
    }
    assert [row["entry_id"] for row in rows] == ["d", "c", "b", "a"]
    assert rows[2]["sentence"] == (
        "ada, by the token “=cmd”, tried to give back what is there of pi_2, and nobody can say "
        "how it ended."
    )


def test_the_summary_counts_how_actions_ended():
    """In all, by action and by account; students and visitors are no accounts."""
    _, outcome = made("audit-trail", reading())
    found = {name: outcome.summary[name] for name in ("entries", "done", "refused", "unknown")}
    assert found == {"entries": 4, "done": 2, "refused": 1, "unknown": 1}
    by_action, by_account = outcome.summary["tables"]
    assert by_action["rows"] == [
        ["capture", 1, 0, 0],
        ["refund", 0, 0, 1],
        ["save card", 1, 0, 0],
        ["sign in", 0, 1, 0],
    ]
    assert by_account["rows"] == [["ada", 1, 0, 1], ["students", 1, 0, 0], ["visitors", 0, 1, 0]]
