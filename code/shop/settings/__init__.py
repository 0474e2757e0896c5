"""The settings: one table, read from `code/server/.env`.

Keys come from that file and from nowhere else (the client's rule). The few settings that say
where a copy of the shop runs may also be given in the environment and then win over the file,
so that two copies can run side by side on one machine.
"""

from shop.settings.load import load
from shop.settings.places import ENV_FILE, PROJECT, redis_socket
from shop.settings.values import Bucket, Limits, MailServer, Settings

__all__ = [
    "ENV_FILE",
    "PROJECT",
    "Bucket",
    "Limits",
    "MailServer",
    "Settings",
    "load",
    "redis_socket",
]
