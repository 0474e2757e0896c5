"""A generated history: students, and payments in every state a real account shows.

Everything is done by the same actions as the API's, at a clock held at the time each thing
happens, so no state exists that the API itself could not have produced.
"""

from sandbox.history.generator import History, generate

__all__ = ["History", "generate"]
