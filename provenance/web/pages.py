"""The pages: forms, reports, clusters, outlets, audit, jobs and status; no script."""

from __future__ import annotations

from typing import Annotated, Any

from fastapi import APIRouter, Form, HTTPException, Request, UploadFile
from fastapi.responses import HTMLResponse, RedirectResponse
from pydantic import ValidationError

from provenance.article import InputError
from provenance.jobs.audit import AuditResult
from provenance.report.audit import audit_html
from provenance.report.html import Site, render
from provenance.sources.encoding import decode
from provenance.sources.recognise import recognise
from provenance.web.api import NO_JOB, desk_of
from provenance.web.guard import COOKIE, same
from provenance.web.site import site
from provenance.web.source import Source

router = APIRouter(include_in_schema=False, default_response_class=HTMLResponse)

_SHOWN = 200
_HEAD = 65_536
"""Bytes by which the format of a file is told."""


@router.get("/")
def home(request: Request) -> str:
    """The form: paste an address, a text, or give a file."""
    count = len(desk_of(request).index)
    return render("home.html", site("/"), articles=count)


@router.post("/check")
async def check(
    request: Request,
    url: Annotated[str, Form(max_length=4096)] = "",
    text: Annotated[str, Form()] = "",
    file: UploadFile | None = None,
) -> str:
    """The report of what was pasted or uploaded."""
    if file is not None and file.filename:
        url, text = "", _text_of(await file.read(), file.filename)
    try:
        content = "html" if text.lstrip()[:1] == "<" else "text"
        source = Source(**{"url": url.strip(), content: text.strip()})
    except ValidationError as error:
        raise InputError("paste an http(s) address or a text, or choose a file") from error
    return await desk_of(request).check_page(source, site("/"))


def _text_of(data: bytes, name: str) -> str:
    """The text or page that a file holds, in whatever encoding."""
    if recognise(data[:_HEAD], name) not in ("html", "txt"):
        raise InputError(f"{name}: give a page or a text; `provenance add` reads other formats")
    return decode(data)


@router.get("/article")
async def article(request: Request, id: str) -> str:
    """The report of a stored article."""
    return await desk_of(request).check_page(Source(id=id), site(""))


@router.get("/clusters")
def clusters(request: Request) -> str:
    """The stories of the last audit, each with its versions."""
    found = _audited(request)
    stories: list[dict[Any, Any]] = []
    if found:
        versions = found.articles[found.articles["cluster"] >= 0].groupby("cluster")
        for story in found.clusters.head(_SHOWN).to_dict("records"):
            part = versions.get_group(story["cluster"]).sort_values("published")
            stories.append({**story, "articles": part.to_dict("records")})
    return render("clusters.html", site("/clusters"), audited=bool(found), stories=stories)


@router.get("/outlets")
def outlets(request: Request, name: str = "") -> str:
    """The outlets of the last audit, or one outlet's articles."""
    found = _audited(request)
    rows: list[dict[Any, Any]] = []
    articles: list[dict[Any, Any]] = []
    if found:
        rows = found.outlets.head(_SHOWN).to_dict("records")
        articles = found.articles[found.articles["outlet"] == name].head(_SHOWN).to_dict("records")
    return render(
        "outlets.html",
        site("/outlets"),
        audited=bool(found),
        outlets=rows,
        name=name,
        articles=articles,
    )


@router.get("/audit")
def audit(request: Request) -> str:
    """The last audit, or how to start one."""
    found = _audited(request)
    if found is None:
        return render("empty.html", site("/audit"), articles=len(desk_of(request).index))
    return audit_html(found, site("/audit"))


@router.post("/audit")
def start_audit(request: Request) -> RedirectResponse:
    """Start an audit and go to its job."""
    return RedirectResponse(f"/jobs/{desk_of(request).start_audit().id}", 303)


@router.get("/jobs/{id}")
def job(id: str, request: Request) -> str:
    """A job's progress; the page reads itself anew until the job is over."""
    found = desk_of(request).jobs.get(id)
    if found is None:
        raise HTTPException(404, NO_JOB)
    return render("job.html", site(""), job=found, articles=len(desk_of(request).index))


@router.post("/jobs/{id}/cancel")
def cancel(id: str, request: Request) -> RedirectResponse:
    """Ask a job to stop."""
    found = desk_of(request).jobs.get(id)
    if found is None:
        raise HTTPException(404, NO_JOB)
    found.cancel()
    return RedirectResponse(f"/jobs/{id}", 303)


@router.get("/status")
def status(request: Request) -> str:
    """What the index holds, and the jobs."""
    desk = desk_of(request)
    return render("status.html", site("/status"), info=desk.index.info(), jobs=desk.jobs.all())


@router.get("/login")
def login() -> str:
    """The form for the access token."""
    return render("login.html", Site("/login", ()), wrong=False)


@router.post("/login", response_model=None)
def enter(request: Request, token: Annotated[str, Form(max_length=500)]) -> Any:
    """Keep the token in a cookie that no script and no other site can use."""
    if not same(token, request.app.state.token):
        return HTMLResponse(render("login.html", Site("/login", ()), wrong=True), 401)
    answer = RedirectResponse("/", 303)
    secure = request.url.scheme == "https"
    answer.set_cookie(COOKIE, token, httponly=True, samesite="strict", secure=secure)
    return answer


def _audited(request: Request) -> AuditResult | None:
    found = desk_of(request).jobs.latest("audit")
    return found.result if found else None
