"""Where in Redis the book is.

students, payments    hashes: id → entry
read-students,        ids by the millisecond at which Stripe was asked
read-payments
lessons               customer ids by the moment of their lesson
words, words-of       what students are found by: every word with its id, and each student's words
holds                 ids of open holds by the moment they lapse
failed                ids of payments that failed or want confirmation, by when they were made
troubled              ids of payments that somebody may have to see to, by when they were made
over                  ids of all payments by when they last changed; of those that still may: never
payments-of:…         ids of a student's payments by when they were made
compared-at, read-to  when the book was last compared with all of Stripe, and up to when it was read
comparing             there since a comparison began: gone, like all else, if Redis is emptied
"""

from shop.deleted_students import deleted_students_key
from shop.storage import Storage


class BookKeys:
    """The keys of one account's book."""

    def __init__(self, storage: Storage) -> None:
        def key(name: str) -> str:
            return storage.key("lesson-book", name)

        self.students = key("students")
        self.read_students = key("read-students")
        self.lessons = key("lessons")
        self.words = key("words")
        self.words_of = key("words-of")
        self.payments = key("payments")
        self.read_payments = key("read-payments")
        self.holds = key("holds")
        self.failed = key("failed")
        self.troubled = key("troubled")
        self.over = key("over")
        self.compared_at = key("compared-at")
        self.read_to = key("read-to")
        self.comparing = key("comparing")
        self.deleted_students = deleted_students_key(storage)
        self._payments_of = key("payments-of")

    def payments_of(self, customer_id: str) -> str:
        """The key of one student's payments."""
        return f"{self._payments_of}:{customer_id}"

    @property
    def of_students(self) -> list[str]:
        """Those that the scripts about students take, in their order."""
        return [self.students, self.read_students, self.lessons, self.words, self.words_of]

    @property
    def of_payments(self) -> list[str]:
        """Those that the scripts about payments take, in their order."""
        return [
            self.payments,
            self.read_payments,
            self.holds,
            self.failed,
            self.troubled,
            self.over,
        ]
