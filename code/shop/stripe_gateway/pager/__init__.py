"""Reading a whole list of Stripe at Stripe's own speed limit, and proving that nothing is missing.

plan.py      which range of time is read next, and where a range is cut in two; pure
walk.py      sends the requests, keeps what was read, hands the rows on in Stripe's order
parts.py     what is kept of finished ranges, where another process finds it after a crash
"""
