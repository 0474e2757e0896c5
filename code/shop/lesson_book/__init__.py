"""The lesson book: students, their lessons and payments, kept in Redis for staff to look at.

Stripe can't list by the date of a lesson, nor find part of a name, so the shop keeps an index.
It is a hint: whoever moves money asks Stripe, and the book can be made again from Stripe's lists
at any time.

entries.py   what is written down of a student and of a payment
book.py      writing it into Redis, and reading it
"""
