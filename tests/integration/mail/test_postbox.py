"""The postbox over a real mail server and a real Redis: each letter once, whatever happens."""

import asyncio
import logging
import os
import ssl
from datetime import UTC, datetime, timedelta
from email import message_from_bytes
from email.policy import SMTP
from ipaddress import ip_address
from pathlib import Path

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes, serialization
from cryptography.hazmat.primitives.asymmetric import ec
from redis.exceptions import RedisError

from shop.errors import LetterRefused, MailUnavailable
from shop.mail import smtp
from shop.mail.letter import write
from shop.mail.postbox import mail_folder, open_postbox
from shop.mail.sent_letters import SentLetters
from shop.rules.email import Mailbox
from shop.storage import Storage
from tests.integration.mail.conftest import WithMail
from tests.integration.mail.inbox import Inbox, open_inbox
from tests.stack import free_port

LETTER = write(Mailbox("Ada", "ada@example.com"), "Your payment of $65.00", ["Hello Ada,"])
CREDENTIALS = "ada%40shop:p%40ss%3Aword%2F1"


def contents(inbox: Inbox) -> list[tuple[str, list[str], str]]:
    """Sender, recipients and Message-ID of all that has arrived."""
    return [
        (arrived.sender, arrived.recipients, arrived.message["Message-ID"])
        for arrived in inbox.arrived
    ]


def letter_named(name: str) -> tuple[str, list[str], str]:
    """The letter to Ada, as `contents` shows it."""
    return (
        "lessons@ipsum.example",
        ["ada@example.com"],
        f"<{name.replace(':', '%3A')}@ipsum.example>",
    )


async def test_a_letter_arrives_once(with_mail: WithMail, storage: Storage):
    """Sent again it is known by its name, also by another postbox; another name is another."""
    async with open_inbox() as inbox:
        settings = with_mail(f"smtp://127.0.0.1:{inbox.port}")
        async with open_postbox(settings, storage) as postbox:
            assert await postbox.send_once("charged:pi_1", LETTER) is True
            assert await postbox.send_once("charged:pi_1", LETTER) is False
            assert await postbox.send_once("charged:pi_2", LETTER) is True
        async with open_postbox(settings, storage) as postbox:
            assert await postbox.send_once("charged:pi_1", LETTER) is False
        assert contents(inbox) == [letter_named("charged:pi_1"), letter_named("charged:pi_2")]
        text, _ = inbox.arrived[0].message.iter_parts()
        assert text.get_content().replace("\r\n", "\n") == LETTER.text


async def test_one_connection_carries_all_letters_of_a_postbox(
    with_mail: WithMail, storage: Storage
):
    """It is made with the first, and none is made for letters that were sent before."""
    async with open_inbox() as inbox:
        settings = with_mail(f"smtp://127.0.0.1:{inbox.port}")
        for _ in range(2):
            async with open_postbox(settings, storage) as postbox:
                for number in range(5):
                    await postbox.send_once(f"charged:pi_{number}", LETTER)
        assert (len(inbox.arrived), inbox.connections) == (5, 1)


async def test_of_two_jobs_at_once_one_sends(with_mail: WithMail, storage: Storage):
    """The other one waits, and finds it sent."""
    async with open_inbox() as inbox:
        settings = with_mail(f"smtp://127.0.0.1:{inbox.port}")

        async def job() -> bool:
            async with open_postbox(settings, storage) as postbox:
                return await postbox.send_once("charged:pi_1", LETTER)

        sent = await asyncio.gather(*(job() for _ in range(8)))
        assert sorted(sent) == [False] * 7 + [True]
        assert contents(inbox) == [letter_named("charged:pi_1")]


@pytest.mark.parametrize("answer", ["451 try later", "421 closing", "452 no room"])
@pytest.mark.parametrize("when", ["to_recipient", "to_message"])
async def test_what_is_refused_for_now_is_accepted_later(
    with_mail: WithMail, storage: Storage, when: str, answer: str
):
    """A failure before acceptance leaves no note."""
    async with open_inbox() as inbox:
        getattr(inbox, when).append(answer)
        settings = with_mail(f"smtp://127.0.0.1:{inbox.port}")
        async with open_postbox(settings, storage) as postbox:
            with pytest.raises(MailUnavailable):
                await postbox.send_once("charged:pi_1", LETTER)
            assert inbox.arrived == []
            assert await postbox.send_once("charged:pi_1", LETTER) is True
        assert contents(inbox) == [letter_named("charged:pi_1")]


@pytest.mark.parametrize(
    ("when", "answer"), [("to_recipient", "550 no such user"), ("to_message", "554 no")]
)
async def test_what_is_refused_for_good_is_told_apart(
    with_mail: WithMail, storage: Storage, when: str, answer: str
):
    """The next letter goes out all the same, over the same connection."""
    async with open_inbox() as inbox:
        getattr(inbox, when).append(answer)
        settings = with_mail(f"smtp://127.0.0.1:{inbox.port}")
        async with open_postbox(settings, storage) as postbox:
            with pytest.raises(LetterRefused):
                await postbox.send_once("charged:pi_1", LETTER)
            assert await postbox.send_once("charged:pi_2", LETTER) is True
        assert contents(inbox) == [letter_named("charged:pi_2")]
        assert await SentLetters(storage).is_sent("charged:pi_1") is False


async def test_an_unusable_address_is_refused_before_anybody_is_asked(
    with_mail: WithMail, storage: Storage
):
    """And two letters never come of one."""
    async with open_inbox() as inbox:
        settings = with_mail(f"smtp://127.0.0.1:{inbox.port}")
        async with open_postbox(settings, storage) as postbox:
            to_two = Mailbox("Ada", "ada@example.com,eve@example.com")
            with pytest.raises(LetterRefused):
                await postbox.send_once("charged:pi_1", write(to_two, "Hello", ["Hello,"]))
        assert inbox.connections == 0


async def test_a_server_that_was_away_gets_the_letter_later(with_mail: WithMail, storage: Storage):
    """By the same postbox."""
    port = free_port()
    async with open_postbox(with_mail(f"smtp://127.0.0.1:{port}"), storage) as postbox:
        with pytest.raises(MailUnavailable):
            await postbox.send_once("charged:pi_1", LETTER)
        async with open_inbox(port) as inbox:
            assert await postbox.send_once("charged:pi_1", LETTER) is True
            assert contents(inbox) == [letter_named("charged:pi_1")]


async def test_a_connection_that_ended_between_two_letters_is_made_again(
    with_mail: WithMail, storage: Storage
):
    """Servers hang up on who says nothing for a while."""
    async with open_inbox() as inbox:
        settings = with_mail(f"smtp://127.0.0.1:{inbox.port}")
        async with open_postbox(settings, storage) as postbox:
            assert await postbox.send_once("charged:pi_1", LETTER) is True
            inbox.hang_up()
            for _ in range(1000):
                if postbox._carrier._smtp.is_connected:
                    await asyncio.sleep(0)
            assert postbox._carrier._smtp.is_connected is False
            assert await postbox.send_once("charged:pi_2", LETTER) is True
        assert (len(inbox.arrived), inbox.connections) == (2, 2)


async def test_a_server_that_says_nothing_is_given_up(
    with_mail: WithMail, storage: Storage, monkeypatch: pytest.MonkeyPatch
):
    """Within the limit, whatever it keeps open."""
    monkeypatch.setattr(smtp, "STEP_LIMIT", 0.05)
    over = asyncio.Event()

    async def silence(_: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await over.wait()
        writer.close()

    async with await asyncio.start_server(silence, "127.0.0.1", 0) as server:
        port = server.sockets[0].getsockname()[1]
        async with open_postbox(with_mail(f"smtp://127.0.0.1:{port}"), storage) as postbox:
            with pytest.raises(MailUnavailable):
                await postbox.send_once("charged:pi_1", LETTER)
        over.set()


async def test_a_crash_before_acceptance_sends_nothing_and_blocks_nobody_for_long(
    with_mail: WithMail, storage: Storage
):
    """The lock of a process that died lapses, and the letter goes out once."""
    async with open_inbox() as inbox:
        settings = with_mail(f"smtp://127.0.0.1:{inbox.port}")
        dead = storage.redis.lock(storage.key("lock", "letter", "charged:pi_1"), timeout=0.2)
        assert await dead.acquire()
        async with open_postbox(settings, storage) as postbox:
            assert await postbox.send_once("charged:pi_1", LETTER) is True
        assert contents(inbox) == [letter_named("charged:pi_1")]


async def test_a_crash_between_acceptance_and_note_sends_the_same_message_again(
    with_mail: WithMail, storage: Storage, monkeypatch: pytest.MonkeyPatch
):
    """Rather twice than never: the second is known to be the same by its Message-ID."""

    async def no_note(*_: object) -> None:
        raise RedisError("gone")

    async with open_inbox() as inbox:
        settings = with_mail(f"smtp://127.0.0.1:{inbox.port}")
        async with open_postbox(settings, storage) as postbox:
            with monkeypatch.context() as patched:
                patched.setattr(SentLetters, "note", no_note)
                with pytest.raises(RedisError):
                    await postbox.send_once("charged:pi_1", LETTER)
            assert await postbox.send_once("charged:pi_1", LETTER) is True
            assert await postbox.send_once("charged:pi_1", LETTER) is False
        assert contents(inbox) == [letter_named("charged:pi_1")] * 2


async def test_user_and_password_are_decoded_and_go_out_over_tls_only(
    with_mail: WithMail, storage: Storage, certificate: ssl.SSLContext
):
    """STARTTLS first, then the login."""
    async with open_inbox(starttls=certificate, wants_login=True) as inbox:
        settings = with_mail(f"smtp://{CREDENTIALS}@127.0.0.1:{inbox.port}")
        async with open_postbox(settings, storage) as postbox:
            assert await postbox.send_once("charged:pi_1", LETTER) is True
        assert set(inbox.logins) == {(b"ada@shop", b"p@ss:word/1")}
        assert [arrived.encrypted for arrived in inbox.arrived] == [True]


async def test_a_password_never_goes_out_in_the_clear(
    with_mail: WithMail, storage: Storage, caplog: pytest.LogCaptureFixture
):
    """Where the server offers no TLS the letter waits, and neither log nor error tells secrets."""
    caplog.set_level(logging.DEBUG)
    async with open_inbox(wants_login=True) as inbox:
        settings = with_mail(f"smtp://{CREDENTIALS}@127.0.0.1:{inbox.port}")
        async with open_postbox(settings, storage) as postbox:
            with pytest.raises(MailUnavailable) as refused:
                await postbox.send_once("charged:pi_1", LETTER)
        assert inbox.logins == []
    told = caplog.text + refused.value.message + repr(settings) + repr(settings.mail_server)
    assert "word" not in told.replace("password", "")
    assert "ada@" not in told.replace("user='ada@shop'", "")


async def test_a_wrong_password_is_not_the_letters_fault(
    with_mail: WithMail, storage: Storage, certificate: ssl.SSLContext
):
    """Once it is put right, the letter goes out."""
    async with open_inbox(starttls=certificate, wants_login=True) as inbox:
        settings = with_mail(f"smtp://ada:wrong@127.0.0.1:{inbox.port}")
        async with open_postbox(settings, storage) as postbox:
            with pytest.raises(MailUnavailable):
                await postbox.send_once("charged:pi_1", LETTER)
        assert inbox.arrived == []


async def test_tls_from_the_first_byte(
    with_mail: WithMail, storage: Storage, certificate: ssl.SSLContext
):
    """smtps://"""
    async with open_inbox(smtps=certificate, wants_login=True) as inbox:
        settings = with_mail(f"smtps://{CREDENTIALS}@127.0.0.1:{inbox.port}")
        async with open_postbox(settings, storage) as postbox:
            assert await postbox.send_once("charged:pi_1", LETTER) is True
        assert contents(inbox) == [letter_named("charged:pi_1")]


async def test_a_certificate_that_nobody_vouches_for_is_not_accepted(
    with_mail: WithMail,
    storage: Storage,
    certificate: ssl.SSLContext,
    monkeypatch: pytest.MonkeyPatch,
):
    """Whoever sits in between gets neither password nor letter."""
    monkeypatch.delenv("SSL_CERT_FILE")
    async with open_inbox(smtps=certificate) as inbox:
        async with open_postbox(with_mail(f"smtps://127.0.0.1:{inbox.port}"), storage) as postbox:
            with pytest.raises(MailUnavailable):
                await postbox.send_once("charged:pi_1", LETTER)
        assert inbox.arrived == []


async def test_without_a_mail_server_letters_are_kept_as_files(
    with_mail: WithMail, storage: Storage
):
    """Whole, one a name, the newest first; names lead nowhere else."""
    settings = with_mail("")
    async with open_postbox(settings, storage) as postbox:
        assert await postbox.send_once("charged:pi_1", LETTER) is True
        assert await postbox.send_once("charged:pi_1", LETTER) is False
        assert await postbox.send_once("../../charged:pi_2", LETTER) is True
    folder = settings.var_dir / "mail"
    older, newer = folder / "charged%3Api_1.eml", folder / "..%2F..%2Fcharged%3Api_2.eml"
    assert set(folder.iterdir()) == {older, newer}
    assert (
        "Your payment of $65.00" in message_from_bytes(older.read_bytes(), policy=SMTP)["Subject"]
    )
    os.utime(older, (1, 1))
    kept = mail_folder(settings)
    assert [letter.name for letter in kept.newest(10)] == ["../../charged:pi_2", "charged:pi_1"]
    assert [letter.name for letter in kept.newest(1)] == ["../../charged:pi_2"]
    assert kept.get("charged:pi_3") is None


async def test_a_folder_that_cannot_be_written_to_leaves_the_letter_for_later(
    with_mail: WithMail, storage: Storage
):
    """As an absent mail server would."""
    settings = with_mail("")
    settings.var_dir.mkdir()
    (settings.var_dir / "mail").write_text("in the way")
    async with open_postbox(settings, storage) as postbox:
        with pytest.raises(MailUnavailable):
            await postbox.send_once("charged:pi_1", LETTER)
        (settings.var_dir / "mail").unlink()
        assert await postbox.send_once("charged:pi_1", LETTER) is True


@pytest.fixture
def certificate(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ssl.SSLContext:
    """A server's certificate for 127.0.0.1 that this process trusts."""
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(x509.NameOID.COMMON_NAME, "127.0.0.1")])
    now = datetime.now(UTC)
    address = x509.SubjectAlternativeName([x509.IPAddress(ip_address("127.0.0.1"))])
    signed = (
        x509.CertificateBuilder(name, name, key.public_key(), x509.random_serial_number())
        .not_valid_before(now - timedelta(hours=1))
        .not_valid_after(now + timedelta(hours=1))
        .add_extension(address, critical=False)
        .sign(key, hashes.SHA256())
    )
    file = tmp_path / "certificate.pem"
    pem = serialization.Encoding.PEM
    plain = serialization.NoEncryption()
    secret = key.private_bytes(pem, serialization.PrivateFormat.PKCS8, plain)
    file.write_bytes(signed.public_bytes(pem) + secret)
    monkeypatch.setenv("SSL_CERT_FILE", str(file))
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_SERVER)
    context.load_cert_chain(file)
    return context
