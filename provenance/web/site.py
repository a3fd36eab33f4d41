"""The site around every page, and how it says that something is refused."""

from __future__ import annotations

from collections.abc import Mapping

import orjson
from starlette.responses import HTMLResponse, Response

from provenance.report.html import Site, render

PAGES = (
    ("/", "Check"),
    ("/clusters", "Stories"),
    ("/outlets", "Outlets"),
    ("/audit", "Audit"),
    ("/status", "Index"),
)


def site(here: str) -> Site:
    """The navigation, with the page that is open."""
    return Site(here, PAGES)


def refusal(
    path: str, status: int, reason: str, headers: Mapping[str, str] | None = None
) -> Response:
    """One line that says why: JSON to programs, a page to people."""
    if path.startswith("/api/"):
        body = orjson.dumps({"error": reason})
        return Response(body, status, headers, media_type="application/json")
    return HTMLResponse(render("error.html", site(""), reason=reason), status, headers)
