"""Ids of students who were deleted, so that nothing about them is written down again.

Their payments stay at Stripe, and events and rebuilds keep bringing them. An id says nothing of a
person, so it is kept for good.
"""

from collections.abc import Sequence

from shop.storage import Storage


class DeletedStudents:
    """The ids in Redis. Both methods raise `RedisError` where it is away."""

    def __init__(self, storage: Storage) -> None:
        self._redis = storage.redis
        self._key = deleted_students_key(storage)

    async def note(self, customer_ids: Sequence[str]) -> None:
        """These were deleted at Stripe, where nobody comes back under the same id."""
        await self._redis.sadd(self._key, *customer_ids)

    async def among(self, customer_ids: Sequence[str]) -> set[str]:
        """Those of these who were deleted."""
        if not customer_ids:
            return set()
        flags = await self._redis.smismember(self._key, list(customer_ids))
        return {name for name, flag in zip(customer_ids, flags, strict=True) if flag}


def deleted_students_key(storage: Storage) -> str:
    """Where the ids are, for scripts that look there themselves."""
    return storage.key("students", "deleted")
