"""A pytest plugin for script/test: how long each tier took."""

from collections import Counter

import pytest


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter) -> None:
    """Print the seconds by folder under tests/, above pytest's own closing line."""
    seconds: Counter[str] = Counter()
    for reports in terminalreporter.stats.values():
        for report in reports:
            if isinstance(report, pytest.TestReport):
                seconds[report.nodeid.split("/")[1]] += report.duration
    for tier, duration in seconds.items():
        terminalreporter.write_line(f"{tier:12} {duration:6.1f} s")
