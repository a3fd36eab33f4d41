"""Connections that only go to public addresses, and that a deadline can cut.

A name is resolved once and the connection goes to the very address that was checked, so a second
answer of the name server (DNS rebinding) cannot lead elsewhere. The number forms of an address
(decimal, octal, IPv4 inside IPv6) end up at the same check, since it looks at what was resolved.
"""

from __future__ import annotations

import socket
from collections.abc import Callable
from ipaddress import IPv4Address, IPv6Address, IPv6Network, ip_address, ip_network
from typing import Any

from requests.adapters import HTTPAdapter
from urllib3 import HTTPConnectionPool, HTTPSConnectionPool, PoolManager
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.exceptions import NameResolutionError

NAT64 = IPv6Network("64:ff9b::/96")
NOT_PUBLIC = tuple(map(ip_network, (
    "192.0.0.0/24", "192.88.99.0/24", "168.63.129.16/32",
    "::/96", "64:ff9b:1::/48", "100::/64", "2001:20::/28", "3fff::/20", "5f00::/16", "fec0::/10",
)))  # fmt: skip
"""What Python's `is_global` lets pass and no page is served from: reserved by IANA's registries of
special-purpose addresses, or where clouds keep their metadata (192.0.0.192, 168.63.129.16)."""


class PrivateAddressError(OSError):
    """A host whose addresses are all loopback, private, link-local or reserved."""


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the public internet."""
    found = ip_address(address.partition("%")[0])
    if isinstance(found, IPv6Address):
        found = _inner_address(found)
    reserved = any(found in network for network in NOT_PUBLIC)
    return found.is_global and not found.is_multicast and not reserved


def _inner_address(found: IPv6Address) -> IPv4Address | IPv6Address:
    """The IPv4 address that an IPv6 address stands for, or the address itself."""
    if found in NAT64:
        return IPv4Address(int(found) & 0xFFFFFFFF)
    teredo = found.teredo[1] if found.teredo else None
    return found.ipv4_mapped or found.sixtofour or teredo or found


class GuardedAdapter(HTTPAdapter):
    """Connects to public addresses only (unless told otherwise) and can hang up on demand."""

    def __init__(self, *, allow_private: bool) -> None:
        self._allow_private = allow_private
        self._open: list[socket.socket] = []
        self._cut = False
        super().__init__()

    def hang_up(self) -> None:
        """Cut every open connection and make no more; whoever waits on one gets an error."""
        self._cut = True
        for one in self._open:
            try:
                one.shutdown(socket.SHUT_RDWR)
            except OSError:
                continue

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        """Use connections that ask `_connect` for their sockets."""
        super().init_poolmanager(*args, **kwargs)
        manager: PoolManager = self.poolmanager
        manager.pool_classes_by_scheme = {
            "http": _pool(HTTPConnectionPool, HTTPConnection, self._connect),
            "https": _pool(HTTPSConnectionPool, HTTPSConnection, self._connect),
        }

    def _connect(
        self, connection: HTTPConnection, connect: Callable[[], socket.socket]
    ) -> socket.socket:
        if self._cut:
            raise ConnectionAbortedError("hung up")
        name = connection.host
        try:
            found = socket.getaddrinfo(name, connection.port, type=socket.SOCK_STREAM)
        except (socket.gaierror, UnicodeError) as error:
            raise NameResolutionError(name, connection, error) from error  # type: ignore[arg-type]
        addresses = [str(entry[4][0]) for entry in found]
        allowed = [one for one in addresses if self._allow_private or is_public(one)]
        if not allowed:
            raise PrivateAddressError(f"{name} is {addresses[0]}")
        connection.host = allowed[0]
        try:
            made = connect()
        finally:
            connection.host = name
        self._open.append(made)
        return made


def _pool(pool: type, connection: type, guard: Callable[..., socket.socket]) -> type:
    """A connection pool class whose connections get their sockets through `guard`."""

    def new_socket(self: HTTPConnection) -> socket.socket:
        return guard(self, lambda: connection._new_conn(self))  # type: ignore[attr-defined]

    guarded = type("GuardedConnection", (connection,), {"_new_conn": new_socket})
    return type("GuardedPool", (pool,), {"ConnectionCls": guarded})
