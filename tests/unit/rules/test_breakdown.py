"""Adding up under keys."""

from shop.rules.breakdown import ALL_OTHERS, MOST_KEYS, Breakdown, Sums


def test_keys_with_most_money_come_first_then_by_name():
    """So a table reads from the top."""
    breakdown: Breakdown[str | None] = Breakdown()
    for key, gross in (("Piano", 5), ("Guitar", 5), (None, 3), ("Voice", 9), ("Piano", 1)):
        breakdown.add(key, gross, gross - 1)
    assert breakdown.ordered() == [
        ("Voice", Sums(9, 8, 1)),
        ("Piano", Sums(6, 4, 2)),
        ("Guitar", Sums(5, 4, 1)),
        (None, Sums(3, 2, 1)),
    ]


def test_free_text_can_not_fill_the_memory_and_no_entry_is_lost():
    """Beyond some thousand descriptions the rest is added up together."""
    breakdown: Breakdown[str] = Breakdown()
    for n in range(MOST_KEYS + 1000):
        breakdown.add(f"Lesson {n}", 2, 1)
    assert len(breakdown) == MOST_KEYS + 1
    assert breakdown.of(ALL_OTHERS) == Sums(2000, 1000, 1000)
    assert breakdown.whole() == Sums(2 * (MOST_KEYS + 1000), MOST_KEYS + 1000, MOST_KEYS + 1000)


def test_regrouping_keeps_the_whole():
    """Hours become days."""
    hours: Breakdown[int] = Breakdown()
    for hour in range(48):
        hours.add(hour, hour, 1)
    days = hours.regrouped(lambda hour: hour // 24)
    assert days.in_order() == [(0, Sums(276, 24, 24)), (1, Sums(852, 24, 24))]


def test_sums_say_what_they_are():
    """In a failing test's message."""
    assert repr(Sums(3, 2, 1)) == "Sums(gross=3, net=2, entries=1)"
    assert Sums(3, 2, 1).deductions == 1
