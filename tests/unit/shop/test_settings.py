"""Where settings come from, and what the key decides."""

from ipaddress import ip_network
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest

from shop.errors import SettingsError
from shop.rules.email import Mailbox
from shop.settings import PROJECT, Bucket, MailServer, load, redis_socket

SANDBOX = """
STRIPE_PUBLISHABLE_KEY=pk_test_sandbox
STRIPE_SECRET_KEY=sk_test_sandbox
STRIPE_WEBHOOK_SECRET=whsec_sandbox
"""


@pytest.fixture
def env_file(tmp_path: Path) -> Path:
    path = tmp_path / ".env"
    path.write_text(SANDBOX)
    return path


def test_the_example_file_is_complete_and_runs_the_sandbox():
    """Copied as it is, it starts the product on embedded defaults."""
    settings = load(PROJECT / ".env.example", {})
    assert settings.uses_sandbox is True
    assert settings.api_base == "http://127.0.0.1:4243"
    assert settings.stripe_js == "http://localhost:4243/js/stripe.js"
    assert (settings.host, settings.port, settings.sandbox_port) == ("127.0.0.1", 4242, 4243)
    assert settings.domain == "http://localhost:4242"
    assert settings.shop_zone == ZoneInfo("America/New_York")
    assert settings.var_dir == PROJECT / "var"
    assert settings.static_dir == PROJECT / "code" / "client"
    assert settings.starts_own_redis is True
    assert settings.results == PROJECT / "var" / "results"
    assert settings.mail_server is None
    assert settings.mail_from == Mailbox("Ipsum Street", "lessons@ipsum.example")


def test_keys_are_never_taken_from_the_environment(env_file: Path):
    """The client's rule: all keys come from the file."""
    settings = load(env_file, {"STRIPE_SECRET_KEY": "other", "STRIPE_PUBLISHABLE_KEY": "other"})
    assert settings.secret_key == "sk_test_sandbox"
    assert settings.publishable_key == "pk_test_sandbox"


def test_where_a_copy_runs_can_be_said_in_the_environment(env_file: Path):
    """So that two copies run side by side; the domain follows the port."""
    settings = load(
        env_file,
        {"PORT": "5001", "SANDBOX_PORT": "5002", "VAR_DIR": "/elsewhere", "HOST": "0.0.0.0"},
    )
    assert (settings.host, settings.port) == ("0.0.0.0", 5001)
    assert settings.domain == "http://localhost:5001"
    assert settings.api_base == "http://127.0.0.1:5002"
    elsewhere = load(env_file, {"SANDBOX_HOST": "sandbox"})
    assert (elsewhere.sandbox_host, elsewhere.api_base) == ("sandbox", "http://sandbox:4243")
    assert settings.var_dir == Path("/elsewhere")
    assert settings.redis_url == "unix:///elsewhere/redis/redis.sock"


def test_an_address_outside_does_not_follow_the_port(env_file: Path):
    """Behind a proxy PORT is what the proxy asks; links, cookies and HSTS go by DOMAIN."""
    env_file.write_text(SANDBOX + "DOMAIN=https://lessons.example.com/\n")
    settings = load(env_file, {"PORT": "5001"})
    assert (settings.port, settings.domain) == (5001, "https://lessons.example.com")


def test_the_shops_clock(env_file: Path):
    """By its name in the time zone database."""
    env_file.write_text(SANDBOX + "SHOP_ZONE=Europe/Lisbon\n")
    assert load(env_file, {}).shop_zone == ZoneInfo("Europe/Lisbon")


@pytest.mark.parametrize("zone", ["Mars/Olympus", "../etc/passwd", "America", "GMT+25"])
def test_an_unknown_zone_is_named(env_file: Path, zone: str):
    """The program does not start."""
    env_file.write_text(SANDBOX + f"SHOP_ZONE={zone}\n")
    with pytest.raises(SettingsError) as refused:
        load(env_file, {})
    assert refused.value.message == (
        f"SHOP_ZONE must be a time zone such as America/New_York, not {zone!r}."
    )


@pytest.mark.parametrize(
    ("value", "secrets"),
    [("", ()), ("whsec_a", ("whsec_a",)), (" whsec_new , whsec_old,", ("whsec_new", "whsec_old"))],
)
def test_there_may_be_several_webhook_secrets(env_file: Path, value: str, secrets: tuple[str, ...]):
    """While one is rolled, Stripe may sign with either."""
    env_file.write_text(f"{SANDBOX}STRIPE_WEBHOOK_SECRET={value}\n")
    assert load(env_file, {}).webhook_secrets == secrets


def test_any_other_key_belongs_to_the_real_stripe(env_file: Path):
    """The key decides where Stripe is; nothing else differs."""
    env_file.write_text("STRIPE_PUBLISHABLE_KEY=pk_live_x\nSTRIPE_SECRET_KEY=sk_live_x\n")
    settings = load(env_file, {})
    assert settings.uses_sandbox is False
    assert settings.api_base == "https://api.stripe.com"
    assert settings.stripe_js.startswith("https://js.stripe.com/")


def test_an_api_base_in_the_file_wins_over_the_key(env_file: Path):
    """For a proxy, or a sandbox elsewhere."""
    env_file.write_text(SANDBOX + "STRIPE_API_BASE=http://127.0.0.1:9\n")
    assert load(env_file, {}).api_base == "http://127.0.0.1:9"


def test_a_key_is_taken_literally(env_file: Path, monkeypatch: pytest.MonkeyPatch):
    """Not even a reference in the file brings in the environment's."""
    monkeypatch.setenv("OTHER_KEY", "sk_of_the_environment")
    env_file.write_text(SANDBOX + "STRIPE_SECRET_KEY=${OTHER_KEY}\n")
    assert load(env_file, {}).secret_key == "${OTHER_KEY}"


@pytest.mark.parametrize("port", ["0", "65536", "-1", "4242x", "\u0664"])
def test_a_port_that_is_none_is_named(env_file: Path, port: str):
    """The sentence says which setting is wrong."""
    with pytest.raises(SettingsError, match="PORT must be a port from 1 to 65535"):
        load(env_file, {"PORT": port})


@pytest.mark.parametrize("given", ["json", "text", ""])
def test_how_to_log_can_be_said_in_the_environment(env_file: Path, given: str):
    """So that the starter's pipe gets text for people; empty leaves it to the process."""
    assert load(env_file, {"LOG_FORMAT": given}).log_format == given


def test_a_format_of_logs_that_is_none_is_named(env_file: Path):
    """With the words that are."""
    with pytest.raises(SettingsError, match=r"^LOG_FORMAT must be json or text, or empty, not 'x"):
        load(env_file, {"LOG_FORMAT": "xml"})


def test_a_missing_key_is_named(env_file: Path):
    """The program does not start without one."""
    env_file.write_text("STRIPE_PUBLISHABLE_KEY=pk_test_sandbox\n")
    with pytest.raises(SettingsError, match="STRIPE_SECRET_KEY is empty"):
        load(env_file, {})


def test_a_missing_file_is_named(tmp_path: Path):
    """With the command that makes it."""
    with pytest.raises(SettingsError, match="script/bootstrap makes it"):
        load(tmp_path / "none", {})


def test_a_settings_object_never_shows_its_keys(env_file: Path):
    """It may end up in a log."""
    assert "sk_test" not in repr(load(env_file, {}))


BUCKET = """
RESULTS_URL=s3://lessons/reports/2026/
RESULTS_ENDPOINT=http://127.0.0.1:9000/
RESULTS_REGION=eu-west-1
RESULTS_ACCESS_KEY=access-of-file
RESULTS_SECRET_KEY=secret-of-file
"""


def test_results_can_be_kept_in_a_bucket(env_file: Path):
    """At Amazon or at anything else that speaks S3; its keys show nowhere."""
    env_file.write_text(SANDBOX + BUCKET)
    settings = load(env_file, {"RESULTS_ACCESS_KEY": "other", "RESULTS_SECRET_KEY": "other"})
    assert settings.results == Bucket(
        name="lessons",
        prefix="reports/2026",
        endpoint="http://127.0.0.1:9000",
        region="eu-west-1",
        access_key="access-of-file",
        secret_key="secret-of-file",
    )
    for shown in (repr(settings), repr(settings.results)):
        assert "of-file" not in shown


def test_where_results_are_kept_can_be_said_in_the_environment(env_file: Path):
    """A folder, or a bucket whose keys still come from the file."""
    assert load(env_file, {"VAR_DIR": "/copy"}).results == Path("/copy/results")
    assert load(env_file, {"RESULTS_URL": "/elsewhere"}).results == Path("/elsewhere")
    assert load(env_file, {"RESULTS_URL": "kept"}).results == PROJECT / "kept"
    with pytest.raises(SettingsError, match="RESULTS_ACCESS_KEY is empty"):
        load(env_file, {"RESULTS_URL": "s3://lessons", "RESULTS_ACCESS_KEY": "key"})


@pytest.mark.parametrize(
    ("line", "sentence"),
    [
        ("RESULTS_URL=s3://", "RESULTS_URL must be a folder or s3://bucket/prefix"),
        ("RESULTS_URL=gs://lessons", "RESULTS_URL must be a folder or s3://bucket/prefix"),
        ("RESULTS_ENDPOINT=127.0.0.1:9000", "RESULTS_ENDPOINT must be an address such as"),
        ("RESULTS_ENDPOINT=http://host/path", "RESULTS_ENDPOINT must be an address such as"),
    ],
)
def test_a_place_for_results_that_is_none_is_named(env_file: Path, line: str, sentence: str):
    """Before the first report is lost."""
    env_file.write_text(SANDBOX + BUCKET + line + "\n")
    with pytest.raises(SettingsError, match=sentence):
        load(env_file, {})


@pytest.mark.parametrize("name", ["with a space", "a=b", "ünïcode"])
def test_a_folder_that_no_client_can_name_gets_a_socket_elsewhere(tmp_path: Path, name: str):
    """Redis clients read an address up to the first blank or equals sign."""
    socket = redis_socket(tmp_path / name)
    assert name not in str(socket)


def test_a_folder_too_deep_for_a_socket_gets_one_elsewhere(tmp_path: Path):
    """Unix socket addresses end at about 100 bytes; the same folder gets the same place."""
    deep = tmp_path / ("x" * 120)
    assert len(str(redis_socket(deep))) <= 100
    assert redis_socket(deep) == redis_socket(deep) != redis_socket(tmp_path / ("y" * 120))


@pytest.mark.parametrize(
    ("url", "server"),
    [
        ("smtp://mail.example.com", MailServer(host="mail.example.com", port=587, tls=False)),
        ("smtps://mail.example.com/", MailServer(host="mail.example.com", port=465, tls=True)),
        ("smtp://[::1]:25", MailServer(host="::1", port=25, tls=False)),
        (
            "smtp://ada%40shop:p%40ss%2Fword%25@localhost:2525",
            MailServer(
                host="localhost", port=2525, tls=False, user="ada@shop", password="p@ss/word%"
            ),
        ),
    ],
)
def test_a_mail_server(env_file: Path, url: str, server: MailServer):
    """The scheme says how TLS begins and the usual port; user and password are decoded."""
    env_file.write_text(f"{SANDBOX}SMTP_URL={url}\n")
    assert load(env_file, {}).mail_server == server


@pytest.mark.parametrize(
    "url",
    [
        "mail.example.com",
        "http://ada:secret@mail.example.com",
        "smtp://",
        "smtp://ada:secret@",
        "smtp://ada:secret@mail.example.com:port",
        "smtp://ada:secret@mail.example.com:0",
        "smtp://ada:secret@mail.example.com:99999",
        "smtp://ada:secret@mail.example.com/inbox",
        "smtp://ada:secret@mail.example.com?tls=no",
        "smtp://ada@mail.example.com",
        "smtp://:secret@mail.example.com",
        "smtp://ada:secret@[::1",
    ],
)
def test_an_unusable_mail_server_is_named_without_its_secrets(env_file: Path, url: str):
    """The complaint goes to the terminal and perhaps to a log."""
    env_file.write_text(f"{SANDBOX}SMTP_URL={url}\n")
    with pytest.raises(SettingsError, match="SMTP_URL") as refused:
        load(env_file, {})
    assert "secret" not in refused.value.message
    assert refused.value.__suppress_context__ or refused.value.__context__ is None


def test_a_mail_server_is_never_taken_from_the_environment(env_file: Path):
    """Its address holds a password, so it is a key (the client's rule)."""
    environment = {"SMTP_URL": "smtp://mail.example.com", "MAIL_FROM": "eve@example.com"}
    settings = load(env_file, environment)
    assert settings.mail_server is None
    assert settings.mail_from == Mailbox("Ipsum Street", "lessons@ipsum.example")


def test_whom_letters_are_from(env_file: Path):
    """An address, with a name or without."""
    env_file.write_text(f"{SANDBOX}MAIL_FROM='\"Ipsum, Street\" <post@example.com>'\n")
    assert load(env_file, {}).mail_from == Mailbox("Ipsum, Street", "post@example.com")
    env_file.write_text(f"{SANDBOX}MAIL_FROM=post@example.com\n")
    assert load(env_file, {}).mail_from == Mailbox("", "post@example.com")


@pytest.mark.parametrize("sender", ["Ipsum Street", "Ipsum <>", "post@", "<post example.com>"])
def test_a_sender_that_nobody_could_answer(env_file: Path, sender: str):
    """Told before the first letter."""
    env_file.write_text(f"{SANDBOX}MAIL_FROM={sender}\n")
    with pytest.raises(SettingsError, match="MAIL_FROM"):
        load(env_file, {})


def test_only_named_proxies_are_trusted(env_file: Path):
    """Addresses and networks of either kind; none by default."""
    assert load(env_file, {}).trusted_proxies == ()
    env_file.write_text(SANDBOX + "TRUSTED_PROXIES=10.0.0.0/8, 192.0.2.7,fd00::/8\n")
    assert load(env_file, {}).trusted_proxies == (
        ip_network("10.0.0.0/8"),
        ip_network("192.0.2.7/32"),
        ip_network("fd00::/8"),
    )


@pytest.mark.parametrize("value", ["everybody", "10.0.0.1/8", "10.0.0.0/33"])
def test_a_proxy_that_is_no_network_is_named(env_file: Path, value: str):
    """A network with bits of a host in it is a slip that would trust too many."""
    with pytest.raises(SettingsError, match="TRUSTED_PROXIES must be addresses or networks"):
        load(env_file, {"TRUSTED_PROXIES": value})


def test_limits_say_how_often_within_which_time(env_file: Path):
    """In the words of the example file."""
    limits = load(env_file, {"LIMIT_SIGN_UPS": "3/minute"}).limits
    assert (limits.sign_ups.amount, limits.sign_ups.get_expiry()) == (3, 60)
    assert (limits.card_entries.amount, limits.card_entries.get_expiry()) == (40, 3600)
    assert (limits.account_links.amount, limits.account_links.get_expiry()) == (10, 3600)
    assert (limits.sign_ins.amount, limits.sign_ins.get_expiry()) == (10, 900)


@pytest.mark.parametrize("value", ["often", "0 per hour", "20 per fortnight", "20", "-1 per hour"])
def test_a_limit_that_is_none_is_named(env_file: Path, value: str):
    """Rather than that nothing, or everything, is allowed."""
    with pytest.raises(SettingsError, match=r"LIMIT_SIGN_UPS must be such as 20 per hour, not"):
        load(env_file, {"LIMIT_SIGN_UPS": value})


def test_web_processes(env_file: Path):
    """One, where nobody says otherwise; the environment may say it for a container."""
    assert load(env_file, {}).web_workers == 1
    assert load(env_file, {"WEB_WORKERS": "4"}).web_workers == 4
    env_file.write_text(SANDBOX + "WEB_WORKERS=2\n")
    assert load(env_file, {}).web_workers == 2


@pytest.mark.parametrize("number", ["0", "-1", "65", "two", "1.5"])
def test_a_number_of_web_processes_that_cannot_be(env_file: Path, number: str):
    """Named with its setting."""
    with pytest.raises(SettingsError, match="WEB_WORKERS must be 1 to 64 processes, not"):
        load(env_file, {"WEB_WORKERS": number})
