"""`python -m server`: the web process."""

import logging
import sys

from server.app import create_app
from server.keys import STAFF
from server.metrics import files
from server.serving import serve
from shop import logs
from shop.errors import ResultsUnavailable, SettingsError
from shop.settings import load
from shop.staff.accounts import Staff

log = logging.getLogger(__name__)


def main() -> int:
    """Serve until told to stop; answers with the exit code."""
    try:
        settings = load()
        logs.set_up(settings.log_format)
        files.clean(files.folder_of(settings))
        app = create_app(settings)
        _say_who_may_come_in(app[STAFF].staff())
    except SettingsError as error:
        print(error.message, file=sys.stderr)
        return 2
    try:
        serve(app)
    except ResultsUnavailable as error:
        print(f"{error.message} RESULTS_URL says where it is.", file=sys.stderr)
        return 1
    except OSError as error:
        print(
            f"The web server cannot listen on {settings.host}:{settings.port} "
            f"({error.strerror}). PORT and HOST say where it listens.",
            file=sys.stderr,
        )
        return 1
    return 0


def _say_who_may_come_in(staff: Staff) -> None:
    if staff.is_open:
        log.warning(
            "there is no staff account: everything is open to everybody on this machine, and only "
            "this machine is listened to; `script/staff add` changes that"
        )


if __name__ == "__main__":
    raise SystemExit(main())
