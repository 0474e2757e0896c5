"""How the tests of properties are run."""

from hypothesis import HealthCheck, settings


def pytest_configure() -> None:
    """No example fails because other work on the machine held it up: a property knows no time."""
    settings.register_profile(
        "unhurried", deadline=None, suppress_health_check=[HealthCheck.too_slow]
    )
    settings.load_profile("unhurried")
