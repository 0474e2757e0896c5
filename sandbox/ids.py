"""Ids that look like Stripe's and are the same for the same seed.

A counter is scrambled by a multiplication that permutes the numbers below 62**14, so ids look
random, never repeat and need no memory of those already given.
"""

import base64
import hashlib
import random
import zlib

ALPHABET = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz"
PAIRS = [first + second for first in ALPHABET for second in ALPHABET]
SPACE = 62**14
STEP = 7_306_491_205_648_325_147_693_071
"""Shares no factor with 62, so ``n * STEP`` visits every number below ``SPACE`` once."""

ACCOUNT = "SbxIpsum62"
"""Stripe's ids carry a part that is the same for all objects of an account."""

SHORT = frozenset({"cus", "req"})
"""Prefixes followed by fourteen characters only."""

PAYMENTS = frozenset({"pi", "ch", "re", "txn"})
"""Prefixes whose ids start with a 3; the others start with a 1."""


class Ids:
    """Makes the next id of any kind; each prefix counts for itself.

    Attributes:
        seed: where the counters begin.
        last: the number each prefix has come to.
        stored: how many records were numbered.
    """

    def __init__(self, seed: int = 1) -> None:
        self.seed = seed
        self.last: dict[str, int] = {}
        self.stored = 0

    def reseed(self, seed: int) -> None:
        """Go on from where the counters of ``seed`` begin, so that what follows differs by seed.

        Of 10**25 ids it could hit one given before, but not in anybody's lifetime.
        """
        self.seed = seed
        self.last.clear()

    def next_seq(self) -> int:
        """The number of the next record, which orders those of one second."""
        self.stored += 1
        return self.stored

    def new(self, prefix: str, *, of_payment: bool = True) -> str:
        """A fresh id such as ``pi_3Mt…`` for the prefix ``pi``.

        ``of_payment`` is false for a balance transaction that belongs to none: its id starts
        with a 1 and counts apart, so that payments have the same ids whatever else happens.
        """
        counter = prefix if of_payment else f"{prefix}_1"
        last = self.last.get(counter)
        if last is None:
            last = random.Random(f"{counter} {self.seed}").randrange(SPACE)
        number = self.last[counter] = (last + STEP) % SPACE
        text = base62(number)
        if prefix in SHORT:
            return f"{prefix}_{text}"
        generation = "3" if of_payment and prefix in PAYMENTS else "1"
        return f"{prefix}_{generation}{text[:6]}{ACCOUNT}{text[6:]}"


def base62(number: int) -> str:
    """``number`` (below 62**14) as fourteen letters and digits."""
    high, low = divmod(number, 62**8)
    a, rest = divmod(high, 62**4)
    b, c = divmod(rest, 62**2)
    upper, lower = divmod(low, 62**4)
    d, e = divmod(upper, 62**2)
    f, g = divmod(lower, 62**2)
    return PAIRS[a] + PAIRS[b] + PAIRS[c] + PAIRS[d] + PAIRS[e] + PAIRS[f] + PAIRS[g]


def derived(id: str, salt: str = "") -> int:
    """A number below 2**32 that belongs to ``id``: for values that need no memory of their own."""
    return zlib.crc32(f"{salt}{id}".encode())


def derived_text(id: str, salt: str, length: int) -> str:
    """Up to 64 letters and digits that belong to ``id``, always the same ones."""
    digest = hashlib.blake2b(f"{salt}{id}".encode(), digest_size=48).digest()
    return base64.b64encode(digest, altchars=b"Sx")[:length].decode()


def client_secret(id: str) -> str:
    """The client secret of an intent."""
    return f"{id}_secret_{derived_text(id, 'secret', 25)}"
