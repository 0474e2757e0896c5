"""What the shop itself keeps of a student, removed once Stripe has deleted them.

Reports and their files stay until they expire, and payments stay without description and card: a
dispute may still come. docs/personal-data.md says where everything is.
"""

import asyncio
import logging

from shop.answer_store import AnswerStore
from shop.deleted_students import DeletedStudents
from shop.lesson_book.book import LessonBook
from shop.mail.folder import MailFolder
from shop.storage import Storage
from shop.student_index import forget_addresses

log = logging.getLogger(__name__)


async def forget_student(storage: Storage, letters: MailFolder, customer_id: str) -> None:
    """Remove it. The id is noted first, so what is written meanwhile is without details as well.

    Doing it twice changes nothing.

    Raises:
        RedisError: Redis is away; it can be done later.
    """
    await DeletedStudents(storage).note([customer_id])
    await forget_addresses(storage, customer_id)
    await LessonBook(storage).forget_students([customer_id])
    await AnswerStore(storage).bury(customer_id)
    try:
        gone = await asyncio.to_thread(letters.remove_of, customer_id)
    except OSError as error:
        log.warning("letters to %s could not be removed: %s", customer_id, error.strerror)
    else:
        log.info("%s was forgotten, with %d kept letters", customer_id, gone)
