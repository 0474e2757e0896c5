"""A secret in a tracked file is found, unless it is one of the exceptions."""

from pathlib import Path

import pytest

from script.checks.secrets import ALLOWED, Allowed, read_allowed, scan, to_do

STRIPE_KEY = "sk_" + "live_" + "4eC39HqLyjWDarjtT1zdp7dc"
SECRETS = [
    f'STRIPE = "{STRIPE_KEY}"',
    "-----BEGIN RSA " + "PRIVATE KEY-----",
    'aws = "AKIA' + 'QYLPMN5HHHFPZAM2"',
    "smtp://shop:" + "geheim7@mail.example:587",
]


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "settings.py"


@pytest.mark.parametrize("line", SECRETS)
def test_it_is_named_by_its_place_and_never_printed(file: Path, line: str):
    """Keys of Stripe and others, private keys, passwords in addresses."""
    file.write_text(f"# settings\n{line}\n")
    found = scan(str(file))
    lines = list(to_do(found, []))
    assert lines[0].startswith(f"{file}:2: looks like a secret (")
    assert not any(secret.secret_value in line for secret in found for line in lines)


def test_an_exception_is_for_a_file_and_all_of_a_secret(file: Path):
    """Another file's, or a part of it, is none."""
    file.write_text(f'STRIPE = "{STRIPE_KEY}"\n')
    found = scan(str(file))
    for pattern, pattern_of_it, is_covered in (
        ("*/settings.py", STRIPE_KEY, True),
        ("*/other.py", STRIPE_KEY, False),
        ("*/settings.py", "sk_live_", False),
    ):
        allowed = Allowed(file=pattern, found=pattern_of_it, reason="a test")
        assert any(line.startswith(str(file)) for line in to_do(found, [allowed])) is not is_covered


def test_an_exception_that_nothing_needs_is_named():
    """So that the file does not outlive its reasons."""
    (line,) = to_do([], [Allowed(file="old.py", found="gone", reason="a test")])
    assert line == "allowed_secrets.toml: nothing in old.py needs the exception 'gone'"


def test_every_exception_has_a_reason():
    """In words."""
    assert all(len(each.reason.split()) > 2 for each in read_allowed(ALLOWED.read_text()))
