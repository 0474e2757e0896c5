"""Reading what a caller sent: JSON or a form, with integers that may come as strings."""

import asyncio
import re
import unicodedata
import uuid
from collections.abc import Mapping
from datetime import UTC, datetime
from urllib.parse import parse_qsl

import msgspec
from aiohttp import web

from shop.errors import BadRequest
from shop.rules.email import LONGEST as LONGEST_EMAIL
from shop.rules.email import looks_like_email

LARGEST_BODY = 64 * 1024
"""Bytes of a JSON or form body. What the routes take fits many times over."""

ARRIVES_WITHIN = 10.0
"""Seconds in which a body has to be there, so that nobody holds a connection by dribbling."""

LONGEST_ID = 255
LONGEST_NAME = 256
LONGEST_DESCRIPTION = 1000
LONGEST_METADATA = 500
"""Characters: Stripe's own limits (docs.stripe.com/api/metadata for the last)."""

FORM = "application/x-www-form-urlencoded"
WHOLE_NUMBER = re.compile(r"[0-9]{1,12}", re.ASCII)
ATTEMPT_KEY = re.compile(r"[\x21-\x7e]{1,200}", re.ASCII)

BIDI = frozenset("\u202a\u202b\u202c\u202d\u202e\u2066\u2067\u2068\u2069")

Value = str | int | float | bool | None


class Fields:
    """The named values of a body. Every method names the field in its complaint."""

    def __init__(self, values: Mapping[str, Value]) -> None:
        self._values = values

    def text(self, name: str, longest: int) -> str:
        """A text that must be there and not be blank."""
        value = self.optional_text(name, longest)
        if not value:
            raise BadRequest(f"Please give the {_words(name)}.", code="parameter_missing")
        return value

    def optional_text(self, name: str, longest: int) -> str | None:
        """A text without blanks around it, or None where the field is not given."""
        value = self._values.get(name)
        if value is None:
            return None
        if not isinstance(value, str):
            raise _invalid(f"The {_words(name)} must be text.")
        if len(value) > longest:
            raise _invalid(f"The {_words(name)} is longer than {longest} characters.")
        text = value.strip()
        if any(map(_hidden, text)):
            raise _invalid(f"The {_words(name)} has characters that cannot be printed.")
        return text

    def as_typed(self, name: str, longest: int) -> str:
        """A text that must be there, with the blanks around it: they may belong to a password."""
        self.text(name, longest)
        return str(self._values[name])

    def email(self, name: str = "email") -> str:
        """An e-mail address that must be there."""
        return _email(self.text(name, LONGEST_EMAIL))

    def optional_email(self, name: str = "email") -> str | None:
        """An e-mail address, or None where the field is not given."""
        return self.email(name) if self._values.get(name) is not None else None

    def optional_name(self, name: str = "name") -> str | None:
        """A person's name, or None where the field is not given. It cannot be emptied."""
        return self.text(name, LONGEST_NAME) if self._values.get(name) is not None else None

    def amount(self, name: str = "amount") -> int:
        """A whole number of cents, from 1 up."""
        value = self._values.get(name)
        if value is None or value == "":
            raise BadRequest("Please give the amount in cents.", code="parameter_missing")
        if isinstance(value, str) and WHOLE_NUMBER.fullmatch(value):
            value = int(value)
        if not isinstance(value, int) or isinstance(value, bool) or not 1 <= value < 10**12:
            raise BadRequest(
                "The amount must be a whole number of cents, 1 or more.",
                code="parameter_invalid_integer",
            )
        return value

    def optional_amount(self, name: str = "amount") -> int | None:
        """A whole number of cents from 1 up, or None where the field is not given."""
        return self.amount(name) if self._values.get(name) is not None else None

    def number_or_text(self, name: str, longest: int) -> int | str | None:
        """A whole number, or a text, or None where the field is not given."""
        value = self._values.get(name)
        if isinstance(value, int) and not isinstance(value, bool):
            return value
        return self.optional_text(name, longest)

    def optional_moment(self, name: str) -> str | None:
        """An ISO 8601 date and time with its zone, as given, or None where it is not given."""
        text = self.optional_text(name, LONGEST_METADATA)
        if not text:
            return None
        try:
            moment = datetime.fromisoformat(text)
            if moment.tzinfo is None:
                raise _invalid(f"The {_words(name)} must say its time zone.")
            moment.astimezone(UTC)  # the calendar's first and last hours are beyond it in UTC
        except (ValueError, OverflowError) as error:
            raise _invalid(f"The {_words(name)} must be a date and time (ISO 8601).") from error
        return text


FIELDS = web.RequestKey("fields", Fields)

NOT_WHOLE = web.RequestKey("not_whole", web.HTTPException)


async def whole_body(request: web.Request, within: float = ARRIVES_WITHIN) -> bytes:
    """All bytes of the body, which are waited for only once.

    Whoever asks again after an error gets the same error: the rest of a body is no body.

    Raises:
        web.HTTPRequestTimeout: it took longer than `within` seconds.
        web.HTTPRequestEntityTooLarge: it is larger than the application accepts.
    """
    if NOT_WHOLE in request:
        raise request[NOT_WHOLE]
    try:
        async with asyncio.timeout(within):
            return await request.read()
    except TimeoutError as error:
        request[NOT_WHOLE] = web.HTTPRequestTimeout()
        raise request[NOT_WHOLE] from error
    except web.HTTPRequestEntityTooLarge as error:
        request[NOT_WHOLE] = error
        raise


async def read_fields(request: web.Request) -> Fields:
    """The request's JSON object or form, read once; an empty body has no fields.

    Raises:
        BadRequest: broken JSON, not an object, or bytes that are not UTF-8.
        web.HTTPRequestTimeout, web.HTTPRequestEntityTooLarge, web.HTTPUnsupportedMediaType: as they
            say.
    """
    if FIELDS not in request:
        request[FIELDS] = _fields_of(request, await whole_body(request))
    return request[FIELDS]


def _fields_of(request: web.Request, raw: bytes) -> Fields:
    if len(raw) > LARGEST_BODY:
        raise web.HTTPRequestEntityTooLarge(max_size=LARGEST_BODY, actual_size=len(raw))
    if not raw.strip():
        return Fields({})
    if request.content_type == "application/json":
        return Fields(_from_json(raw))
    if request.content_type == FORM:
        return Fields(_from_form(raw))
    raise web.HTTPUnsupportedMediaType


def names_attempt(request: web.Request) -> bool:
    """Whether the caller gave the attempt an `Idempotency-Key`, and so may send it again."""
    return "Idempotency-Key" in request.headers


def attempt_key(request: web.Request) -> str:
    """The idempotency key of this attempt: the caller's `Idempotency-Key`, or a new one."""
    given = request.headers.get("Idempotency-Key")
    if given is None:
        return str(uuid.uuid4())
    if not ATTEMPT_KEY.fullmatch(given):
        raise _invalid("The Idempotency-Key must be 1 to 200 visible ASCII characters.")
    return given


def _from_json(raw: bytes) -> Mapping[str, Value]:
    try:
        return msgspec.json.decode(raw, type=dict[str, Value])
    except (msgspec.MsgspecError, RecursionError, UnicodeDecodeError) as error:
        raise BadRequest(
            "The body must be a JSON object of texts and numbers.", code="invalid_json"
        ) from error


def _from_form(raw: bytes) -> Mapping[str, Value]:
    try:
        pairs = parse_qsl(raw.decode(), keep_blank_values=True, errors="strict")
    except ValueError as error:
        raise BadRequest("The form cannot be read.", code="invalid_form") from error
    return dict(pairs)


def _hidden(character: str) -> bool:
    """Control characters, broken ones, and those that turn the direction of what follows."""
    return unicodedata.category(character) in ("Cc", "Cs", "Zl", "Zp") or character in BIDI


def _email(text: str) -> str:
    if not looks_like_email(text):
        raise BadRequest(f"Invalid email address: {text}", code="email_invalid")
    return text


def _invalid(message: str) -> BadRequest:
    return BadRequest(message, code="parameter_invalid")


def _words(name: str) -> str:
    return name.replace("_", " ")
