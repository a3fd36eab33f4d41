"""What stands between the network and the pages: tokens, origins, hosts, sizes, rates, headers."""

from __future__ import annotations

import hmac
import ipaddress
import time
from collections import OrderedDict
from dataclasses import dataclass, field
from urllib.parse import urlsplit

from fastapi import HTTPException
from starlette.datastructures import Headers, MutableHeaders
from starlette.requests import cookie_parser
from starlette.responses import RedirectResponse, Response
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from provenance.web.site import refusal

COOKIE = "provenance_token"
OPEN = ("/healthz", "/login", "/static/style.css")
RATE, BURST = 20.0, 100.0
"""Requests a second and at once for each client that is not on this machine."""
_CLIENTS = 10_000
_TOO_LARGE = "the body is too large"
_HEADERS = {
    "content-security-policy": (
        "default-src 'none'; style-src 'self'; form-action 'self'; base-uri 'none'; "
        "frame-ancestors 'none'"
    ),
    "x-content-type-options": "nosniff",
    # Not no-referrer: with it a browser hides the origin of the site's own forms as well.
    "referrer-policy": "same-origin",
    "cross-origin-opener-policy": "same-origin",
    "cross-origin-resource-policy": "same-origin",
    "cache-control": "no-store",
}


def is_local(host: str) -> bool:
    """Whether a host name or address is this machine only."""
    if host.lower() == "localhost":
        return True
    try:
        return ipaddress.ip_address(host.strip("[]")).is_loopback
    except ValueError:
        return False


@dataclass(slots=True)
class _Buckets:
    """Token buckets by client, the oldest forgotten."""

    tokens: OrderedDict[str, tuple[float, float]] = field(default_factory=OrderedDict)

    def admits(self, client: str) -> bool:
        now = time.monotonic()
        left, since = self.tokens.pop(client, (BURST, now))
        left = min(BURST, left + (now - since) * RATE)
        self.tokens[client] = (max(0.0, left - 1), now)
        if len(self.tokens) > _CLIENTS:
            self.tokens.popitem(last=False)
        return left >= 1


class Guard:
    """ASGI middleware that refuses what must not come in, and sets the headers of what goes out.

    Args:
        app: The application.
        token: Access token, or empty when the server is for this machine only.
        largest: Most bytes of a body.
    """

    def __init__(self, app: ASGIApp, *, token: str, largest: int) -> None:
        self.app = app
        self.token = token
        self.largest = largest
        self.buckets = _Buckets()

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        seen = 0

        async def guarded(message: Message) -> None:
            if message["type"] == "http.response.start":
                if seen > self.largest:
                    # A reader of the body may have turned our refusal into one of its own.
                    message["status"] = 413
                headers = MutableHeaders(scope=message)
                for name, value in _HEADERS.items():
                    headers[name] = value
            await send(message)

        refused = self._refusal(scope)
        if refused:
            await refused(scope, receive, guarded)
            return

        async def limited() -> Message:
            nonlocal seen
            message = await receive()
            seen += len(message.get("body", b""))
            if seen > self.largest:
                raise HTTPException(413, _TOO_LARGE)
            return message

        await self.app(scope, limited, guarded)

    def _refusal(self, scope: Scope) -> Response | None:
        path: str = scope["path"]
        headers = Headers(scope=scope)
        client = scope["client"][0] if scope.get("client") else ""
        if not is_local(client) and not self.buckets.admits(client):
            return refusal(path, 429, "too many requests; wait a moment")
        if not self.token and not is_local(_host(headers.get("host", ""))):
            # A foreign name that resolves to this machine: DNS rebinding.
            return refusal(path, 421, "this server answers to local names only")
        length = headers.get("content-length", "0")
        if not length.isdecimal() or int(length) > self.largest:
            return refusal(path, 413, _TOO_LARGE)
        if scope["method"] not in ("GET", "HEAD") and not _same_origin(headers):
            return refusal(path, 403, "the request comes from another site")
        if self.token and path not in OPEN and not self._known(headers):
            if "text/html" in headers.get("accept", ""):
                return RedirectResponse("/login", 303)
            return refusal(path, 401, "an access token is needed")
        return None

    def _known(self, headers: Headers) -> bool:
        scheme, _, given = headers.get("authorization", "").partition(" ")
        if scheme.lower() != "bearer":
            given = cookie_parser(headers.get("cookie", "")).get(COOKIE, "")
        return same(given.strip(), self.token)


def same(given: str, token: str) -> bool:
    """Whether two secrets are one, in time that does not tell how much of them is."""
    return hmac.compare_digest(given.encode(), token.encode())


def _host(header: str) -> str:
    try:
        return urlsplit(f"//{header}").hostname or ""
    except ValueError:
        return ""


def _same_origin(headers: Headers) -> bool:
    """A browser says where a request comes from; what says nothing is no browser."""
    if headers.get("sec-fetch-site", "same-origin") not in ("same-origin", "none"):
        return False
    origin = headers.get("origin")
    return origin is None or origin.partition("://")[2] == headers.get("host")
