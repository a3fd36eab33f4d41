"""Facts of a page: what they have in common, and those of its site and its metadata."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

from provenance.article import AGENCY_FEED, Article, Block, Evidence, Party
from provenance.attribution.credits.datelines import read_dateline
from provenance.attribution.credits.line import CreditLine
from provenance.attribution.credits.lines import read_credit
from provenance.attribution.credits.stretches import Part
from provenance.attribution.evidence.claims import said_by_claims
from provenance.attribution.evidence.closing import Closing
from provenance.attribution.evidence.standing import Standing
from provenance.attribution.evidence.weights import WEIGHTS
from provenance.attribution.outlets.parties import own_agency
from provenance.attribution.wrapper.hints import is_picture
from provenance.attribution.wrapper.kinds import BlockJudgement
from provenance.attribution.wrapper.layout import Place
from provenance.attribution.wrapper.sights import Page

_QUOTE = 300
"""Characters of a page that a fact quotes at most."""
_OPENING = 3
"""Paragraphs at the start in which a dateline may stand."""
_NOT_NEWS = ("meta:googlebot-news",)
"""Claims by which a page asks news searches to leave it out, as copies are asked to."""


@dataclass(frozen=True)
class Facts:
    """A page from which facts are gathered, and what they have in common.

    Attributes:
        page: The page.
        judgements: What each of its blocks does.
    """

    page: Page
    judgements: tuple[BlockJudgement, ...]

    @property
    def article(self) -> Article:
        """The page as it was read."""
        return self.page.article

    @cached_property
    def standing(self) -> Standing:
        """Where credits count on it."""
        return Standing(self.page, self.judgements)

    @cached_property
    def closing(self) -> Closing:
        """What the ends of its paragraphs sign."""
        return Closing(self.page, self.judgements)

    @cached_property
    def staff(self) -> Party:
        """The outlet's own people."""
        return self.page.publisher or Party("outlet", "", "")

    def fact(self, kind: str, quote: str, block: Block | None, party: Party | None) -> Evidence:
        """A fact of the page, with the weight of its kind."""
        index = block.index if block else None
        return Evidence(kind, quote[:_QUOTE], index, WEIGHTS[kind], self.article.id, party)

    @cached_property
    def agency_people(self) -> frozenset[str]:
        """People whom some credit on the page names together with their agency."""
        quotes = [claim.value for claim in self.article.claims]
        quotes += [
            block.text
            for block in self.article.blocks
            if self.page.layout.place(block.index) in (Place.HEAD, Place.TAIL)
            and not is_picture(block)
        ]
        found = set()
        for quote in quotes:
            credit = read_credit(quote, self.page.agencies, self.article.language, self.page.own)
            if credit and self._tells_agency(credit) and not credit.joint and not credit.photo:
                found |= {name.casefold() for name in credit.names}
        return frozenset(found)

    def _tells_agency(self, credit: CreditLine) -> bool:
        """Whether it names an agency, if by a short form that means other things in a byline."""
        language = self.article.language
        writes = any(mention.agency_writes(language) for mention in credit.mentions)
        return credit.sure or (writes and credit.has(Part.BYLINE))

    @cached_property
    def opening(self) -> tuple[int, ...]:
        """Indices of the paragraphs at the start in which a dateline may stand."""
        return tuple(self.page.layout.prose[:_OPENING])

    def contradicts_dateline(self, credit: CreditLine) -> bool:
        """Whether the text opens with the dateline of agencies that a line does not name."""
        named = {mention.agency.id for mention in credit.mentions}
        return bool(self._dated) and not self._dated & named

    @cached_property
    def _dated(self) -> frozenset[str]:
        """Ids of the agencies in the dateline that the text opens with."""
        blocks = (self.article.blocks[index] for index in self.opening)
        found = (
            read_dateline(block.text, self.page.agencies, self.article.language, self.page.own)
            for block in blocks
        )
        return frozenset(
            one.agency.id for line in found if line and line.strong for one in line.mentions
        )

    @cached_property
    def is_signed(self) -> bool:
        """Whether the outlet's own people or newsroom sign above the story."""
        return any(read.names or read.staff for read in self._signatures)

    @cached_property
    def is_signed_by_people(self) -> bool:
        """Whether the outlet's own people sign above the story, by their names."""
        return any(read.names for read in self._signatures)

    @cached_property
    def _signatures(self) -> tuple[CreditLine, ...]:
        """The bylines above the story that name no agency."""
        reads = (
            self.page.sight(block).credit
            for block in self.article.blocks
            if self.standing.is_byline(block) and self.page.layout.place(block.index) is Place.HEAD
        )
        return tuple(read for read in reads if read and not (read.mentions or read.photo))

    def is_agency_person(self, name: str) -> bool:
        """Whether some credit on the page names a person together with their agency."""
        return name.casefold() in self.agency_people


def own_site(facts: Facts) -> Iterator[Evidence]:
    """That the page is on an agency's own site, or came by its feed."""
    agency = own_agency(facts.article, facts.page.agencies)
    if agency:
        address = facts.article.final_url or facts.article.url or facts.article.canonical_url
        fed = any(claim.field == AGENCY_FEED for claim in facts.article.claims)
        kind = "agency-feed" if fed else "self"
        yield facts.fact(kind, address or facts.article.id, None, agency)


def metadata(facts: Facts) -> Iterator[Evidence]:
    """What the page says about its source where readers do not see it."""
    said = list(said_by_claims(facts.article, facts.page.agencies, facts.page.own))
    for one in said:
        if one.party and one.party not in facts.page.ourselves:
            kind = "with-agency" if one.joint else one.kind
            yield facts.fact(kind, one.quote, None, one.party)
            if one.own:
                yield facts.fact("staff-initials", one.quote, None, facts.staff)
    for claim in facts.article.claims:
        if claim.field.lower() in _NOT_NEWS:
            yield facts.fact("noindex-news", claim.value, None, None)
    for one in said:
        staff = tuple(name for name in one.people if not facts.is_agency_person(name))
        if not one.party and staff:
            yield facts.fact("staff-byline", one.quote, None, facts.staff)
        elif not one.party and one.own:
            yield facts.fact("own-byline", one.quote, None, facts.staff)
