"""What the shop does about Stripe's events: one module per concern, and a table.

signups.py     a card was confirmed: the student is complete and gets a welcome
payments.py    a hold was placed, captured, released, refused, or has lapsed
refunds.py     money goes back, or came back
disputes.py    a payment is contested
students.py    a student was changed or deleted
letters.py     the letters about all these
desk.py        what handlers work with
table.py       from an event's type to its handler

An event is a hint: it may come late, twice or out of order, so every handler fetches the object
again and acts on what Stripe says now (https://docs.stripe.com/webhooks#best-practices). Handlers
may be run any number of times. A letter is the last thing a handler does, so that a mail server
which is away delays nothing else.
"""
