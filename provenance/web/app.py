"""The application: routes, errors as one line, metrics and logs."""

from __future__ import annotations

import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from importlib.metadata import version

import orjson
from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import HTMLResponse, PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry, Counter, Histogram
from prometheus_client.exposition import generate_latest
from starlette.exceptions import HTTPException

from provenance.article import FetchError, IndexDamagedError, ProvenanceError
from provenance.report.html import render, style
from provenance.web import api, pages
from provenance.web.desk import Desk
from provenance.web.guard import Guard
from provenance.web.log import log
from provenance.web.source import LARGEST

_STATUS = {FetchError: 502, IndexDamagedError: 503}


def create_app(
    location: str, *, token: str = "", allow_private: bool = False, largest: int = LARGEST
) -> FastAPI:
    """The application on an index, which is made if it is missing.

    Args:
        location: Path of the index.
        token: Access token; without one only this machine's names are answered to.
        allow_private: Also fetch loopback, private and link-local addresses.
        largest: Most bytes of a request's body.

    Raises:
        IndexDamagedError: When the index cannot be used.
    """
    desk = Desk(location, allow_private=allow_private)

    @asynccontextmanager
    async def life(_app: FastAPI) -> AsyncIterator[None]:
        yield
        desk.close()

    app = FastAPI(
        title="provenance",
        version=version("provenance"),
        description="Who ran this news text, who changed it, who wrote it, and was credit given?",
        openapi_url="/api/v1/openapi.json",
        docs_url=None,
        redoc_url=None,
        lifespan=life,
    )
    app.state.desk, app.state.token = desk, token
    app.include_router(api.router)
    app.include_router(pages.router)
    _add_own(app)
    _add_errors(app)
    app.add_middleware(Guard, token=token, largest=largest)
    return app


def _add_own(app: FastAPI) -> None:
    """The server's own addresses, and the watch over all of them."""
    registry = CollectorRegistry()
    requests = Counter(
        "provenance_requests", "Requests answered.", ("route", "status"), registry=registry
    )
    seconds = Histogram(
        "provenance_request_seconds", "Seconds to an answer.", ("route",), registry=registry
    )

    @app.get("/healthz", include_in_schema=False)
    def health() -> dict[str, str]:
        len(app.state.desk.index)
        return {"status": "ok"}

    @app.get("/metrics", include_in_schema=False)
    def metrics() -> Response:
        return Response(generate_latest(registry), media_type=CONTENT_TYPE_LATEST)

    @app.get("/static/style.css", include_in_schema=False)
    def sheet() -> Response:
        return PlainTextResponse(style(), media_type="text/css")

    @app.middleware("http")
    async def watch(
        request: Request, call_next: Callable[[Request], Awaitable[Response]]
    ) -> Response:
        start, status = time.perf_counter(), 500
        try:
            response = await call_next(request)
            status = response.status_code
            return response
        finally:
            taken, route = time.perf_counter() - start, _route(request)
            requests.labels(route, str(status)).inc()
            seconds.labels(route).observe(taken)
            log("request", method=request.method, route=route, status=status, seconds=taken)


def _route(request: Request) -> str:
    """The route's pattern: an address as it came would make endless metrics and tell ids."""
    return getattr(request.scope.get("route"), "path", "other")


def _add_errors(app: FastAPI) -> None:
    def refuse(request: Request, status: int, reason: str) -> Response:
        if request.url.path.startswith("/api/"):
            return Response(orjson.dumps({"error": reason}), status, media_type="application/json")
        return HTMLResponse(render("error.html", pages.site(""), reason=reason), status)

    @app.exception_handler(ProvenanceError)
    def known(request: Request, error: ProvenanceError) -> Response:
        return refuse(request, _STATUS.get(type(error), 422), str(error))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        return refuse(request, error.status_code, str(error.detail))

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        told = (
            f"{'.'.join(str(part) for part in each['loc'])}: {each['msg']}"
            for each in error.errors()[:5]
        )
        return refuse(request, 422, f"not understood: {'; '.join(told)}")

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        log("error", route=_route(request), error=type(error).__name__)
        return refuse(request, 500, "something went wrong; the server's log says what")
