"""The lesson book: students, their lessons and payments, kept in Redis for staff to look at.

Stripe can't list by the date of a lesson, nor find part of a name, so the shop keeps an index.
It is a hint: whoever moves money asks Stripe, and the book can be made again from Stripe's lists
at any time.

entries.py      what is written down of a student and of a payment; pure
words.py        the words under which a student is found; pure
places.py       under what a payment is looked up; pure
keys.py         where in Redis the book is
scripts.py      what Redis does in one go
book.py         writing entries down, and reading them
diary.py        what staff see to today and next; pure
today.py        the diary as it stands at this moment
refreshing.py   reading one payment or student from Stripe, and writing it down
rebuilding.py   making the book again from Stripe's lists
upkeep.py       striking out, trimming, and noting how far the book was read
timeline.py     what happened to one student; pure
student_history.py   the same, read from Stripe
"""
