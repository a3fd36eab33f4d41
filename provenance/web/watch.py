"""The watch over every request, also those that are refused: metrics and a line of the log."""

from __future__ import annotations

import time

from prometheus_client import CollectorRegistry, Counter, Histogram
from starlette.types import ASGIApp, Message, Receive, Scope, Send

from provenance.web.log import log


class Watch:
    """ASGI middleware that counts and times requests by route and status.

    Args:
        app: The application.
        registry: Where the metrics are kept.
    """

    def __init__(self, app: ASGIApp, *, registry: CollectorRegistry) -> None:
        self.app = app
        self.requests = Counter(
            "provenance_requests", "Requests answered.", ("route", "status"), registry=registry
        )
        self.seconds = Histogram(
            "provenance_request_seconds", "Seconds to an answer.", ("route",), registry=registry
        )

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        """Serve one request."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start, status = time.perf_counter(), 500

        async def noted(message: Message) -> None:
            nonlocal status
            if message["type"] == "http.response.start":
                status = message["status"]
            await send(message)

        try:
            await self.app(scope, receive, noted)
        finally:
            taken, route = time.perf_counter() - start, route_of(scope)
            self.requests.labels(route, str(status)).inc()
            self.seconds.labels(route).observe(taken)
            log("request", method=scope["method"], route=route, status=status, seconds=taken)


def route_of(scope: Scope) -> str:
    """The route's pattern: an address as it came would make endless metrics and tell ids."""
    return getattr(scope.get("route"), "path", "other")
