"""script/bench measures what it says, at any size."""

import json
import subprocess
import sys
from pathlib import Path

PROJECT = Path(__file__).parents[2]


def test_the_sandbox_is_measured_case_by_case() -> None:
    done = subprocess.run(
        [sys.executable, "-m", "bench.sandbox", "--payments", "300"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=60,
        check=True,
    )
    cases = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert {(case["bench"], case["payments"]) for case in cases} == {("sandbox", 300)}
    assert [case["case"] for case in cases] == [
        "generate",
        "others meanwhile",
        "page, newest",
        "page, middle",
        "page, oldest",
        "page, newest, expanded",
        "page, middle, expanded",
        "page, oldest, expanded",
        "write, customer",
        "write, hold",
        "write, capture",
        "memory",
        "snapshot, load",
        "snapshot, save",
    ]
    assert all(0 < case["cpu_ms"] < 50 for case in cases if "expanded" in case["case"])
    assert all(case["writes_per_s"] > 10 for case in cases if "write" in case["case"])
