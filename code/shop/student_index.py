"""Which student has which e-mail address, whatever its letter case.

Stripe's own e-mail filter minds the letter case
(https://docs.stripe.com/api/customers/list#list_customers-email), so the shop keeps an index in
Redis: normalised address → customer ids. The index is a hint. Whoever uses it asks Stripe about
each id, and it can be made again from Stripe at any time (`lesson_book.rebuilding`).
"""

import asyncio
from collections.abc import Sequence

from redis.asyncio.client import Pipeline

from shop.errors import UnknownCustomer
from shop.rules.email import normalise
from shop.storage import Storage
from shop.stripe_gateway import StripeGateway
from shop.stripe_gateway.objects import Customer

PAGES_WHILE_WAITING = 3
"""How many pages of new customers a person waits for; a job reads more."""


JUST_STARTED = 20
"""Seconds in which a sign-up is known to others that were waiting for the same address."""


class IndexKeys:
    """Where the index is: ids by address, addresses by id, and who has just begun."""

    def __init__(self, storage: Storage) -> None:
        self._by_email = storage.key("students", "by-email")
        self._emails_of = storage.key("students", "emails-of")
        self._just_started = storage.key("students", "just-started")
        self.read_to = storage.key("students", "read-to")

    def by_email(self, email: str) -> str:
        """The ids of those who have this address."""
        return f"{self._by_email}:{normalise(email)}"

    def emails_of(self, customer_id: str) -> str:
        """The addresses under which this student is found."""
        return f"{self._emails_of}:{customer_id}"

    def just_started(self, email: str) -> str:
        """Who has begun a sign-up with this address a moment ago."""
        return f"{self._just_started}:{normalise(email)}"


class StudentIndex:
    """The index in Redis, and the way to ask it."""

    def __init__(self, storage: Storage, gateway: StripeGateway) -> None:
        self._redis = storage.redis
        self._keys = IndexKeys(storage)
        self._gateway = gateway

    async def remember(self, customer_id: str, email: str) -> None:
        """Note that the student has this address now."""
        async with self._redis.pipeline(transaction=True) as pipe:
            self._put(pipe, customer_id, email)
            await pipe.execute()

    async def remember_start(self, customer_id: str, email: str) -> None:
        """Note that somebody has just looked for this address everywhere, and signs up with it."""
        await self._redis.set(self._keys.just_started(email), customer_id, ex=JUST_STARTED)
        await self.remember(customer_id, email)

    async def just_started(self, email: str) -> str | None:
        """The customer who was found or made for this address within `JUST_STARTED`."""
        found = await self._redis.get(self._keys.just_started(email))
        return None if found is None else str(found)

    async def forget_start(self, email: str) -> None:
        """Note that whoever had just started with this address is no student any more."""
        await self._redis.delete(self._keys.just_started(email))

    async def with_email(self, email: str) -> list[Customer]:
        """Every student with this address in any letter case, newest first.

        Asks Stripe for the address as typed and in small letters, for what the index hints at,
        and for the customers made since the index was last read.
        """
        await self._catch_up()
        hinted = await self._redis.smembers(self._keys.by_email(email))
        spellings = dict.fromkeys((email, normalise(email)))
        lists = await asyncio.gather(
            *(self._gateway.students.with_email(spelling) for spelling in spellings),
            *(self._get(str(customer_id)) for customer_id in hinted),
        )
        found = {student.id: student for students in lists for student in students}
        return sorted(
            (s for s in found.values() if s.email and normalise(s.email) == normalise(email)),
            key=lambda student: (student.created, student.id),
            reverse=True,
        )

    async def forget(self, customer_id: str, email: str) -> None:
        """Note that the student does not have this address any more."""
        async with self._redis.pipeline(transaction=True) as pipe:
            pipe.srem(self._keys.by_email(email), customer_id)
            pipe.srem(self._keys.emails_of(customer_id), normalise(email))
            pipe.delete(self._keys.just_started(email))
            await pipe.execute()

    async def add(self, students: Sequence[Customer]) -> None:
        """Note the addresses of students who were read from a list."""
        async with self._redis.pipeline(transaction=False) as pipe:
            for student in students:
                if student.email:
                    self._put(pipe, student.id, student.email)
            await pipe.execute()

    async def note_read_to(self, newest: int) -> None:
        """Every customer made up to `newest` (unix seconds) has been added."""
        await self._redis.set(self._keys.read_to, newest)

    async def _catch_up(self) -> None:
        """Index the newest customers. Moves the mark only when all of them were read."""
        since = int(await self._redis.get(self._keys.read_to) or 0)
        newest, pages = since, 0
        async for page in self._gateway.bulk.newest_customers(since):
            if pages == PAGES_WHILE_WAITING:
                return
            await self.add(page)
            newest = max([newest, *(student.created for student in page)])
            pages += 1
        await self.note_read_to(newest)

    def _put(self, pipe: Pipeline, customer_id: str, email: str) -> None:
        pipe.sadd(self._keys.by_email(email), customer_id)
        pipe.sadd(self._keys.emails_of(customer_id), normalise(email))

    async def _get(self, customer_id: str) -> list[Customer]:
        try:
            return [await self._gateway.students.get(customer_id)]
        except UnknownCustomer:
            return []


async def forget_addresses(storage: Storage, customer_id: str) -> None:
    """Take a deleted student out of the index, under every address that it has for them."""
    keys = IndexKeys(storage)
    emails = await storage.redis.smembers(keys.emails_of(customer_id))
    async with storage.redis.pipeline(transaction=True) as pipe:
        for email in map(str, emails):
            pipe.srem(keys.by_email(email), customer_id)
            pipe.delete(keys.just_started(email))
        pipe.delete(keys.emails_of(customer_id))
        await pipe.execute()
