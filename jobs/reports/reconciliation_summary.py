"""What the reconciliation comes to: the balance's change by groups, and what does not agree."""

from collections.abc import Iterator

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
from shop.reports.table import Column
from shop.rules.balance_groups import Group
from shop.rules.breakdown import Breakdown, Sums
from shop.rules.money import Amount
from shop.rules.reconciliation import Comparison, Difference
from shop.stripe_gateway.objects import BalanceTransaction
from shop.stripe_gateway.payments import CURRENCY

GROUP_COLUMNS = (
    Column("group", "Group", "text"),
    Column("count", "Transactions", "integer"),
    Column("gross", "Gross", "money"),
    Column("fee", "Fee", "money"),
    Column("net", "Net", "money"),
)
DIFFERENCE_COLUMNS = (
    Column("id", "Charge, refund or dispute", "text"),
    Column("by_balance", "By the balance", "money"),
    Column("by_objects", "By its object", "money"),
    Column("difference", "Difference", "money"),
)


class Result:
    """All that was read, by currency.

    Attributes:
        not_compared: movements of lesson money whose object is older than the lists reach back.
        contradictions: movements whose net is not their gross less their fee.
    """

    def __init__(self) -> None:
        self.not_compared = 0
        self.contradictions = 0
        self._groups: dict[str, Breakdown[Group]] = {}
        self._categories: dict[str, Breakdown[str]] = {}
        self._change: dict[str, int] = {}
        self._comparisons: dict[str, Comparison] = {}

    def count(self, group: Group, row: BalanceTransaction) -> None:
        """Count a movement of the balance, whatever it is about."""
        of = row.currency
        self._groups.setdefault(of, Breakdown()).add(group, row.amount, row.net)
        self._categories.setdefault(of, Breakdown()).add(
            row.reporting_category, row.amount, row.net
        )
        self._change[of] = self._change.get(of, 0) + row.net
        self.contradictions += row.net != row.amount - row.fee

    def compared(self, currency: str) -> Comparison:
        """Where the lesson money of a currency is compared."""
        return self._comparisons.setdefault(currency, Comparison())

    def differences(self) -> Iterator[tuple[str, Difference]]:
        """What does not agree, currency by currency."""
        for currency, comparison in sorted(self._comparisons.items()):
            for difference in comparison.differences():
                yield currency, difference

    def groups(self, currency: str) -> Breakdown[Group]:
        """The movements by their group."""
        return self._groups.get(currency, Breakdown())

    def categories(self, currency: str) -> Breakdown[str]:
        """The movements by Stripe's reporting category."""
        return self._categories.get(currency, Breakdown())

    def change(self, currency: str) -> int:
        """What the balance changed by: the sum of all nets."""
        return self._change.get(currency, 0)

    @property
    def currencies(self) -> list[str]:
        """The one with most movements first."""
        found = {*self._groups, *self._comparisons}
        return sorted(found, key=lambda of: (-self.groups(of).whole().entries, of)) or [CURRENCY]


def summary_of(result: Result) -> Summary:
    """Everything that was read and compared."""
    main, *others = currencies = result.currencies
    counts = {
        "transactions": sum(result.groups(of).whole().entries for of in currencies),
        "lesson_transactions": sum(
            result.groups(of).of(Group.LESSONS).entries for of in currencies
        ),
        "unclassified_transactions": sum(
            result.groups(of).of(Group.UNCLASSIFIED).entries for of in currencies
        ),
        "matched": sum(result.compared(of).matched for of in currencies),
        "differences": sum(1 for _ in result.differences()),
        "not_compared": result.not_compared,
    }
    return summary(
        {
            **_named(result, main),
            **counts,
            "other_currencies": [_named(result, currency) for currency in others],
        },
        figures=[
            *(figure for currency in currencies for figure in _figures(result, currency, main)),
            *(count_figure(name, LABELS[name], count) for name, count in counts.items()),
        ],
        checks=[
            *(_groups_add_up(result, currency) for currency in currencies),
            *(_objects_agree(result, currency) for currency in currencies),
            _no_contradiction(result, counts["transactions"]),
        ],
        tables=[each for currency in currencies for each in _tables(result, currency, main)],
        notes=[
            "Fees stand on balance transactions only, so nothing else can confirm them.",
            "Stripe tells today's balance and no earlier one, so changes are compared, not "
            "balances.",
        ],
    )


LABELS = {
    "transactions": "Balance transactions",
    "lesson_transactions": "Balance transactions of lesson money",
    "unclassified_transactions": "Balance transactions nobody can classify",
    "matched": "Charges, refunds and disputes that agree",
    "differences": "Charges, refunds and disputes that differ",
    "not_compared": "Balance transactions too old to be compared",
}


def _named(result: Result, currency: str) -> dict[str, object]:
    lessons = result.groups(currency).of(Group.LESSONS).net
    return {
        "balance_change": result.change(currency),
        "lessons_net": lessons,
        "others_net": result.change(currency) - lessons,
        "difference_total": _difference_total(result, currency),
        "currency": currency,
    }


def _difference_total(result: Result, currency: str) -> int:
    """Regardless of sign, so that two errors do not hide each other."""
    return sum(abs(each.amount) for each in result.compared(currency).differences())


def _figures(result: Result, currency: str, main: str) -> Iterator[Figure]:
    def figure(name: str, label: str, minor: int) -> Figure:
        name = in_currency(name, currency, main)
        return amount_figure(name, label, Amount(minor, currency), "other")

    groups = result.groups(currency)
    for group in Group:
        if group is Group.LESSONS or groups.of(group).entries:
            yield figure(f"{group.name.lower()}_net", group.value, groups.of(group).net)
    yield amount_figure(
        in_currency("balance_change", currency, main),
        "Change of the balance",
        Amount(result.change(currency), currency),
        "net",
    )
    yield figure("difference_total", "Difference", _difference_total(result, currency))


def _groups_add_up(result: Result, currency: str) -> Check:
    groups = result.groups(currency)
    parts = " + ".join(
        f"{group.value} {digits(Amount(groups.of(group).net, currency))}"
        for group in Group
        if groups.of(group).entries
    )
    return check(
        "The groups add up to the balance's change",
        groups.whole().net == result.change(currency) == result.categories(currency).whole().net,
        f"{currency.upper()}: {parts or 0} = {digits(Amount(groups.whole().net, currency))}; "
        f"all nets: {digits(Amount(result.change(currency), currency))}",
    )


def _objects_agree(result: Result, currency: str) -> Check:
    comparison = result.compared(currency)
    differing = sum(1 for _ in comparison.differences())
    return check(
        "Charges, refunds and disputes say what the balance says",
        differing == 0,
        f"{currency.upper()}: {comparison.matched:,} agree, {differing:,} differ, by "
        f"{digits(Amount(_difference_total(result, currency), currency))}",
    )


def _no_contradiction(result: Result, transactions: int) -> Check:
    return check(
        "The net of every balance transaction is its gross less its fee",
        result.contradictions == 0,
        f"{transactions - result.contradictions:,} of {transactions:,}",
    )


def _tables(result: Result, currency: str, main: str) -> Iterator[Table]:
    yield table(
        in_currency("groups", currency, main),
        "The balance's change by group",
        GROUP_COLUMNS,
        [
            (group.value, *_money(sums, currency))
            for group in Group
            if (sums := result.groups(currency).of(group)).entries
        ],
        currency=currency,
    )
    yield table(
        in_currency("categories", currency, main),
        "By Stripe's reporting category",
        (Column("reporting_category", "Reporting category", "text"), *GROUP_COLUMNS[1:]),
        [
            (category, *_money(sums, currency))
            for category, sums in result.categories(currency).ordered()
        ],
        currency=currency,
    )
    differences = list(result.compared(currency).differences())
    if differences:
        yield table(
            in_currency("differences", currency, main),
            "Differences",
            DIFFERENCE_COLUMNS,
            [_shown(each, currency) for each in differences[:MOST_ROWS]],
            currency=currency,
        )


def _money(sums: Sums, currency: str) -> tuple[int, Amount, Amount, Amount]:
    return (
        sums.entries,
        Amount(sums.gross, currency),
        Amount(sums.deductions, currency),
        Amount(sums.net, currency),
    )


def _shown(each: Difference, currency: str) -> tuple[str, Amount | None, Amount | None, Amount]:
    def amount(minor: int | None) -> Amount | None:
        return None if minor is None else Amount(minor, currency)

    return (
        each.id,
        amount(each.by_balance),
        amount(each.by_objects),
        Amount(each.amount, currency),
    )
