"""NewsML-G2: not read yet."""

from __future__ import annotations

from collections.abc import Iterator

from provenance.article import InputError
from provenance.sources.tables import BadRecord, Record


def newsml_records(data: bytes, name: str) -> Iterator[Record | BadRecord]:
    """Refuse."""
    raise InputError(f"{name}: newsml files cannot be read yet")
    yield
