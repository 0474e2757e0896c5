"""What refunds and disputes come to, and whether the balance says the same."""

from collections import Counter, defaultdict
from collections.abc import Iterable, Iterator, Mapping

from shop.reports.summary import (
    MOST_ROWS,
    Check,
    Figure,
    Summary,
    Table,
    amount_figure,
    check,
    count_figure,
    digits,
    in_currency,
    summary,
    table,
)
from shop.reports.table import Cell, Column, Moment
from shop.rules.money import Amount
from shop.rules.moved import Moved, moved
from shop.rules.window import Window
from shop.rules.wording import counted
from shop.stripe_gateway.objects import BalanceTransaction
from shop.stripe_gateway.payments import CURRENCY

TO_ANSWER_COLUMNS = (
    Column("due_by", "Answer by", "moment"),
    Column("id", "Dispute", "text"),
    Column("state", "State", "text"),
    Column("reason", "Reason", "text"),
    Column("customer_facing_amount", "Amount", "money"),
    Column("currency", "Currency", "text"),
    Column("description", "Description", "text"),
    Column("customer_id", "Customer", "text"),
)
STATE_COLUMNS = (
    Column("type", "Type", "text"),
    Column("state", "State", "text"),
    Column("count", "How many", "integer"),
)
UNCLASSIFIED_COLUMNS = (
    Column("type", "Type", "text"),
    Column("id", "Id", "text"),
    Column("created_utc", "Created (UTC)", "moment"),
    Column("currency", "Currency", "text"),
    Column("customer_facing_amount", "Amount", "money"),
    Column("state", "State", "text"),
)

Entries = dict[str, BalanceTransaction]
"""Balance transactions by their id."""


class Found:
    """What was read. Refunds and disputes are few, so what they moved is kept by id.

    Attributes:
        others: refunds and disputes of tickets, videos and other sales.
        releases: refunds of older API versions that only let a hold go.
        unclassified: those whose charge can't be found.
        by_objects, by_balance: the movements of lesson money, as the refunds and disputes say and
            as the balance says.
    """

    def __init__(self) -> None:
        self.others = 0
        self.releases = 0
        self.unclassified: list[tuple[Cell, ...]] = []
        self.moved: dict[str, dict[str, Moved]] = defaultdict(lambda: defaultdict(Moved))
        self.numbers: Counter[str] = Counter()
        self.states: Counter[tuple[str, str]] = Counter()
        self.to_answer: list[Mapping[str, Cell]] = []
        self.by_objects: Entries = {}
        self.by_balance: Entries = {}

    def add_lesson(
        self,
        kind: str,
        currency: str,
        movements: Iterable[BalanceTransaction],
        cells: Mapping[str, Cell],
    ) -> None:
        """Count a refund or a dispute of a lesson payment."""
        self.moved[currency][kind] += moved(movements)
        self.numbers[currency] += 1
        self.states[kind, str(cells["state"])] += 1
        self.by_objects.update((each.id, each) for each in movements)
        if cells["due_by"] is not None:
            self.to_answer.append(cells)

    def add_balance_row(self, row: BalanceTransaction) -> None:
        """Count a movement that the balance has of a refund or dispute of the window."""
        if row.reporting_category != "partial_capture_reversal":
            self.by_balance[row.id] = row

    def count(self, kind: str) -> int:
        """How many refunds, or disputes, of lesson payments there were."""
        return sum(count for (of, _), count in self.states.items() if of == kind)

    @property
    def currencies(self) -> list[str]:
        """Those in which money moved, the one of most refunds and disputes first."""
        found = {*self.numbers, *(row.currency for row in self.by_balance.values())}
        return sorted(found, key=lambda of: (-self.numbers[of], of)) or [CURRENCY]

    def in_all(self, currency: str) -> Moved:
        """Refunds and disputes together."""
        return self.moved[currency]["refund"] + self.moved[currency]["dispute"]


def summary_of(found: Found, window: Window) -> Summary:
    """Everything that was found."""
    main, *others = found.currencies
    counts = {
        "refunds": found.count("refund"),
        "disputes": found.count("dispute"),
        "disputes_to_answer": len(found.to_answer),
        "other_refunds_and_disputes": found.others,
        "unclassified": len(found.unclassified),
        "releases": found.releases,
    }
    return summary(
        {
            **_named(found, main),
            **counts,
            "other_currencies": [_named(found, currency) for currency in others],
        },
        figures=[
            *(figure for currency in (main, *others) for figure in _figures(found, currency, main)),
            *(count_figure(name, LABELS[name], count) for name, count in counts.items()),
        ],
        checks=[
            *(_adds_up(found, currency) for currency in (main, *others)),
            *(_agrees(found, currency, window) for currency in (main, *others)),
        ],
        tables=list(_tables(found)),
        notes=[
            "Each counts by the day it was made, with all that it has moved since; Lesson totals "
            "counts by the day money moved.",
            "Each is shown as it was when the report was made.",
        ],
    )


LABELS = {
    "refunds": "Refunds",
    "disputes": "Disputes",
    "disputes_to_answer": "Disputes that await an answer",
    "other_refunds_and_disputes": "Refunds and disputes of other sales",
    "unclassified": "Refunds and disputes nobody can classify",
    "releases": "Holds let go (older API versions book these as refunds)",
}


def _named(found: Found, currency: str) -> dict[str, object]:
    refunds, disputes = found.moved[currency]["refund"], found.moved[currency]["dispute"]
    return {
        "refunds_out": refunds.out,
        "refunds_back": refunds.back,
        "disputes_out": disputes.out,
        "disputes_back": disputes.back,
        "fee_total": found.in_all(currency).fee,
        "net_total": found.in_all(currency).net,
        "currency": currency,
    }


def _figures(found: Found, currency: str, main: str) -> Iterator[Figure]:
    refunds, disputes = found.moved[currency]["refund"], found.moved[currency]["dispute"]
    both = found.in_all(currency)
    for name, label, minor in (
        ("refunds_out", "Refunded", refunds.out),
        ("refunds_back", "Refunds that came back", refunds.back),
        ("disputes_out", "Taken by disputes", disputes.out),
        ("disputes_back", "Won back", disputes.back),
        ("fee_total", "Fees", both.fee),
    ):
        yield amount_figure(
            in_currency(name, currency, main), label, Amount(minor, currency), "other"
        )
    yield amount_figure(
        in_currency("net_total", currency, main), "Net", Amount(both.net, currency), "net"
    )


def _adds_up(found: Found, currency: str) -> Check:
    whole = found.in_all(currency)

    def said(minor: int) -> str:
        return digits(Amount(minor, currency))

    return check(
        "Money back less money out less fees is the sum of all nets",
        whole.adds_up,
        f"{currency.upper()}: {said(whole.back)} - {said(whole.out)} - {said(whole.fee)} = "
        f"{said(whole.back - whole.out - whole.fee)}; nets: {said(whole.net)}",
    )


def _agrees(found: Found, currency: str, window: Window) -> Check:
    """Only what moved until the window's end: the balance was not read any further."""
    objects = _sums(found.by_objects, currency, window)
    balance = _sums(found.by_balance, currency, window)
    return check(
        "The balance has the same transactions in the window for these refunds and disputes",
        objects == balance,
        f"{currency.upper()}: {counted(objects[0], 'transaction')}, net "
        f"{digits(Amount(objects[1], currency))}, by the refunds and disputes; {balance[0]:,}, net "
        f"{digits(Amount(balance[1], currency))}, by the balance transactions",
    )


def _sums(entries: Entries, currency: str, window: Window) -> tuple[int, int]:
    of = [
        each
        for each in entries.values()
        if each.currency == currency and window.start <= each.created <= window.end
    ]
    return len(of), sum(each.net for each in of)


def _tables(found: Found) -> Iterator[Table]:
    if found.to_answer:
        yield table(
            "to_answer",
            "Disputes that await an answer",
            TO_ANSWER_COLUMNS,
            [_to_answer(cells) for cells in sorted(found.to_answer, key=_due)[:MOST_ROWS]],
        )
    yield table(
        "states",
        "By state",
        STATE_COLUMNS,
        [(kind, state, count) for (kind, state), count in sorted(found.states.items())],
    )
    if found.unclassified:
        yield table(
            "unclassified",
            "Unclassified: not in the figures, to be looked at",
            UNCLASSIFIED_COLUMNS,
            found.unclassified[:MOST_ROWS],
        )


def _due(cells: Mapping[str, Cell]) -> int:
    due_by = cells["due_by"]
    return due_by.seconds if isinstance(due_by, Moment) else 0


def _to_answer(cells: Mapping[str, Cell]) -> list[Cell]:
    """The contested amount is in the charge's currency, so that is the row's currency."""
    shown = {**cells, "currency": cells["customer_facing_currency"]}
    return [shown[column.name] for column in TO_ANSWER_COLUMNS]
