"""What a resource declares for each of its endpoints, and what an endpoint is given."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.account import Account, Json
from sandbox.auth import Caller
from sandbox.lists import Page
from sandbox.params import Form
from sandbox.store import Record


@dataclass(frozen=True)
class Call:
    """One request, its parameters read and typed."""

    account: Account
    params: Mapping[str, Any]
    path: Mapping[str, str]
    caller: Caller
    origin: str
    """The sandbox's own address, such as ``http://localhost:4243``."""


Answer = Record | Page | Json
"""A record or a page is rendered and expanded; a dict is sent as it is."""


@dataclass(frozen=True)
class Endpoint:
    """One method of one path; ``answers`` is the kind of object in the answer."""

    method: str
    path: str
    handle: Callable[[Call], Answer]
    form: Form
    answers: str
    many: bool = False
    publishable: bool = False
