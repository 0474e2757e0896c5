"""A generated history: students, and payments in every state a real account shows.

Everything is done by the same actions as the API's, at a clock held at the time each thing
happens, so no state exists that the API itself could not have produced.
"""

from sandbox.history.generator import History, generate, generating
from sandbox.history.shapes import Shape

__all__ = ["History", "Shape", "generate", "generating"]
