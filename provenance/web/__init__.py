"""The jobs as a web page and a REST service, for the own machine or behind an access token."""

from __future__ import annotations

from provenance.web.app import create_app
from provenance.web.serve import serve

__all__ = ["create_app", "serve"]
