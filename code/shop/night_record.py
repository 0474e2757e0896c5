"""What the nightly job did last, kept in Redis for whoever asks."""

import msgspec
from msgspec import Struct

from shop.storage import Storage


class NightRecord(Struct, frozen=True, kw_only=True):
    """One night.

    Attributes:
        night: its date in the shop's zone, `2026-11-23`.
        at: when it was done, unix seconds UTC.
        events: events of Stripe's that were looked at.
        repaired: how many of them had been lost and were acted on.
        failed: how many could not be acted on; the next night tries them again.
    """

    night: str
    at: int
    events: int
    repaired: int
    failed: int


class NightRecords:
    """Reads and writes the record of the last night."""

    def __init__(self, storage: Storage) -> None:
        self._redis = storage.redis
        self._key = storage.key("nightly")

    async def last(self) -> NightRecord | None:
        """The last night; None where there was none yet."""
        text = await self._redis.get(self._key)
        return msgspec.json.decode(text, type=NightRecord) if text else None

    async def put(self, record: NightRecord) -> None:
        """Keep what was done."""
        await self._redis.set(self._key, msgspec.json.encode(record).decode())
