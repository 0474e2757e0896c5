"""Names, addresses and cards of the students."""

import random
from collections.abc import Sequence

from sandbox.cards import BY_NUMBER, Card

_FIRST = (
    "Ada Aisha Alma Amara Anders Anna Arjun Bea Bruno Carla Chidi Clara Daniel Dara Elena "
    "Elif Emeka Emil Esther Farid Fatima Felix Fiona Freya Gael Grace Hana Hassan Hugo Ida "
    "Imani Ines Isaac Ivan Jada Jonas June Kai Kenji Kofi Lars Laila Leo Lena Lucia Luis Maja "
    "Malik Mara Marco Mei Milan Mina Nadia Nia Nils Noor Olga Omar Otto Paula Pedro Priya "
    "Quinn Rania Rosa Ruben Sami Sara Sofia Stefan Talia Tariq Theo Tomas Uma Vera Viktor "
    "Wanda Wei Xenia Yara Yusuf Zane Zoe"
)
FIRST_NAMES = _FIRST.split()

_LAST = (
    "Abbas Adeyemi Ahmed Alvarez Andersen Baker Banerjee Becker Bell Berg Bianchi Brandt "
    "Brooks Carter Castro Chen Cohen Costa Cruz Dahl Diaz Dubois Eriksen Evans Farah Fischer "
    "Flores Foster Garcia Gomez Grant Green Gupta Haas Hansen Harper Hayes Holm Hughes "
    "Ibrahim Ito Jansen Jensen Kamau Kaur Keller Khan Kim Klein Kowalski Larsen Lee Lopez "
    "Mbeki Mendes Meyer Moreau Morgan Murphy Nakamura Ndiaye Nguyen Novak Okafor Olsen Ortiz "
    "Park Patel Perez Price Ramos Reyes Rossi Santos Sato Schmidt Shah Silva Singh Stone "
    "Suzuki Tanaka Torres Vega Weber White Wolf Wong Young Zhang"
)
LAST_NAMES = _LAST.split()

DOMAINS = ("example.com", "example.com", "example.org", "example.net")

ZIP_CODES = ("10003", "11215", "19103", "20009", "30307", "55408", "60614", "78704", "94110")

ORDINARY_CARDS: Sequence[tuple[Card, float]] = (
    (BY_NUMBER["4242424242424242"], 0.42),
    (BY_NUMBER["4000056655665556"], 0.14),
    (BY_NUMBER["5555555555554444"], 0.24),
    (BY_NUMBER["5200828282828210"], 0.06),
    (BY_NUMBER["378282246310005"], 0.08),
    (BY_NUMBER["6011111111111117"], 0.06),
)

REMARKABLE_CARDS: Sequence[tuple[Card, float]] = (
    (BY_NUMBER["4000000000000341"], 0.045),
    (BY_NUMBER["4000002760003184"], 0.012),
    (BY_NUMBER["4000008260003178"], 0.006),
    (BY_NUMBER["4000000000000259"], 0.006),
    (BY_NUMBER["4000000000001976"], 0.002),
    (BY_NUMBER["4000000000007726"], 0.004),
    (BY_NUMBER["4000000000005126"], 0.004),
    (BY_NUMBER["4000002500003155"], 0.01),
)
"""Cards that fail, want authentication or cause trouble later, and how many students have one."""


class Names:
    """Gives each student a name and an e-mail address nobody else has."""

    def __init__(self, rng: random.Random) -> None:
        self._rng = rng
        self._used: dict[str, int] = {}

    def next(self) -> tuple[str, str]:
        """A name and a lower-case address on a domain reserved for examples."""
        first, last = self._rng.choice(FIRST_NAMES), self._rng.choice(LAST_NAMES)
        mailbox = f"{first}.{last}".lower()
        count = self._used[mailbox] = self._used.get(mailbox, 0) + 1
        number = "" if count == 1 else str(count)
        return f"{first} {last}", f"{mailbox}{number}@{self._rng.choice(DOMAINS)}"


def pick(rng: random.Random, choices: Sequence[tuple[Card, float]]) -> Card | None:
    """A card by its share, or ``None`` if the shares leave room and the draw falls there."""
    draw = rng.random()
    for card, share in choices:
        draw -= share
        if draw < 0:
            return card
    return None


def ordinary_card(rng: random.Random) -> Card:
    """A card without surprises."""
    return pick(rng, ORDINARY_CARDS) or ORDINARY_CARDS[0][0]
