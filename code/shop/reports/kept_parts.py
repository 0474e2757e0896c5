"""Finished ranges of a report's lists, kept in the result store until the report is over.

A chunk is mostly read back by the process that put it, and soon after. So what was put is also at
hand, and the store is asked only for what another process put, or what there was no room for.
"""

from shop.reports.results import Results

AT_HAND = 2 * 1024 * 1024
"""Bytes of chunks at hand, of one list."""


class KeptParts:
    """The parts of one list of one report; see `shop.stripe_gateway.pager.parts`."""

    def __init__(self, results: Results, report_id: str, listing: str) -> None:
        self._results = results
        self._folder = f"{parts_of(report_id)}/{listing}"
        self._at_hand: dict[str, bytes] = {}

    async def names(self) -> list[str]:
        """Of every chunk that was put so far, in any order."""
        names = await self._results.names(self._folder)
        return [name.removeprefix(f"{self._folder}/") for name in names]

    async def put(self, chunk: str, body: bytes) -> None:
        """Keep a chunk."""
        await self._results.put(f"{self._folder}/{chunk}", body)
        if sum(map(len, self._at_hand.values())) + len(body) <= AT_HAND:
            self._at_hand[chunk] = body

    async def get(self, chunk: str) -> bytes:
        """A chunk that was put; it is at hand for the first time only."""
        if chunk in self._at_hand:
            return self._at_hand.pop(chunk)
        return await self._results.get(f"{self._folder}/{chunk}")


def parts_of(report_id: str) -> str:
    """The folder of everything that a report keeps while it is made."""
    return f"parts/{report_id}"
