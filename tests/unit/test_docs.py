"""What the documents name is there: files, headings, settings, constants, routes and events."""

import json
import re
import tomllib
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

from jobs.catalogue import HANDLED_EVENTS
from sandbox.controls import ROUTES as SANDBOX_CONTROLS
from server.app import OPENAPI_FILE
from server.routes import ASSETS, ROUTES
from shop.settings.places import PROJECT
from shop.settings.table import DEFAULTS, FROM_ENVIRONMENT

NOT_OURS = frozenset({".venv", ".git", "var", "vendor", "node_modules"})
DOCUMENTS = sorted(
    path
    for path in PROJECT.rglob("*.md")
    if not NOT_OURS & set(path.relative_to(PROJECT).parts) and ".pytest_cache" not in path.parts
)
ROOTS = (PROJECT, PROJECT / "code", PROJECT / "code/server")
"""What paths in documents begin at, beside the document's own folder."""

MADE_LATER = re.compile(
    r"code/server/(\.env|staff\.json)|staff\.json|var(/.*)?|staff/?|\.venv(/.*)?"
    r"|released_holds\.py"
)
"""Files that a start, a person or a how-to page makes."""

NOT_SETTINGS = frozenset(
    {"CHROME", "PYTHON", "PYTHONPATH", "STRIPE_OFFICIAL", "PATH", "TOKEN"}  # of scripts and tests
    | {"SSL_CERT_FILE", "SO_REUSEPORT"}  # of the system
    | {"WORKERS", "PROMPT_WORKERS"}  # of docker-compose.yml
    | {"SIGINT", "SIGKILL", "SIGTERM", "NUMSUB", "NAME", "ROLE", "LABEL"}
    | {"GET", "POST", "DELETE", "HEAD", "PUBSUB", "BLMOVE", "FILE"}
)

OF_THE_SANDBOX = frozenset({"SANDBOX_KEEP", "SANDBOX_WEBHOOK_URL"})
OF_THE_CLIENT = frozenset({"CI", "CHALLENGE_ID"})

ELSEWHERE = re.compile(r"/(v1|_sandbox|proc|etc|dev/null|js/stripe\.js|path)\b.*")
"""Addresses at Stripe and in the sandbox, and paths on a machine."""

ASSET_FOLDERS = tuple(f"/assets/{folder}" for folder in ASSETS)


def name_of(document: Path) -> str:
    return str(document.relative_to(PROJECT))


@cache
def text(document: Path) -> str:
    return document.read_text(encoding="utf-8")


@cache
def without_fences(document: Path) -> str:
    return re.sub(r"^ *```.*?^ *```$", "", text(document), flags=re.MULTILINE | re.DOTALL)


def spoken_code(document: Path) -> list[str]:
    """What stands between backticks in running text."""
    return [code.strip() for code in re.findall(r"`([^`]+)`", without_fences(document))]


@cache
def headings(document: Path) -> frozenset[str]:
    """The anchors of a document, as GitHub makes them."""
    titles = re.findall(r"^#+ (.+)$", without_fences(document), re.MULTILINE)
    return frozenset(re.sub(r"[^\w\- ]", "", title.lower()).replace(" ", "-") for title in titles)


@cache
def file_names() -> frozenset[str]:
    return frozenset(
        path.name
        for path in PROJECT.rglob("*")
        if not NOT_OURS - {"vendor"} & set(path.relative_to(PROJECT).parts)
    )


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_link_leads_somewhere(document: Path):
    """To a file that is there, and a heading in it."""
    dead = []
    for target in re.findall(r"\]\(([^)\s]+)\)", without_fences(document)):
        if re.match(r"\w+:", target):
            continue
        place, _, anchor = target.partition("#")
        file = document.parent / place if place else document
        if not file.exists() or (anchor and anchor not in headings(file)):
            dead.append(target)
    assert dead == []


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_file_that_is_named_is_there(document: Path):
    """By its path from the project, `code`, `code/server` or the document; or by its name alone."""
    named = [code for code in spoken_code(document) if looks_like_a_file(code)]
    assert [code for code in named if not is_there(code, document)] == []


def looks_like_a_file(code: str) -> bool:
    """A path in one of our folders, or a name that ends as our files do."""
    folders = {path.name for root in ROOTS[:2] for path in root.iterdir() if path.is_dir()}
    first, slash, _ = code.partition("/")
    if not re.fullmatch(r"[\w.][\w./-]+", code):
        return False
    return bool(slash and first in folders) or bool(re.search(r"\.(py|md|sh|toml|yml|js)$", code))


def is_there(code: str, document: Path) -> bool:
    path = code.rstrip("/")
    if MADE_LATER.fullmatch(code):
        return True
    if "/" not in path:
        return path in file_names()
    found = any((root / path).exists() for root in (*ROOTS, document.parent))
    return found or any((root / f"{path}.py").exists() for root in ROOTS)


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_setting_and_constant_that_is_named_is_there(document: Path):
    """Whatever is written in capitals is a setting, a constant of ours, or in the list above."""
    named = {code.partition("=")[0] for code in spoken_code(document)}
    named |= set(re.findall(r"^ *(?:\w+=\S+ )*([A-Z][A-Z0-9_]+)=", text(document), re.MULTILINE))
    capitals = {name for name in named if re.fullmatch(r"[A-Z][A-Z0-9]*(_[A-Z0-9]+)*", name)}
    known = settings() | NOT_SETTINGS | constants()
    assert sorted(name for name in capitals if len(name) > 2 and name not in known) == []


@cache
def settings() -> frozenset[str]:
    """Those of .env.example."""
    example = (PROJECT / ".env.example").read_text(encoding="utf-8")
    return frozenset(re.findall(r"^([A-Z_]+)=", example, re.MULTILINE))


@cache
def constants() -> frozenset[str]:
    """Names in capitals that our modules define."""
    return frozenset(
        name
        for folder in ("code", "jobs", "worker", "sandbox", "script", "tests", "bench")
        for path in (PROJECT / folder).rglob("*.py")
        for name in re.findall(r"^ *([A-Z][A-Z0-9_]+)\b(?:: [^=\n]+)? = ", path.read_text(), re.M)
    )


def test_every_setting_is_explained_once_and_read():
    """.env.example has those of the table, of the sandbox and of the client, and no others."""
    assert settings() == set(DEFAULTS) | OF_THE_SANDBOX | OF_THE_CLIENT
    assert set(DEFAULTS) >= FROM_ENVIRONMENT - OF_THE_SANDBOX
    sandbox = (PROJECT / "sandbox/settings.py").read_text(encoding="utf-8")
    assert [name for name in OF_THE_SANDBOX if name not in sandbox] == []


def test_the_settings_that_the_environment_may_set_are_named():
    """At the head of .env.example: by their names, or by what their names begin with."""
    head = (PROJECT / ".env.example").read_text(encoding="utf-8").partition("\n\n")[0]
    named = re.findall(r"[A-Z]+(?:_[A-Z]+)*_?", head.partition("read from.")[2])
    named_rightly = {
        setting
        for setting in settings()
        if setting in named or any(setting.startswith(name) for name in named if name[-1] == "_")
    }
    assert named_rightly == FROM_ENVIRONMENT | OF_THE_SANDBOX


@pytest.mark.parametrize("document", DOCUMENTS, ids=name_of)
def test_every_route_that_is_named_is_there(document: Path):
    """With its method where that is said, in running text and behind `curl`."""
    assert [named for named in routes_named(document) if not is_route(*named)] == []


def routes_named(document: Path) -> Iterator[tuple[str | None, str]]:
    """Methods, where they are said, and paths."""
    for code in spoken_code(document):
        if found := re.fullmatch(r"(?:(GET|POST|DELETE|HEAD) )?(/[^\s`]*)(?: .*)?", code):
            yield found[1], found[2]
    for path in re.findall(r"localhost:4242(/[^\s\"'>)`]*)", text(document)):
        yield None, path


def is_route(method: str | None, path: str) -> bool:
    plain = re.sub(r"[?#].*", "", path).replace("…", "x")
    if ELSEWHERE.fullmatch(plain) or plain.startswith(ASSET_FOLDERS):
        return True
    return any(
        re.fullmatch(pattern_of(route.path), plain) and method in (None, route.method, "HEAD")
        for route in ROUTES
    )


def pattern_of(path: str) -> str:
    """A pattern of addresses under a route."""
    return re.sub(r"\\\{\w+\\\}", "[^/]+", re.escape(path))


def test_the_sandboxs_controls_are_named_rightly():
    """Wherever a document names one."""
    known = {route.path for route in SANDBOX_CONTROLS}
    for document in DOCUMENTS:
        named = re.findall(r"(/_sandbox/[\w/{}]+)", text(document))
        assert [path for path in named if path not in known] == [], name_of(document)


def test_the_events_to_ask_stripe_for_are_those_that_are_handled():
    """One a line, as the Dashboard lists them."""
    page = text(PROJECT / "docs/how-to/put-in-real-keys.md")
    listed = re.findall(r"^ +([a-z_]+(?:\.[a-z_]+)+)$", page, re.MULTILINE)
    assert sorted(listed) == sorted(HANDLED_EVENTS)


def test_everything_says_the_same_version():
    """pyproject.toml, the newest entry of the changelog, the API's description and the image."""
    version = tomllib.loads((PROJECT / "pyproject.toml").read_text())["project"]["version"]
    newest = re.search(r"^## (\S+) \((\d{4}-\d\d-\d\d)\)$", text(PROJECT / "CHANGELOG.md"), re.M)
    image = re.search(r"image: \S+:(\S+)$", (PROJECT / "docker-compose.yml").read_text(), re.M)
    described = json.loads(OPENAPI_FILE.read_bytes())["info"]["version"]
    assert newest
    assert image
    assert (newest[1], image[1], described) == (version, version, version)
