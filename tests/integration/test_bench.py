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
        timeout=180,
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


def test_the_web_process_is_measured_case_by_case() -> None:
    """The bars are for a machine that does nothing else, so only the figures are looked at."""
    short = ("--seconds", "0.2", "--requests", "20", "--rounds", "1")
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "bench.web", "--only", "static,quick,events", *short],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    cases = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    assert [case["case"] for case in cases] == [
        "static, home page",
        "static, account page",
        "static, script",
        "static, config",
        "quick, account",
        "quick, hold",
        "quick, capture",
        "events",
    ]
    assert all(case["page_per_s"] > 50 for case in cases if "page" in case["case"])
    assert all(case["p50_ms"] > 50 for case in cases if "quick" in case["case"])


def test_everybody_at_once_is_measured_route_by_route() -> None:
    """A few people for two seconds; the bars are for a machine that does nothing else."""
    few = ("--web", "1", "--rates", "20", "--seconds", "2", "--students", "5")
    done = subprocess.run(  # noqa: S603 (our own program)
        [sys.executable, "-m", "bench.load", *few, "--transactions", "200"],
        cwd=PROJECT,
        capture_output=True,
        text=True,
        timeout=180,
        check=False,
    )
    assert done.returncode in (0, 1), done.stderr
    cases = [json.loads(line) for line in done.stdout.splitlines() if line.startswith("{")]
    routes = {case["case"]: case for case in cases}
    assert {"GET /lesson-book", "GET /reports", "POST /schedule-lesson", "all"} <= routes.keys()
    assert all(case["refused"] == 0 for name, case in routes.items() if name != "all")
    assert routes["all"]["web_mb"] > 20
