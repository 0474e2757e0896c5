"""Callers of the sandbox: one that measures, and one that only wants to be served meanwhile."""

import http.client
import json
import threading
import time
from typing import Any
from urllib.parse import urlencode

import msgspec

PATIENCE = 600
"""Seconds an answer may take; a large history is one."""


class Row(msgspec.Struct):
    """Enough of an object to page on from it."""

    id: str


class Page(msgspec.Struct):
    """Enough of a list to page on in it."""

    data: list[Row]
    has_more: bool


class Client:
    """One connection to the sandbox that stays open."""

    def __init__(self, port: int) -> None:
        self.port = port
        self._connection = http.client.HTTPConnection("127.0.0.1", port, timeout=PATIENCE)

    def get(self, path: str, **params: object) -> bytes:
        """The body of an answer."""
        return self._send("GET", f"{path}?{urlencode(params, doseq=True)}", None, {})

    def post(self, path: str, **params: object) -> Any:
        """The object that was written."""
        kind = {"Content-Type": "application/x-www-form-urlencoded"}
        return json.loads(self._send("POST", path, urlencode(params, doseq=True), kind))

    def page(self, path: str, **params: object) -> Page:
        """A page of a list."""
        return msgspec.json.decode(self.get(path, **params), type=Page)

    def control(self, name: str, order: object) -> Any:
        """What a control answers."""
        return json.loads(self._send("POST", f"/_sandbox/{name}", json.dumps(order), {}))

    def _send(self, method: str, path: str, body: str | None, headers: dict[str, str]) -> bytes:
        key = {"Authorization": "Bearer sk_test_sandbox"}
        self._connection.request(method, path, body, {**key, **headers})
        response = self._connection.getresponse()
        answer = response.read()
        if response.status != 200:
            raise RuntimeError(f"{method} {path}: {response.status} {answer.decode()[:500]}")
        return answer


class Bystander(threading.Thread):
    """Somebody else who asks for the time a hundred times a second, and notes the waits."""

    def __init__(self, port: int) -> None:
        super().__init__(daemon=True)
        self._client = Client(port)
        self._over = threading.Event()
        self.waits: list[float] = []

    def run(self) -> None:
        """Ask until told to stop."""
        over = False
        while not over:
            asked = time.perf_counter()
            self._client.get("/_sandbox/clock")
            self.waits.append(time.perf_counter() - asked)
            over = self._over.wait(0.01)

    def stop(self) -> tuple[float, float]:
        """End it; the median and the longest wait, in seconds."""
        self._over.set()
        self.join()
        waits = sorted(self.waits)
        return waits[len(waits) // 2], waits[-1]
