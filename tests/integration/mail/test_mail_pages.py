"""The pages of /dev/mail: what they show, where they are not, and that nothing in them runs."""

from collections.abc import Callable, Coroutine
from dataclasses import replace
from html import escape

import aiohttp
import pytest
from pytest_aiohttp.plugin import AiohttpClient

from server.app import create_app
from shop.mail.letter import write
from shop.mail.postbox import open_postbox
from shop.rules.email import Mailbox
from shop.settings import Settings
from shop.storage import Storage
from tests.integration.mail.conftest import WithMail

EVIL = "</iframe><script>alert(1)</script>"
NAME = "welcome:cus_<b>"
ADDRESS = "/dev/mail/welcome%3Acus_%3Cb%3E"

Ask = Callable[[Settings, str], Coroutine[object, object, aiohttp.ClientResponse]]


@pytest.fixture
def ask(aiohttp_client: AiohttpClient) -> Ask:
    """Asks a web process with these settings for a page."""

    async def page(settings: Settings, path: str) -> aiohttp.ClientResponse:
        client = await aiohttp_client(create_app(settings))
        answer = await client.get(path)
        await answer.read()
        return answer

    return page


async def kept_letter(settings: Settings, storage: Storage) -> None:
    letter = write(Mailbox(EVIL, "ada@example.com"), f"Hello {EVIL}", [f"Dear {EVIL},"])
    async with open_postbox(settings, storage) as postbox:
        await postbox.send_once(NAME, letter)


async def test_the_list_and_the_letter_show_what_was_kept(
    with_mail: WithMail, storage: Storage, ask: Ask
):
    """Whatever a letter says stays words."""
    settings = with_mail("")
    await kept_letter(settings, storage)
    listed = await (await ask(settings, "/dev/mail")).text()
    assert f'href="{ADDRESS}"' in listed
    shown = await ask(settings, ADDRESS)
    html = await shown.text()
    assert shown.status == 200
    assert "<dd>&lt;welcome%3Acus_%3Cb%3E@ipsum.example&gt;</dd>" in html
    assert f"Dear {escape(EVIL)}," in html
    assert escape(escape(EVIL)) in html  # the HTML part, within an attribute
    for page in (listed, html):
        assert "<script" not in page
        assert escape(EVIL) in page


async def test_nothing_in_a_letter_may_run_or_load(with_mail: WithMail, storage: Storage, ask: Ask):
    """The frame is sandboxed, and the page's policy holds in it too."""
    settings = with_mail("")
    await kept_letter(settings, storage)
    shown = await ask(settings, ADDRESS)
    assert 'sandbox="allow-popups allow-popups-to-escape-sandbox"' in await shown.text()
    policy = shown.headers["Content-Security-Policy"].split("; ")
    assert "default-src 'none'" in policy
    assert not any(rule.startswith("script-src") for rule in policy)


async def test_an_empty_folder_says_so(with_mail: WithMail, ask: Ask):
    """With what to do about it."""
    answer = await ask(with_mail(""), "/dev/mail")
    assert "No letter yet." in await answer.text()


@pytest.mark.parametrize("path", ["/dev/mail", ADDRESS])
@pytest.mark.parametrize("kind", ["mail server", "real account"])
async def test_elsewhere_there_is_no_such_page(
    with_mail: WithMail, storage: Storage, ask: Ask, kind: str, path: str
):
    """Letters of real students are nobody's to read."""
    await kept_letter(with_mail(""), storage)
    with_server = with_mail("smtp://127.0.0.1:1")
    real = replace(with_mail(""), uses_sandbox=False)
    answer = await ask(with_server if kind == "mail server" else real, path)
    assert answer.status == 404
    assert (await answer.json())["error"]["code"] == "not_found"


@pytest.mark.parametrize("name", ["welcome:cus_9", "..%2F..%2F.env", "%00", "x" * 300])
async def test_a_letter_that_is_not_there(
    with_mail: WithMail, storage: Storage, ask: Ask, name: str
):
    """And no name leads to another file."""
    await kept_letter(with_mail(""), storage)
    answer = await ask(with_mail(""), f"/dev/mail/{name}")
    assert answer.status == 404
