"""What the server works with: the index, the agencies, the fetcher, and the jobs on them."""

from __future__ import annotations

from asyncio import wrap_future
from collections.abc import Iterator, Sequence

from fastapi.concurrency import run_in_threadpool

from provenance.article import Article
from provenance.attribution import Agencies
from provenance.index import Index
from provenance.jobs.add import AddResult
from provenance.jobs.audit import AuditResult, audit
from provenance.jobs.check import read_one
from provenance.report.html import Site
from provenance.sources import Fetcher
from provenance.web.checkers import Checkers, Given, check_json, check_page, diff_json
from provenance.web.source import Source, read_given
from provenance.web.work import Job, Jobs


class Desk:
    """The index and what is done with it; safe to use from many threads."""

    def __init__(self, location: str, *, allow_private: bool = False) -> None:
        with Index.open(location):
            pass  # made if it was missing, so that it can be opened for reading
        self.location = location
        self.index = Index.open(location, create=False, read_only=True)
        self.agencies = Agencies.load()
        self.fetcher = Fetcher(allow_private=allow_private)
        self.checkers = Checkers(location)
        self.jobs = Jobs()

    def close(self) -> None:
        """Stop the jobs and let go of the index."""
        self.jobs.close()
        self.checkers.close()
        self.index.close()

    def article(self, source: Source) -> Article:
        """Read one article.

        Raises:
            InputError: When it holds no article.
            FetchError: When an address cannot be fetched.
        """
        if not source.is_address:
            return read_given(source, self.index)
        return read_one(source.url, fetcher=self.fetcher)

    async def check_json(self, source: Source, *, alone: bool = False) -> bytes:
        """Check one article against the index, or by itself."""
        given = await self._given(source)
        return await wrap_future(self.checkers.submit(check_json, given, alone=alone))

    async def check_page(self, source: Source, site: Site) -> str:
        """The report of one article."""
        given = await self._given(source)
        return await wrap_future(self.checkers.submit(check_page, given, site))

    async def diff_json(self, a: Source, b: Source) -> bytes:
        """Set two versions side by side."""
        sides = [await self._given(side) for side in (a, b)]
        return await wrap_future(self.checkers.submit(diff_json, *sides))

    async def _given(self, source: Source) -> Given:
        """What the checkers read by themselves stays as it is: only this process fetches."""
        return await run_in_threadpool(self.article, source) if source.is_address else source

    def add(self, sources: Sequence[Source], job: Job | None = None) -> AddResult:
        """Read articles into the index; other writers wait only while a batch is committed."""
        with Index.open(self.location) as writer:
            counts = writer.add(self._articles(sources, job))
        return AddResult(counts, (), None)

    def _articles(self, sources: Sequence[Source], job: Job | None) -> Iterator[Article]:
        for number, source in enumerate(sources, 1):
            yield self.article(source)
            if job:
                job.show(number)

    def remove(self, id: str) -> int:
        """Remove an article; how many there were."""
        with Index.open(self.location, create=False) as writer:
            return writer.remove([id])

    def start_audit(self) -> Job:
        """Audit the whole index in the background."""
        return self.jobs.start("audit", self._audit)

    def _audit(self, job: Job) -> AuditResult:
        # A handle of its own: a long walk must not hold up those who check.
        with Index.open(self.location, create=False, read_only=True) as index:
            return audit(
                index=index,
                agencies=self.agencies,
                show=lambda _stage, done, _total: job.show(done),
            )

    def start_add(self, sources: Sequence[Source]) -> Job:
        """Add articles in the background."""
        return self.jobs.start("add", lambda job: self.add(sources, job))
