"""What the server works with: the index, the agencies, the fetcher, and the jobs on them."""

from __future__ import annotations

import threading
from collections.abc import Iterator, Sequence
from datetime import date
from itertools import islice

from pydantic import BaseModel, ConfigDict, Field

from provenance.article import Article, InputError
from provenance.attribution import Agencies
from provenance.index import Index
from provenance.jobs.add import AddResult
from provenance.jobs.audit import AuditResult, Filters, audit
from provenance.jobs.check import CheckResult, check, read_one
from provenance.jobs.diff import DiffResult, diff
from provenance.sources import Fetcher, article_from_html, article_from_text
from provenance.web.work import Job, Jobs

LARGEST = 20_000_000
"""Bytes of one request's body."""


class Source(BaseModel):
    """One article: an address to fetch, a page, a text, or the id of a stored one.

    Never a path: a server's files are nobody's business.
    """

    model_config = ConfigDict(extra="forbid")
    url: str = Field(
        default="", max_length=4096, description="Address to fetch, or of the given page."
    )
    html: str = Field(default="", max_length=LARGEST, description="A page's HTML.")
    text: str = Field(default="", max_length=LARGEST, description="An article as plain text.")
    id: str = Field(default="", max_length=4096, description="Id of a stored article.")


class Desk:
    """The index and what is done with it; safe to use from many threads."""

    def __init__(self, location: str, *, allow_private: bool = False) -> None:
        with Index.open(location):
            pass  # made if it was missing, so that it can be opened for reading
        self.location = location
        self.index = Index.open(location, create=False, read_only=True)
        self.agencies = Agencies.load()
        self.fetcher = Fetcher(allow_private=allow_private)
        self.jobs = Jobs()
        self._writing = threading.Lock()

    def close(self) -> None:
        """Stop the jobs and let go of the index."""
        self.jobs.close()
        self.index.close()

    def article(self, source: Source) -> Article:
        """Read one article.

        Raises:
            InputError: When nothing is given, or it holds no article.
            FetchError: When an address cannot be fetched.
        """
        if source.id:
            found = self.index.get(source.id)
            if found is None:
                raise InputError(f"{source.id}: no such article in the index")
            return found
        if source.html:
            return article_from_html(source.html, url=source.url, source=source.url or "page")
        if source.text:
            return article_from_text(source.text, source="text")
        if not source.url.lower().startswith(("http://", "https://")):
            raise InputError("give an http(s) address, a page, a text, or the id of an article")
        return read_one(source.url, fetcher=self.fetcher)

    def check(self, source: Source, *, alone: bool = False) -> CheckResult:
        """Check one article against the index, or by itself."""
        article = self.article(source)
        return check(article, None if alone else self.index, agencies=self.agencies)

    def diff(self, a: Source, b: Source) -> DiffResult:
        """Set two versions side by side."""
        return diff(self.article(a), self.article(b), agencies=self.agencies)

    def add(self, sources: Sequence[Source], job: Job | None = None) -> AddResult:
        """Read articles into the index, one writer at a time."""
        with self._writing, Index.open(self.location) as writer:
            counts = writer.add(self._articles(sources, job))
        return AddResult(counts, (), None)

    def _articles(self, sources: Sequence[Source], job: Job | None) -> Iterator[Article]:
        for number, source in enumerate(sources, 1):
            yield self.article(source)
            if job:
                job.show(number)

    def remove(self, id: str) -> int:
        """Remove an article; how many there were."""
        with self._writing, Index.open(self.location, create=False) as writer:
            return writer.remove([id])

    def search(
        self, title: str, outlet: str, since: date | None, until: date | None, limit: int
    ) -> list[Article]:
        """Stored articles by words of the title, outlet and day; the index is read through."""
        words = title.casefold().split()
        filters = Filters(outlets=frozenset({outlet} if outlet else ()), since=since, until=until)
        found = (
            article
            for article in self.index.articles()
            if filters.admits(article) and all(word in article.title.casefold() for word in words)
        )
        return list(islice(found, limit))

    def start_audit(self) -> Job:
        """Audit the whole index in the background."""
        return self.jobs.start("audit", self._audit)

    def _audit(self, job: Job) -> AuditResult:
        # A handle of its own: a long walk must not hold up those who check.
        with Index.open(self.location, create=False, read_only=True) as index:
            return audit(index=index, agencies=self.agencies, show=job.show)

    def start_add(self, sources: Sequence[Source]) -> Job:
        """Add articles in the background."""
        return self.jobs.start("add", lambda job: self.add(sources, job))
