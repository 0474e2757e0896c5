"""What is counted of the requests."""

from sandbox.network.traffic import Traffic


def test_the_peak_in_flight_is_the_most_that_were_waiting_at_once() -> None:
    traffic = Traffic()
    for step in "+++--+-+--":
        traffic.arrive("GET /v1/charges", 0.0) if step == "+" else traffic.leave()
    assert traffic.summary()["peak_in_flight"] == 3


def test_the_peak_per_second_is_the_most_within_any_one_second() -> None:
    """Two late in one second of the clock and three early in the next are five."""
    traffic = Traffic()
    for now in (0.2, 0.8, 0.9, 1.1, 1.15, 1.19, 3.0):
        traffic.arrive("GET /v1/charges", now)
    assert traffic.summary()["peak_per_second"] == 6


def test_an_even_rate_is_its_own_peak() -> None:
    traffic = Traffic()
    for n in range(100):
        traffic.arrive("GET /v1/charges", n / 4)
    assert traffic.summary()["peak_per_second"] == 4


def test_a_reset_counts_from_zero_but_keeps_what_is_in_flight() -> None:
    traffic = Traffic()
    traffic.arrive("GET /v1/charges", 0.0)
    traffic.statuses["200"] += 1
    traffic.faults["409"] += 1
    traffic.reset()
    assert traffic.summary() == {
        "calls": {},
        "statuses": {},
        "faults": {},
        "peak_in_flight": 1,
        "peak_per_second": 0,
    }
