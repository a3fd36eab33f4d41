"""What a request says an article is: an address, a page, a text, or the id of a stored one."""

from __future__ import annotations

from typing import Any, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from provenance.article import Article, InputError
from provenance.index import Index
from provenance.sources import article_from_html, article_from_text

LARGEST = 20_000_000
"""Bytes of one request's body."""


_CONTENT = ("html", "text", "id")
_ONE_OF: list[Any] = [
    *({"required": [name], "properties": {name: {"minLength": 1}}} for name in _CONTENT),
    {
        "required": ["url"],
        "properties": {
            "url": {"pattern": "^[Hh][Tt][Tt][Pp][Ss]?://"},
            **{name: {"maxLength": 0} for name in _CONTENT},
        },
    },
]
"""What the document says of the fields together; the code below says the same."""


class Source(BaseModel):
    """One article: an address to fetch, a page, a text, or the id of a stored one.

    Never a path: a server's files are nobody's business.
    """

    model_config = ConfigDict(extra="forbid", json_schema_extra={"oneOf": _ONE_OF})
    url: str = Field(
        default="", max_length=4096, description="Address to fetch, or of the given page."
    )
    html: str = Field(default="", max_length=LARGEST, description="A page's HTML.")
    text: str = Field(default="", max_length=LARGEST, description="An article as plain text.")
    id: str = Field(default="", max_length=4096, description="Id of a stored article.")

    @model_validator(mode="after")
    def _one(self) -> Self:
        if sum(bool(getattr(self, name)) for name in _CONTENT) > 1:
            raise ValueError("give one of html, text and id")
        if self.is_address and not self.url.lower().startswith(("http://", "https://")):
            raise ValueError("give an http(s) address, a page, a text, or the id of an article")
        return self

    @property
    def is_address(self) -> bool:
        """Whether the article has to be fetched."""
        return not (self.id or self.html or self.text)


def read_given(source: Source, index: Index) -> Article:
    """Read an article that need not be fetched.

    Raises:
        InputError: When it holds no article, or the index has none of that id.
    """
    if source.id:
        found = index.get(source.id)
        if found is None:
            raise InputError(f"{source.id}: no such article in the index")
        return found
    if source.html:
        return article_from_html(source.html, url=source.url, source=source.url or "page")
    return article_from_text(source.text, source="text")
