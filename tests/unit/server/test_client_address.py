"""From which address a request comes, and who can make us believe another one."""

from ipaddress import ip_network

import pytest

from server.access.client_address import beyond_proxies, caller_network

OURS = (ip_network("10.0.0.0/8"), ip_network("fd00::/8"), ip_network("127.0.0.1"))


@pytest.mark.parametrize(
    ("peer", "forwarded", "address"),
    [
        ("203.0.113.9", "", "203.0.113.9"),
        ("203.0.113.9", "198.51.100.1", "203.0.113.9"),  # a stranger may write what it likes
        ("10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "192.0.2.66, 198.51.100.1", "198.51.100.1"),  # the left one is made up
        ("10.0.0.1", "192.0.2.66, 198.51.100.1, 10.9.9.9", "198.51.100.1"),  # two of our proxies
        ("10.0.0.1", "10.1.1.1, 10.2.2.2", "10.1.1.1"),  # asked from within
        ("10.0.0.1", "", "10.0.0.1"),
        ("10.0.0.1", "unknown", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, <script>", "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1, 10.9.9.9, ", "10.0.0.1"),
        ("10.0.0.1", "x" * 100_000 + ", 198.51.100.1", "198.51.100.1"),
        ("10.0.0.1", "1" * 100_000, "10.0.0.1"),
        ("10.0.0.1", "198.51.100.1:4711", "198.51.100.1"),
        ("10.0.0.1", "[2001:db8::7]:4711", "2001:db8::7"),
        ("fd00::1", "2001:db8::7", "2001:db8::7"),
        ("fd00::1", "::ffff:198.51.100.1", "198.51.100.1"),
        ("::ffff:10.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("127.0.0.1", "198.51.100.1", "198.51.100.1"),
        ("", "198.51.100.1", ""),  # a socket of this machine
    ],
)
def test_only_our_own_proxies_are_believed(peer: str, forwarded: str, address: str):
    """The nearest address that is none of theirs, counted from the right."""
    assert beyond_proxies(peer, forwarded, OURS) == address


@pytest.mark.parametrize(
    ("address", "network"),
    [
        ("198.51.100.1", "198.51.100.1"),
        ("2001:db8:0:1:a:b:c:d", "2001:db8:0:1::/64"),
        ("2001:db8:0:1::ffff", "2001:db8:0:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("", ""),
    ],
)
def test_a_whole_network_of_ipv6_is_one_caller(address: str, network: str):
    """Each customer of a provider has 2**64 addresses to try from."""
    assert caller_network(address) == network
