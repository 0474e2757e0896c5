"""How the processes log: one line a message, with ids and never a name, an address or a key.

Modules log as Python does it: `logging.getLogger(__name__)`, a sentence, and what programs should
find in it as `extra={"status": 200}`. What holds for everything that follows, such as a request's
or a report's id, is bound once with `structlog.contextvars`, and every line carries it.
"""

from shop.logs.set_up import set_up

__all__ = ["set_up"]
