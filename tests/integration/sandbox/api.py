"""A way to speak to a sandbox in raw HTTP, and the few steps every test begins with."""

from typing import Any, NamedTuple
from urllib.parse import urlencode

import aiohttp

from sandbox.service import Service

SECRET_KEY = "sk_test_sandbox"
PUBLISHABLE_KEY = "pk_test_sandbox"
CARD = {"type": "card", "card[exp_month]": 12, "card[exp_year]": 2034, "card[cvc]": "123"}
HOLD = {
    "currency": "usd",
    "confirm": "true",
    "off_session": "true",
    "capture_method": "manual",
    "allowed_payment_method_types[]": "card",
    "description": "Guitar lesson",
    "metadata[type]": "lessons-payment",
}


class Reply(NamedTuple):
    status: int
    body: dict[str, Any]
    headers: Any

    @property
    def error(self) -> dict[str, Any]:
        """The error object, without the member that differs each time."""
        members = dict(self.body["error"])
        members.pop("request_log_url", None)
        return members


class Student(NamedTuple):
    id: str
    card: str


class Api:
    """The HTTP API of one sandbox; ``service`` is its inside, for the clock."""

    def __init__(self, service: Service, session: aiohttp.ClientSession) -> None:
        self.service = service
        self._session = session

    async def get(self, path: str, *, key: str = SECRET_KEY, **params: Any) -> Reply:
        return await self.send("GET", f"{path}?{urlencode(params, doseq=True)}", key=key)

    async def post(
        self,
        path: str,
        params: dict[str, Any] | None = None,
        *,
        key: str = SECRET_KEY,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        return await self.send("POST", path, params, key=key, headers=headers)

    async def delete(self, path: str) -> Reply:
        return await self.send("DELETE", path)

    async def send(
        self,
        method: str,
        path: str,
        params: dict[str, Any] | None = None,
        *,
        key: str = SECRET_KEY,
        headers: dict[str, str] | None = None,
    ) -> Reply:
        sent = {"Authorization": f"Bearer {key}", **(headers or {})}
        sent["Content-Type"] = "application/x-www-form-urlencoded"
        body = urlencode(params or {}, doseq=True)
        async with self._session.request(method, path, data=body, headers=sent) as response:
            return Reply(response.status, await response.json(), response.headers)

    async def control(self, method: str, path: str, body: Any = None) -> Reply:
        async with self._session.request(method, f"/_sandbox/{path}", json=body) as response:
            return Reply(response.status, await response.json(), response.headers)

    def advance(self, seconds: int) -> None:
        """Let time pass."""
        self.service.clock.offset += seconds

    async def card(self, number: str = "4242424242424242", **params: Any) -> str:
        """A card entered on the page, on file with nobody."""
        fields = {**CARD, "card[number]": number, **params}
        return (await self.post("/v1/payment_methods", fields, key=PUBLISHABLE_KEY)).body["id"]

    async def student(self, card: str = "pm_card_visa", **params: Any) -> Student:
        """A customer with a card on file."""
        customer = (await self.post("/v1/customers", {"email": "ada@example.com", **params})).body
        attached = await self.post(
            f"/v1/payment_methods/{card}/attach", {"customer": customer["id"]}
        )
        return Student(customer["id"], attached.body["id"])

    async def hold(self, student: Student, amount: int = 6500, **params: Any) -> Reply:
        """A hold on the student's card, made by the shop on its own."""
        of = {"amount": amount, "customer": student.id, "payment_method": student.card}
        return await self.post("/v1/payment_intents", {**HOLD, **of, **params})

    async def captured(self, student: Student, amount: int = 6500, **params: Any) -> dict[str, Any]:
        """A payment that was held and captured in full."""
        intent = (await self.hold(student, amount, **params)).body["id"]
        return (await self.post(f"/v1/payment_intents/{intent}/capture")).body

    async def events(self) -> list[str]:
        """The types of all events so far, oldest first."""
        listed = await self.get("/v1/events", limit=100)
        return [event["type"] for event in reversed(listed.body["data"])]
