"""The application: routes, errors as one line."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from importlib.metadata import version

from fastapi import FastAPI, Request, Response
from fastapi.exceptions import RequestValidationError
from fastapi.responses import PlainTextResponse
from prometheus_client import CONTENT_TYPE_LATEST, CollectorRegistry
from prometheus_client.exposition import generate_latest
from starlette.exceptions import HTTPException
from starlette.routing import Match
from starlette.types import Scope

from provenance.article import FetchError, IndexDamagedError, ProvenanceError
from provenance.report.html import style
from provenance.web import api, pages
from provenance.web.desk import Desk
from provenance.web.guard import Guard
from provenance.web.log import log
from provenance.web.misread import MOST, in_words
from provenance.web.site import refusal
from provenance.web.source import LARGEST
from provenance.web.watch import Watch, route_of
from provenance.web.work import BusyError

_STATUS = {FetchError: 502, IndexDamagedError: 503, BusyError: 429}


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
    registry = CollectorRegistry()
    _add_own(app, registry)
    _add_errors(app)
    app.add_middleware(Guard, token=token, largest=largest)
    app.add_middleware(Watch, registry=registry)
    return app


def _add_own(app: FastAPI, registry: CollectorRegistry) -> None:
    """The server's own addresses."""

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


def _allowed(app: FastAPI, scope: Scope) -> str:
    """The methods of all routes of an address; each route by itself knows only its own."""
    known = (*api.router.routes, *pages.router.routes, *app.routes)
    routes = (route for route in known if route.matches(scope)[0] is not Match.NONE)
    return ", ".join(sorted({name for route in routes for name in getattr(route, "methods", ())}))


def _add_errors(app: FastAPI) -> None:
    @app.exception_handler(ProvenanceError)
    def known(request: Request, error: ProvenanceError) -> Response:
        status = next((code for kind, code in _STATUS.items() if isinstance(error, kind)), 422)
        return refusal(request.url.path, status, str(error))

    @app.exception_handler(HTTPException)
    def http(request: Request, error: HTTPException) -> Response:
        reason, headers = str(error.detail), None
        if error.status_code == 405:
            allowed = _allowed(app, request.scope)
            reason, headers = f"not with {request.method}; use {allowed}", {"allow": allowed}
        elif reason == "Not Found":
            reason = "there is nothing at this address"
        elif error.status_code == 400:
            reason = "the body cannot be read; give JSON, not too deeply nested"
        return refusal(request.url.path, error.status_code, reason, headers)

    @app.exception_handler(RequestValidationError)
    def invalid(request: Request, error: RequestValidationError) -> Response:
        told = "; ".join(map(in_words, error.errors()[:MOST]))
        return refusal(request.url.path, 422, f"not understood: {told}")

    @app.exception_handler(Exception)
    def unexpected(request: Request, error: Exception) -> Response:
        log("error", route=route_of(request.scope), error=type(error).__name__)
        return refusal(request.url.path, 500, "something went wrong; the server's log says what")
