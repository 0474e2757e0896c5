"""Finished ranges of a report's lists, kept in the result store until the report is over."""

import msgspec

from shop.reports.results import Results
from shop.stripe_gateway.pager.parts import Finished

_decode = msgspec.msgpack.Decoder(Finished).decode
_encode = msgspec.msgpack.Encoder().encode


class KeptParts:
    """The parts of one list of one report; see `shop.stripe_gateway.pager.parts`."""

    def __init__(self, results: Results, report_id: str, listing: str) -> None:
        self._results = results
        self._chunks = f"{parts_of(report_id)}/{listing}/chunks"
        self._records = f"{parts_of(report_id)}/{listing}/finished"

    async def finished(self) -> list[Finished]:
        """Every range that has ended so far, in any order."""
        names = await self._results.names(self._records)
        return [_decode(await self._results.get(name)) for name in names]

    async def put(self, chunk: str, body: bytes) -> None:
        """Keep a chunk."""
        await self._results.put(f"{self._chunks}/{chunk}", body)

    async def get(self, chunk: str) -> bytes:
        """A chunk that was put."""
        return await self._results.get(f"{self._chunks}/{chunk}")

    async def finish(self, part: Finished) -> None:
        """Keep the record of a range whose chunks are all put."""
        await self._results.put(f"{self._records}/{part.start}-{part.end}", _encode(part))


def parts_of(report_id: str) -> str:
    """The folder of everything that a report keeps while it is made."""
    return f"parts/{report_id}"
