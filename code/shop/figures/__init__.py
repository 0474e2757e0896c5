"""What is counted over all processes of all machines, kept in Redis: one hash of whole numbers.

table.py     every figure, with its labels
fields.py    from a figure to fields of the hash and back; pure
counting.py  gathers a process's counts and adds them to the hash every few seconds

The web process shows them on `/metrics`, beside its own (`server.metrics`).
"""
