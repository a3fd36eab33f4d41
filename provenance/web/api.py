"""REST under ``/api/v1``: the same JSON as the command line's."""

from __future__ import annotations

from datetime import date
from typing import Annotated, Any

import orjson
from fastapi import APIRouter, HTTPException, Query, Request, Response
from pydantic import BaseModel, BeforeValidator, ConfigDict, Field

from provenance.jobs.json_types import AddJSON, CheckJSON, DiffJSON
from provenance.jobs.schema import article_dict
from provenance.sources.identity import domain_of
from provenance.web.desk import Desk
from provenance.web.schemas import (
    EVERYWHERE,
    SENT,
    FoundJSON,
    IndexJSON,
    JobJSON,
    JobsJSON,
    RemovedJSON,
    StoredJSON,
    answers,
)
from provenance.web.source import Source
from provenance.web.work import Job

router = APIRouter(prefix="/api/v1", responses=EVERYWHERE)


NO_JOB = "no such job; the last ones are kept until the server stops"


class Pair(BaseModel):
    """Two versions."""

    model_config = ConfigDict(extra="forbid")
    a: Source
    b: Source


class Sources(BaseModel):
    """Articles to add."""

    model_config = ConfigDict(extra="forbid")
    articles: list[Source] = Field(min_length=1, max_length=10_000)


def _day(given: object) -> object:
    """A number would pass for seconds since 1970."""
    if not isinstance(given, str):
        return given
    try:
        return date.fromisoformat(given)
    except ValueError:
        raise ValueError(f"{given!r} is no day; give one such as 2026-03-04") from None


Day = Annotated[date | None, BeforeValidator(_day)]


def desk_of(request: Request) -> Desk:
    """The desk of the application that a request came to."""
    desk: Desk = request.app.state.desk
    return desk


def answer(value: Any, status: int = 200) -> Response:
    """A JSON answer, fast."""
    return Response(orjson.dumps(value), status, media_type="application/json")


@router.post("/check", summary="Judge one article", responses=answers(CheckJSON, *SENT, 502))
async def check(source: Source, request: Request, alone: bool = False) -> Response:
    """Matches, wrapper, origin, chain and credit of one article; `alone` asks no index."""
    found = await desk_of(request).check_json(source, alone=alone)
    return Response(found, media_type="application/json")


@router.post("/diff", summary="Two versions side by side", responses=answers(DiffJSON, *SENT, 502))
async def diff(pair: Pair, request: Request) -> Response:
    """Core, wrapper and edits of two versions."""
    found = await desk_of(request).diff_json(pair.a, pair.b)
    return Response(found, media_type="application/json")


@router.post(
    "/articles", summary="Add articles", responses=answers(AddJSON, *SENT, 502, as_job=True)
)
def add(sources: Sources, request: Request, background: bool = False) -> Response:
    """Read articles into the index; in the background it answers with a job."""
    desk = desk_of(request)
    if background:
        return answer(desk.start_add(sources.articles).to_dict(), 202)
    return answer(desk.add(sources.articles).to_dict())


@router.get("/articles", summary="Search stored articles", responses=answers(FoundJSON, 422))
def search(
    request: Request,
    title: Annotated[str, Query(max_length=300)] = "",
    outlet: Annotated[str, Query(max_length=300)] = "",
    since: Day = None,
    until: Day = None,
    limit: Annotated[int, Query(ge=1, le=1000)] = 50,
) -> Response:
    """By words of the title, outlet (its domain or any address of it), and days; newest first."""
    index = desk_of(request).index
    found = index.search(title, domain_of(outlet) or outlet, since=since, until=until, limit=limit)
    return answer({"articles": [article_dict(article) for article in found]})


@router.get(
    "/articles/{id:path}", summary="One stored article", responses=answers(StoredJSON, 404, 422)
)
def get(id: str, request: Request) -> Response:
    """The article's metadata and its blocks."""
    article = desk_of(request).index.get(id)
    if article is None:
        raise HTTPException(404, "no such article")
    blocks = [{"index": b.index, "text": b.text, "main": b.main} for b in article.blocks]
    return answer(article_dict(article) | {"blocks": blocks})


@router.delete(
    "/articles/{id:path}",
    summary="Remove an article",
    responses=answers(RemovedJSON, 403, 404, 422),
)
def remove(id: str, request: Request) -> Response:
    """Take an article out of the index."""
    if not desk_of(request).remove(id):
        raise HTTPException(404, "no such article")
    return answer({"removed": 1})


@router.get("/index", summary="What the index holds", responses=answers(IndexJSON))
def info(request: Request) -> Response:
    """Counts, size and parameters; not where it lies."""
    found = desk_of(request).index.info()
    return answer(
        {
            "articles": found.articles,
            "outlets": found.outlets,
            "tokens": found.tokens,
            "earliest": found.earliest,
            "latest": found.latest,
            "bytes": found.bytes,
            "scheme": found.scheme,
        }
    )


@router.post(
    "/audit",
    summary="Start an audit of the whole index",
    status_code=202,
    responses=answers(None, 403, 422, as_job=True),
)
def audit(request: Request) -> Response:
    """Answers with a job; its result is the summary."""
    return answer(desk_of(request).start_audit().to_dict(), 202)


@router.get("/jobs", summary="The latest jobs", responses=answers(JobsJSON))
def jobs(request: Request) -> Response:
    """Newest first."""
    return answer({"jobs": [job.to_dict() for job in desk_of(request).jobs.all()]})


@router.get("/jobs/{id}", summary="One job", responses=answers(JobJSON, 404, 422))
def job(id: str, request: Request) -> Response:
    """State, progress, and the result when it is done."""
    return answer(_job(id, request).to_dict())


@router.delete("/jobs/{id}", summary="Cancel a job", responses=answers(JobJSON, 403, 404, 422))
def cancel(id: str, request: Request) -> Response:
    """The job stops at the next article; what it has added so far may stay."""
    found = _job(id, request)
    found.cancel()
    return answer(found.to_dict())


def _job(id: str, request: Request) -> Job:
    found = desk_of(request).jobs.get(id)
    if found is None:
        raise HTTPException(404, NO_JOB)
    return found
