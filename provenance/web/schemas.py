"""What the server answers, for its OpenAPI document: the commands' JSON, its own, and refusals."""

from __future__ import annotations

from typing import Any, Literal

from typing_extensions import TypedDict

from provenance.jobs.json_types import (
    AddJSON,
    ArticleJSON,
    AuditJSON,
)


class ProblemJSON(TypedDict):
    """Why a request is refused, in one line."""

    error: str


class StoredBlockJSON(TypedDict):
    """A visible block of a stored article; `main` where the extractor took it for the story."""

    index: int
    text: str
    main: bool


class StoredJSON(ArticleJSON):
    """A stored article with its blocks."""

    blocks: list[StoredBlockJSON]


class FoundJSON(TypedDict):
    """Stored articles, newest first."""

    articles: list[ArticleJSON]


class RemovedJSON(TypedDict):
    """How many articles were removed."""

    removed: int


class IndexJSON(TypedDict):
    """What the index holds; days are those of publication."""

    articles: int
    outlets: int
    tokens: int
    earliest: str | None
    latest: str | None
    bytes: int
    scheme: dict[str, int]


class JobJSON(TypedDict):
    """A job; `result` when it is done, `error` when it failed."""

    id: str
    kind: Literal["audit", "add"]
    state: Literal["waiting", "running", "done", "failed", "cancelled"]
    progress: int
    error: str | None
    result: AddJSON | AuditJSON | None


class JobsJSON(TypedDict):
    """The jobs that are remembered, newest first."""

    jobs: list[JobJSON]


_REASONS = {
    400: "The body cannot be read",
    401: "No access token, or a wrong one",
    403: "The request comes from another site",
    404: "There is none of that id",
    413: "The body is too large",
    421: "A foreign host name",
    422: "Not understood, or no article",
    429: "Too many requests",
    500: "Something went wrong; the server's log says what",
    502: "The address could not be fetched",
    503: "The index is damaged",
}
Responses = dict[int | str, dict[str, Any]]


def refusals(*statuses: int) -> Responses:
    """The refusals that an address may answer with."""
    return {each: {"model": ProblemJSON, "description": _REASONS[each]} for each in statuses}


def answers(shape: Any, *statuses: int, as_job: bool = False) -> Responses:
    """What an address answers with: a result, or a job that makes it, or a refusal."""
    job: Responses = {202: {"model": JobJSON, "description": "A job that does it"}}
    done: Responses = {200: {"model": shape, "description": "Done"}} if shape else {}
    return done | (job if as_job else {}) | refusals(*statuses)


EVERYWHERE = refusals(401, 421, 429, 500, 503)
"""Refusals that any address may answer with."""
SENT = (400, 403, 413, 422)
"""Refusals of what is sent in a body."""
