"""What of an account is kept: its tables, and everything beside them.

Not kept: what is in the middle of something (a history being made, a request being answered, a
delivery not made yet), what was counted, and how the network is told to behave.
"""

import zlib
from collections.abc import Iterator
from pathlib import Path

import msgspec

from sandbox.account import Account, AccountSettings
from sandbox.idempotency import Claim
from sandbox.snapshot import frames
from sandbox.snapshot.columns import columns_of, shared_by
from sandbox.snapshot.packing import Frame, Packer, Unpacker
from sandbox.timers import Timer
from sandbox.truth import Books, Truth

FORMAT = 1
"""Raised when a file written before can't be read any more although no record has changed."""


class Rest(msgspec.Struct):
    """What an account has beside its tables."""

    clock_offset: int
    seed: int
    last_ids: dict[str, str]
    """Decimal numbers, which are too large for msgpack's own."""

    stored: int
    settings: AccountSettings
    timers: list[Timer]
    books: Books
    idempotency: dict[str, Claim]


def save(account: Account, path: Path) -> None:
    """Write ``account`` to ``path``.

    Raises:
        OSError: there is no room, or no permission; an older file is left as it was.
    """
    frames.write(path, _version(account), _frames(account))


def load(account: Account, path: Path) -> None:
    """Fill ``account``, which is empty, with what was saved, and put its clock right.

    Raises:
        SnapshotError: there is nothing usable in ``path``; the message says why and what to do.
    """
    found = frames.read(path, _version(account))
    try:
        _restore(account, msgspec.msgpack.decode(next(found), type=Rest))
        unpacker = Unpacker(_classes(account))
        decoder = msgspec.msgpack.Decoder(Frame)
        for encoded in found:
            frame = decoder.decode(encoded)
            rows = unpacker.unpack(frame)
            if rows:
                account.table(frame.kind).fill(rows)
        account.balance.fill(account.balance_transactions.rows())
    except (StopIteration, KeyError, IndexError, msgspec.DecodeError) as error:
        raise frames.damaged(path, "it does not hold what it should") from error


def _frames(account: Account) -> Iterator[bytes]:
    encode = msgspec.msgpack.Encoder().encode
    yield encode(_rest(account))
    packer = Packer()
    for kind, table in account.tables().items():
        for frame in packer.pack(kind, table.cls, table.rows()):
            yield encode(frame)


def _rest(account: Account) -> Rest:
    return Rest(
        clock_offset=account.clock.offset,
        seed=account.ids.seed,
        last_ids={prefix: str(number) for prefix, number in account.ids.last.items()},
        stored=account.ids.stored,
        settings=account.settings,
        timers=list(account.timers.pending()),
        books=account.truth.books(),
        idempotency=account.idempotency.answered(),
    )


def _restore(account: Account, rest: Rest) -> None:
    account.clock.offset = rest.clock_offset
    account.ids.seed = rest.seed
    account.ids.last = {prefix: int(number) for prefix, number in rest.last_ids.items()}
    account.ids.stored = rest.stored
    account.settings = rest.settings
    account.timers.add(rest.timers)
    account.truth = Truth.of(rest.books)
    account.idempotency.restore(rest.idempotency)


def _classes(account: Account) -> dict[str, type[msgspec.Struct]]:
    return {kind: table.cls for kind, table in account.tables().items()}


def _version(account: Account) -> str:
    """Differs as soon as something that is written has other members."""
    beside = {"": Rest, "books": Books, "settings": AccountSettings}
    written = {**_classes(account), **shared_by(_classes(account)), **beside}
    members = {
        kind: [str(field) for field in columns_of(cls)]
        for kind, cls in written.items()
        if cls is not dict
    }
    return f"{FORMAT}-{zlib.crc32(repr(sorted(members.items())).encode()):08x}"
