"""Fetching one address."""

from __future__ import annotations

from dataclasses import dataclass

from provenance.article import FetchError, InputError


@dataclass(frozen=True, slots=True)
class Fetched:
    url: str
    final_url: str
    data: bytes
    content_type: str
    charset: str


@dataclass(frozen=True, slots=True)
class Fetcher:
    """How addresses are fetched."""

    user_agent: str = "provenance/0.1 (+https://example.org/provenance)"
    connect_timeout: float = 10.0
    read_timeout: float = 20.0
    allow_private: bool = False

    def fetch(self, url: str) -> Fetched:
        """Fetch one address.

        Raises:
            FetchError: It could not be fetched.
            InputError: It is not an http(s) address.
        """
        if not url.startswith(("http://", "https://")):
            raise InputError(f"{url}: only http and https addresses can be fetched")
        raise FetchError(f"{url}: fetching is not built yet")
