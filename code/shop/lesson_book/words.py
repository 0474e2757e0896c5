"""The words under which a student is found. Pure.

Letter case and accents do not count: `Zoe` finds "Zoë", `soren` finds "Søren".
"""

import unicodedata

from shop.lesson_book.entries import StudentEntry

WITHOUT_A_BASE = str.maketrans(
    {
        "ø": "o",
        "đ": "d",
        "ð": "d",
        "ł": "l",
        "ħ": "h",
        "\u0131": "i",
        "æ": "ae",
        "œ": "oe",
        "þ": "th",
    }
)
"""Letters that Unicode does not take apart into a base and its mark."""

SILENT = str.maketrans("", "", "'`\u2018\u2019\u00b4\0")
"""What people type or leave out: `obrien` finds "O'Brien"."""

MOST_WORDS = 8
"""Words of a question that are looked at."""


def words_of(student: StudentEntry) -> list[str]:
    """Every word of the name, its parts between hyphens too, the e-mail address and the id."""
    name = _folded(student.name or "").split()
    parts = [part for word in name for part in word.split("-")]
    address = _folded(student.email or "").split()
    return sorted({word for word in (*name, *parts, *address, student.id) if word})


def asked(question: str) -> list[str]:
    """The beginnings of words that somebody looks for; an id keeps its letter case."""
    words = (
        wanted
        for word in question.split()
        for wanted in ([word] if word.startswith("cus_") else _folded(word).split())
    )
    return list(dict.fromkeys(words))[:MOST_WORDS]


def _folded(text: str) -> str:
    apart = unicodedata.normalize("NFKD", unicodedata.normalize("NFKD", text).casefold())
    bare = "".join(letter for letter in apart if not unicodedata.combining(letter))
    return bare.translate(SILENT).translate(WITHOUT_A_BASE)
