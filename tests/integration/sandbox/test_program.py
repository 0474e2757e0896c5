"""``python -m sandbox`` as the shop's starter runs it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

import pytest

PROJECT = Path(__file__).parents[3]


def test_it_reads_the_shops_settings_listens_and_stops_when_asked(tmp_path: Path) -> None:
    with socket.create_server(("127.0.0.1", 0)) as listener:
        port = listener.getsockname()[1]
    settings = tmp_path / ".env"
    settings.write_text("STRIPE_WEBHOOK_SECRET=whsec_sandbox\nSANDBOX_PORT=1\nPORT=4242\n")
    arguments = ["--env-file", str(settings), "--students", "20", "--payments", "60"]
    with subprocess.Popen(  # noqa: S603 - our own program
        [sys.executable, "-m", "sandbox", *arguments],
        env={**os.environ, "SANDBOX_PORT": str(port), "PYTHONPATH": str(PROJECT)},
        stdout=subprocess.PIPE,
        text=True,
    ) as program:
        try:
            assert program.stdout is not None
            ready = program.stdout.readline()
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=20)
            key = {"Authorization": "Bearer sk_test_sandbox"}
            connection.request("GET", "/v1/webhook_endpoints", headers=key)
            body = connection.getresponse().read().decode()
            connection.close()
        finally:
            program.send_signal(signal.SIGTERM)
            code = program.wait(timeout=20)
    assert ready == f"Stripe sandbox ready on http://127.0.0.1:{port}\n"
    assert '"url":"http://localhost:4242/webhook"' in body
    assert code == 0


@pytest.mark.parametrize(
    ("options", "sentence"),
    [
        (
            ["--students", "0"],
            "payments need students to make them: give --students a number above 0",
        ),
        (["--days", "0"], "a history needs time: give --days a number above 0"),
        (["--payments", "-1"], "argument --payments: invalid count value: '-1'"),
    ],
)
def test_a_history_that_cannot_be_is_refused_with_a_sentence(
    options: list[str], sentence: str
) -> None:
    code, said = refused(*options)
    assert (code, said[-1]) == (2, f"python -m sandbox: error: {sentence}")


def test_a_port_that_is_taken_ends_the_start_with_a_sentence(tmp_path: Path) -> None:
    """And leaves the account alone that whoever holds the port may be keeping."""
    kept = tmp_path / "sandbox" / "account.snapshot"
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        code, said = refused("--port", str(port), "--keep", VAR_DIR=str(tmp_path))
    assert (code, len(said), kept.exists()) == (1, 1, False)
    assert said[0].startswith("The sandbox can't start: ")
    assert "address already in use" in said[0]


def refused(*options: str, **environment: str) -> tuple[int, list[str]]:
    """The exit code and the lines of a start that comes to nothing."""
    ended = subprocess.run(  # noqa: S603 - our own program
        [sys.executable, "-m", "sandbox", "--env-file", os.devnull, *options],
        env={**os.environ, "PYTHONPATH": str(PROJECT), **environment},
        capture_output=True,
        text=True,
        timeout=20,
        check=False,
    )
    return ended.returncode, ended.stderr.splitlines()
