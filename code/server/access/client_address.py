"""From which address a request comes.

The peer of the connection, unless it is a proxy that the setting TRUSTED_PROXIES names. A proxy
adds the address that it was asked from to the right of `X-Forwarded-For`; what stands to the left
of the first stranger was written by that stranger, and proves nothing.

Whether somebody came by TLS is never taken from a header: DOMAIN says what the shop is reached by.
"""

from collections.abc import Iterable
from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address, ip_network

from aiohttp import web

from server.keys import SETTINGS

Network = IPv4Network | IPv6Network

HEADER = "X-Forwarded-For"

MOST_READ = 500
"""Characters of the header, counted from the right; proxies of ours write a few addresses."""

ONE_CALLER = 64
"""Bits of an IPv6 address that its network gives out; the rest is the caller's to choose."""


def client_address(request: web.Request) -> str:
    """The address; "" where there is none, as on a socket of this machine."""
    trusted = request.app[SETTINGS].trusted_proxies
    peer = request.remote or ""
    if not trusted:
        return peer
    return beyond_proxies(peer, ",".join(request.headers.getall(HEADER, ())), trusted)


def caller(request: web.Request) -> str:
    """Whom a request counts for where requests are counted."""
    return caller_network(client_address(request))


def beyond_proxies(peer: str, forwarded: str, trusted: Iterable[Network]) -> str:
    """The nearest address that is none of our proxies'.

    Args:
        forwarded: the header's text. What is no address ends it: the proxy that passed it on
            counts as the caller.
    """
    networks = tuple(trusted)
    nearest = peer
    for text in reversed(forwarded[-MOST_READ:].split(",")):
        if not _is_one_of(nearest, networks):
            break
        before = _address(text)
        if before is None:
            break
        nearest = str(before)
    return nearest


def caller_network(address: str) -> str:
    """What counts as one caller: an IPv4 address, or the network of an IPv6 address."""
    known = _address(address)
    if isinstance(known, IPv6Address):
        return str(ip_network((known, ONE_CALLER), strict=False))
    return str(known) if known else address


def _is_one_of(address: str, networks: tuple[Network, ...]) -> bool:
    known = _address(address)
    return known is not None and any(known in network for network in networks)


def _address(text: str) -> IPv4Address | IPv6Address | None:
    """The address, also with a port; an IPv4 address in an IPv6 one is the IPv4 one."""
    bare = text.strip()
    if bare.startswith("["):
        bare = bare[1:].partition("]")[0]
    elif bare.count(":") == 1:
        bare = bare.partition(":")[0]
    try:
        address = ip_address(bare.partition("%")[0])
    except ValueError:
        return None
    return getattr(address, "ipv4_mapped", None) or address
