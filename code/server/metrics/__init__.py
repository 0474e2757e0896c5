"""What `/metrics` shows.

files.py     where the web processes of a machine write their figures, for any of them to read
requests.py  what each web process counts: its requests
shared.py    what all processes count in Redis, the queues and the budget, as Prometheus reads it
"""
