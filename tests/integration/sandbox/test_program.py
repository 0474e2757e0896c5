"""``python -m sandbox`` as the shop's starter runs it."""

import http.client
import os
import signal
import socket
import subprocess
import sys
from pathlib import Path

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
            connection = http.client.HTTPConnection("127.0.0.1", port, timeout=5)
            key = {"Authorization": "Bearer sk_test_sandbox"}
            connection.request("GET", "/v1/webhook_endpoints", headers=key)
            body = connection.getresponse().read().decode()
            connection.close()
        finally:
            program.send_signal(signal.SIGTERM)
            code = program.wait(timeout=5)
    assert ready == f"Stripe sandbox ready on http://127.0.0.1:{port}\n"
    assert '"url":"http://localhost:4242/webhook"' in body
    assert code == 0
