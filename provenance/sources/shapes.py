"""Records of well-known sources, recognised by their columns → records with our names.

- ninjs 1 to 3, the IPTC's JSON for news agencies: https://iptc.org/standards/ninjs/
- Webhose (Webz.io) posts, Media Cloud stories, NELA-GT articles.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import lru_cache
from html import escape
from typing import Any

from provenance.article import InputError
from provenance.sources.blocks import collapse
from provenance.sources.dates import recorded

Record = Mapping[str, object]

WITHDRAWN = ("canceled", "cancelled", "withheld")
"""Statuses of a text that its agency takes back or holds back."""
TELLING = frozenset(("uri", "thread", "publish_date", "content"))
"""Columns without one of which a record is of no known shape: most are looked at no further."""
NELA_TIMES = ("published_utc", "published", "date")
"""The most exact first."""
NINJS_BODIES = frozenset(("body_html", "body_xhtml", "body_text", "bodies"))


def shaped(record: Record) -> Record:
    """A record with our column names, where it is of a known shape; else as it came.

    Raises:
        InputError: It is an agency's text that was withdrawn.
    """
    if TELLING.isdisjoint(record):
        return record
    for fits, translate in SHAPES:
        if fits(record):
            return translate(record)
    return record


def _is_ninjs(record: Record) -> bool:
    return "uri" in record and not NINJS_BODIES.isdisjoint(record)


def _ninjs(record: Record) -> Record:
    status = _text(record.get("pubstatus"))
    if status in WITHDRAWN:
        raise InputError(f"withdrawn by its sender ({status})")
    uri = _text(record.get("uri"))
    kinds = ("body_xhtml", "body_html", "bodies:xhtml", "bodies:html", "body_text", "bodies:text")
    bodies = [_body(record, kind) for kind in kinds]
    html = next((body for body in bodies[:4] if body), "")
    people = [_text(one) for one in _list(record.get("people")) if _has_role(one, "author")]
    by = _text(record.get("by")) or _text(record.get("byline")) or _text(record.get("bylines"))
    headline = _text(record.get("headline")) or _value(record.get("headlines"), "main")
    info = record.get("rightsinfo")
    rights = [record, info] if isinstance(info, Mapping) else [record]
    notices = [one.get(n) for one in rights for n in ("copyrightnotice", "copyrightholder")]
    return {
        "id": uri,
        "url": uri if uri.startswith(("http://", "https://")) else "",
        "title": headline,
        "html": f"<h1>{escape(headline)}</h1>{html}" if html else "",
        "text": "" if html else "\n\n".join(filter(None, bodies[4:5])) or bodies[5],
        "byline": by or "; ".join(people),
        "published": record.get("firstcreated")
        or record.get("contentcreated")
        or record.get("versioncreated"),
        "modified": record.get("versioncreated"),
        "language": record.get("language"),
        "credit": _text(record.get("creditline")) or _sources(record.get("infosources")),
        "rights": next(filter(None, map(_text, notices)), ""),
    }


def _body(record: Record, kind: str) -> str:
    name, _, role = kind.partition(":")
    if not role:
        found = record.get(name)
        return found if isinstance(found, str) else ""
    for body in _list(record.get(name)):
        if isinstance(body, Mapping) and isinstance(body.get("value"), str):
            said = f"{body.get('role', '')} {body.get('contenttype', 'text/plain')}".lower()
            found = "xhtml" if "xhtml" in said else "html" if "html" in said else "text"
            if found == role:
                return str(body["value"])
    return ""


def _value(values: object, role: str) -> str:
    """The value of one role, else the first, of a list of ``{"role", "value"}``."""
    found = [one for one in _list(values) if isinstance(one, Mapping)]
    found.sort(key=lambda one: one.get("role") != role)
    return next((_text(one.get("value")) for one in found), "")


def _has_role(one: object, role: str) -> bool:
    return isinstance(one, Mapping) and role in str(one.get("rel", one.get("role", ""))).lower()


def _sources(values: object) -> str:
    return "/".join(filter(None, map(_text, _list(values))))


def _is_webhose(record: Record) -> bool:
    return isinstance(record.get("thread"), Mapping) and "text" in record


def _webhose(record: Record) -> Record:
    thread = record["thread"]
    site: Any = thread if isinstance(thread, Mapping) else {}
    return {
        "id": record.get("url") or record.get("uuid"),
        "url": record.get("url"),
        "outlet": site.get("site_full") or site.get("site"),
        "title": record.get("title") or site.get("title_full") or site.get("title"),
        "text": record.get("text"),
        "byline": record.get("author"),
        "published": record.get("published") or site.get("published"),
        "language": _language_code(_text(record.get("language"))),
    }


def _is_media_cloud(record: Record) -> bool:
    return "publish_date" in record and not {"media_name", "media_url", "stories_id"}.isdisjoint(
        record
    )


def _media_cloud(record: Record) -> Record:
    return {
        "id": record.get("url") or record.get("guid") or record.get("stories_id"),
        "url": record.get("url"),
        "outlet": record.get("media_url"),
        "outlet_name": record.get("media_name"),
        "title": record.get("title"),
        "text": record.get("text") or record.get("story_text"),
        "published": record.get("publish_date"),
        "language": record.get("language"),
    }


def _is_nela(record: Record) -> bool:
    return {"source", "title", "content"} <= record.keys() and not {
        "published_utc", "published", "date", "collection_utc",
    }.isdisjoint(record)  # fmt: skip


def _nela(record: Record) -> Record:
    return {
        "id": record.get("url") or record.get("id"),
        "url": record.get("url"),
        "outlet_name": record.get("source"),
        "title": record.get("title"),
        "text": record.get("content"),
        "byline": record.get("author"),
        "published": next(filter(_is_time, map(record.get, NELA_TIMES)), None),
    }


def _is_time(value: object) -> bool:
    return recorded(str(value)) is not None


SHAPES: tuple[tuple[Callable[[Record], bool], Callable[[Record], Record]], ...] = (
    (_is_ninjs, _ninjs),
    (_is_webhose, _webhose),
    (_is_media_cloud, _media_cloud),
    (_is_nela, _nela),
)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _text(value: object) -> str:
    """A value as one line; of an object its name, of a list its first item's."""
    if isinstance(value, list):
        value = value[0] if value else ""
    if isinstance(value, Mapping):
        value = value.get("name") or value.get("value") or value.get("literal") or ""
    return collapse(value) if isinstance(value, str) else ""


@lru_cache(maxsize=256)
def _language_code(name: str) -> str:
    """ISO 639-1 code of a language's English name; a code stays what it is."""
    from babel import Locale

    names = Locale("en").languages
    return next((str(code) for code in names if str(names[code]).lower() == name.lower()), name)
