"""What a request says an article is: an address, a page or text, or the id of a stored one."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from provenance.article import Article, InputError
from provenance.index import Index
from provenance.sources.records import article_from_record

LARGEST = 20_000_000
"""Bytes of one request's body."""


_CONTENT = ("html", "text")
_KNOWN = ("outlet", "title", "byline", "published", "modified", "credit", "language")
_GIVEN: dict[str, Any] = {"minLength": 1}
_EMPTY: dict[str, Any] = {"maxLength": 0}


def _one_of(name: str, said: dict[str, Any], *without: str) -> dict[str, Any]:
    return {"required": [name], "properties": {name: said} | dict.fromkeys(without, _EMPTY)}


_ONE_OF: list[Any] = [
    _one_of("html", _GIVEN, "text"),
    _one_of("text", _GIVEN, "html"),
    _one_of("id", _GIVEN, *_CONTENT, *_KNOWN),
    _one_of("url", {"pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"}, *_CONTENT, "id", *_KNOWN),
]
"""What the document says of the fields together; the code below says the same."""


class Source(BaseModel):
    """One article: an address to fetch, a page or text with what is known of it, or a stored id.

    What may be known is what a table's columns tell. Never a path: a server's files are nobody's
    business.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"oneOf": _ONE_OF})
    url: str = Field(
        default="", max_length=4096, description="Address to fetch, or of the given article."
    )
    html: str = Field(default="", max_length=LARGEST, description="A page's HTML.")
    text: str = Field(default="", max_length=LARGEST, description="An article as plain text.")
    id: str = Field(
        default="", max_length=4096, description="Id of a stored article, or for the given one."
    )
    outlet: str = Field(default="", max_length=300, description="Domain or address of its outlet.")
    title: str = Field(default="", max_length=4096, description="Headline.")
    byline: str = Field(default="", max_length=4096, description="Who signs it.")
    published: str = Field(default="", max_length=100, description="Time, as precise as known.")
    modified: str = Field(default="", max_length=100, description="Time of the last change.")
    credit: str = Field(default="", max_length=4096, description="Whom it credits.")
    language: str = Field(default="", max_length=35, description="Code, such as en.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if self.html and self.text:
            raise ValueError("give html or text, not both")
        if self.is_address and not self.url.lower().startswith(("http://", "https://")):
            raise ValueError("give an http(s) address, a page, a text, or the id of an article")
        useless = [] if self.is_given else [name for name in _KNOWN if getattr(self, name)]
        if useless:
            raise ValueError(f"{', '.join(useless)}: only with html or text")
        return self

    @property
    def is_given(self) -> bool:
        """Whether the request itself holds the article."""
        return bool(self.html or self.text)

    @property
    def is_address(self) -> bool:
        """Whether the article has to be fetched."""
        return not (self.id or self.is_given)


def read_given(source: Source, index: Index) -> Article:
    """Read an article that need not be fetched.

    Raises:
        InputError: When it holds no article, or the index has none of that id.
    """
    if source.is_given:
        called = source.url or ("page" if source.html else "text")
        return article_from_record(source.model_dump(exclude_defaults=True), source=called)
    found = index.get(source.id)
    if found is None:
        raise InputError(f"{source.id}: no such article in the index")
    return found
