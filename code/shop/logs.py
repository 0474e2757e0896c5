"""How the processes log: one line a message, ids only."""

import logging


def set_up() -> None:
    """Log from INFO up; libraries that would log addresses of people only from WARNING up."""
    logging.basicConfig(level=logging.INFO, format="%(levelname)s %(name)s: %(message)s")
    for library in ("stripe", "aiohttp.access"):
        logging.getLogger(library).setLevel(logging.WARNING)
