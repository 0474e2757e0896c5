"""The network as it is: how long answers take, how many are given, and how some of them fail.

What is decided here is decided without I/O, in the order requests arrive and from a seed, so the
same requests meet the same luck again: `latency`, `limits` and `faults`; `traffic` only counts.
`middleware` puts them around the API, and `wire` does to a connection what a fault says.
"""

import asyncio
from dataclasses import dataclass, field

from aiohttp import web

from sandbox.network.faults import Faults, Kind
from sandbox.network.latency import NONE, Latency
from sandbox.network.limits import Limiter
from sandbox.network.traffic import Traffic

FAULT = web.RequestKey("fault", Kind)
"""What is to go wrong with a request, if anything."""


@dataclass
class Network:
    """The network between one sandbox and whoever calls it.

    ``silence`` is how long a request that times out is left without an answer, ``trickle`` how
    long a slow body takes, both in seconds. ``closing`` is set when the server stops, so that no
    connection that is held open delays it.
    """

    latency: Latency = field(default_factory=lambda: Latency(NONE))
    limiter: Limiter = field(default_factory=Limiter)
    faults: Faults = field(default_factory=Faults)
    traffic: Traffic = field(default_factory=Traffic)
    silence: float = 90.0
    trickle: float = 3.0
    closing: asyncio.Event = field(default_factory=asyncio.Event)

    def calm(self) -> None:
        """End limits and faults and count from zero; the latency stays as it was set."""
        self.limiter = Limiter()
        self.faults = Faults()
        self.traffic.reset()
