"""Web archives: not read yet."""

from __future__ import annotations

import io
from collections.abc import Iterator

from provenance.article import InputError
from provenance.sources.follow import Item


def warc_articles(stream: io.BufferedReader, name: str) -> Iterator[Item]:
    """Refuse."""
    raise InputError(f"{name}: warc files cannot be read yet")
    yield
