"""How controls answer: JSON that any page may read, and a sentence for a wrong call."""

import msgspec
from aiohttp import web


def answer(content: object, status: int = 200) -> web.Response:
    """JSON that any page may read."""
    return web.Response(
        body=msgspec.json.encode(content), status=status, content_type="application/json"
    )


def refusal(status: int, message: str) -> web.Response:
    """A control that was called wrongly."""
    return answer({"error": {"message": message}}, status)
