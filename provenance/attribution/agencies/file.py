"""The agencies file read: every table checked, and what is wrong told with its place."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Mapping
from dataclasses import asdict, fields
from typing import Any

from provenance.article import InputError
from provenance.attribution.agencies.agency import Agency, AgencyKind

_TEXTS = ("name", "kind", "country")
_LISTS = tuple(entry.name for entry in fields(Agency) if entry.name not in ("id", *_TEXTS))
_ID = re.compile(r"[a-z0-9]+(-[a-z0-9]+)*")


def parse(text: str, source: str, known: Mapping[str, Agency]) -> dict[str, Agency]:
    """Read the text of an agencies file.

    Args:
        text: TOML, as the header of ``agencies.toml`` documents it.
        source: How to name the file in errors.
        known: Agencies already known; a table with the id of one adds to it.

    Raises:
        InputError: It is not TOML, or not of the format.
    """
    try:
        tables = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise InputError(f"agencies file {source}: not TOML: {error}") from error
    agencies = {id: _agency(id, table, source, known.get(id)) for id, table in tables.items()}
    for agency in agencies.values():
        for other in (*agency.parents, *agency.partners):
            if other not in agencies and other not in known:
                raise InputError(f"agencies file {source}: [{agency.id}] names {other!r}, unknown")
    return agencies


def _agency(id: str, table: object, source: str, base: Agency | None) -> Agency:
    """Check one table and make it an agency, on top of the one that has its id already."""

    def wrong(what: str) -> InputError:
        return InputError(f"agencies file {source}: [{id}] {what}")

    if not isinstance(table, dict) or not _ID.fullmatch(id):
        raise wrong("must be a table with an id of lower-case letters, digits and hyphens")
    values: dict[str, Any] = {"id": id} if base is None else asdict(base)
    for key, value in table.items():
        if key in _LISTS and isinstance(value, list) and all(map(_is_form, value)):
            values[key] = (*values.get(key, ()), *value)
        elif key in _TEXTS and _is_form(value):
            values[key] = value
        else:
            raise wrong(
                f"has a key {key!r} that is unknown or of the wrong type; see docs/agencies.md"
            )
    missing = [key for key in (*_TEXTS, "languages") if key not in values]
    if missing:
        raise wrong(f"lacks {', '.join(missing)}")
    try:
        values["kind"] = AgencyKind(values["kind"])
    except ValueError:
        raise wrong(f"has kind {values['kind']!r}; use {', '.join(AgencyKind)}") from None
    return Agency(**values)


def _is_form(value: object) -> bool:
    return isinstance(value, str) and len(value) > 1
