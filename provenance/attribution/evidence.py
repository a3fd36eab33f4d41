"""Everything a page says about whose text it is: each fact with place, words and weight.

What only mentions an agency gives no evidence: a photo credit, "told Reuters", a poll, a menu, the
teaser of another story. An outlet that names itself gives some only for its own reporting.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from provenance.article import AGENCY_FEED, Article, Block, BlockKind, Evidence, Party, WrapperKind
from provenance.attribution import outlets
from provenance.attribution.agencies import Agencies, FormKind, Mention
from provenance.attribution.claims import said_by_claims
from provenance.attribution.credit_lines import CreditLine, Part, read_credit
from provenance.attribution.datelines import read_dateline, read_signoff
from provenance.attribution.hints import hinted, is_picture
from provenance.attribution.layout import Layout, Place
from provenance.attribution.phrases import PhraseKind, phrases
from provenance.attribution.weights import WEIGHTS
from provenance.attribution.wrapper import BlockJudgement

_OPENING = 3
"""Paragraphs at the start in which a dateline may stand."""
_CLOSING = 3
"""Paragraphs at the end in which a sign-off may stand."""
_STACKED = 2
"""Blocks that a byline may take: a name, and below it an agency."""
_QUOTE = 300
_LONGEST_NOTICE = 1200
_SILENT = frozenset({
    WrapperKind.PHOTO_CREDIT,
    WrapperKind.CAPTION,
    WrapperKind.RELATED,
    WrapperKind.NAVIGATION,
    WrapperKind.COMMENT,
    WrapperKind.HEADLINE,
})  # fmt: skip
"""Kinds of wrapper in which an agency's name credits nothing of this story."""


def evidence(
    article: Article, judgements: Sequence[BlockJudgement], agencies: Agencies
) -> tuple[Evidence, ...]:
    """Gather what a page says about whose text it is.

    Args:
        article: The page.
        judgements: What each block does, from `wrapper_kinds`.
        agencies: The known agencies.

    Returns:
        Facts in the order: own site, metadata, then the blocks in page order. Of facts of one kind
        for one party, each quote comes once.
    """
    page = _Page(article, tuple(judgements), agencies, Layout(article))
    found = [*page.own_site(), *page.metadata(), *page.visible()]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class _Page:
    article: Article
    judgements: tuple[BlockJudgement, ...]
    agencies: Agencies
    layout: Layout

    @cached_property
    def own(self) -> tuple[str, ...]:
        return outlets.own_names(self.article)

    @cached_property
    def publisher(self) -> Party | None:
        return outlets.own_party(self.article, self.agencies)

    @cached_property
    def staff(self) -> Party:
        return self.publisher or Party("outlet", "", "")

    def fact(self, kind: str, quote: str, block: Block | None, party: Party | None) -> Evidence:
        index = block.index if block else None
        return Evidence(kind, quote[:_QUOTE], index, WEIGHTS[kind], self.article.id, party)

    def own_site(self) -> Iterator[Evidence]:
        agency = outlets.own_agency(self.article, self.agencies)
        if agency:
            address = self.article.final_url or self.article.url or self.article.canonical_url
            fed = any(claim.field == AGENCY_FEED for claim in self.article.claims)
            kind = "agency-feed" if fed else "self"
            yield self.fact(kind, address or self.article.id, None, agency)

    def metadata(self) -> Iterator[Evidence]:
        said = list(said_by_claims(self.article, self.agencies, self.own))
        for one in said:
            if one.party and one.party != self.publisher:
                kind = "with-agency" if one.joint else one.kind
                yield self.fact(kind, one.quote, None, one.party)
                if one.own:
                    yield self.fact("staff-initials", one.quote, None, self.staff)
        for one in said:
            staff = tuple(name for name in one.people if not self.is_agency_person(name))
            if not one.party and staff:
                yield self.fact("staff-byline", one.quote, None, self.staff)
            elif not one.party and one.own:
                yield self.fact("own-byline", one.quote, None, self.staff)

    @cached_property
    def agency_people(self) -> frozenset[str]:
        """People whom some credit on the page names together with their agency."""
        quotes = [claim.value for claim in self.article.claims]
        quotes += [
            block.text
            for block in self.article.blocks
            if self.layout.place(block.index) in (Place.HEAD, Place.TAIL) and not is_picture(block)
        ]
        found = set()
        for quote in quotes:
            credit = read_credit(quote, self.agencies, self.article.language, self.own)
            if credit and credit.sure and not credit.joint and not credit.photo:
                found |= {name.casefold() for name in credit.names}
        return frozenset(found)

    def is_agency_person(self, name: str) -> bool:
        return name.casefold() in self.agency_people

    def visible(self) -> Iterator[Evidence]:
        opening = self.layout.prose[:_OPENING]
        closing = self.layout.prose[-_CLOSING:]
        for block, judgement in zip(self.article.blocks, self.judgements, strict=True):
            place = self.layout.place(block.index)
            if judgement.kind in _SILENT or place in (Place.BEFORE, Place.AFTER):
                continue
            if block.index in opening or (place is Place.HEAD and not is_picture(block)):
                yield from self.dateline(block)
            if judgement.kind is WrapperKind.DISCLAIMER:
                yield from self.disclaimer(block)
            elif judgement.kind is WrapperKind.SOURCE_LINK:
                yield from self.source_link(block, judgement)
            elif judgement.kind is None and (block.index in closing or place is Place.TAIL):
                found = [*self.signoff(block), *self.contribution(block)]
                yield from found or self.credit(block, place)
            elif judgement.kind is not WrapperKind.PROMOTION and not is_picture(block):
                yield from self.credit(block, place)

    def dateline(self, block: Block) -> Iterator[Evidence]:
        found = read_dateline(block.text, self.agencies, self.article.language, self.own)
        if found:
            kind = "dateline" if found.strong else "weak-dateline"
            for mention in found.mentions:
                yield self.fact(kind, found.quote, block, _party(mention))

    def signoff(self, block: Block) -> Iterator[Evidence]:
        found = read_signoff(block.text, self.agencies, self.article.language, self.own)
        if found:
            yield from self.credited(found, "sign-off", block)

    def credit(self, block: Block, place: Place) -> Iterator[Evidence]:
        """A line of its own: byline, source line, sign-off, copyright."""
        read = read_credit(block.text, self.agencies, self.article.language, self.own)
        if read is None:
            if place is Place.TAIL or block.index == self.layout.last:
                yield from self.copyright(block)
                yield from self.contribution(block)
            return
        if read.photo:
            return
        if not read.mentions:
            yield from self.signed(read, block)
            return
        if not self.counts(read, block, place):
            return
        kind = "byline" if place is Place.HEAD else "sign-off"
        if read.has(Part.SOURCE):
            kind = "source-line"
        if read.has(Part.RIGHTS) or _has_rights(read):
            kind = "copyright"
        yield from self.credited(read, kind, block)

    def counts(self, read: CreditLine, block: Block, place: Place) -> bool:
        """Whether a line that names agencies stands where it credits the text with them."""
        marked = hinted(block, "author", 6) or hinted(block, "agency", 6)
        introduced = read.joint or any(
            read.has(part) for part in (Part.SOURCE, Part.BYLINE, Part.WITH_FILES)
        )
        if read.slashed and not (introduced or marked):
            return False
        if (read.loose and not marked) or (block.kind is BlockKind.LINK and not marked):
            return False
        if not read.sure and not any(
            self.article.language in mention.agency.languages for mention in read.mentions
        ):
            return False
        if read.has(Part.RIGHTS) and not _has_signoff(read) and place is not Place.TAIL:
            return False
        if not (read.sure or introduced or marked or self.is_at_home(read)):
            return False
        if place is Place.BODY:
            return introduced or marked or _has_signoff(read)
        if introduced or marked or place is Place.TAIL:
            return True
        return not self.beside_picture(block) and self.fits_bylines(block)

    def is_at_home(self, read: CreditLine) -> bool:
        """Whether a bare abbreviation is that of an agency whose first language the page is in.

        Two letters are never enough: "AA" is also what a control of the letter size shows.
        """
        return any(
            len(mention.form) > 2 and self.article.language in mention.agency.languages[:1]
            for mention in read.mentions
        )

    def fits_bylines(self, block: Block) -> bool:
        """Whether a bare line in the head can be a byline: there is no other, or it stands below.

        Where somebody else signs, an agency's name elsewhere in the head is a picture's credit.
        """
        signed = [
            other.index
            for other, judgement in zip(self.article.blocks, self.judgements, strict=True)
            if judgement.kind is WrapperKind.BYLINE
            and other is not block
            and not self.agencies.find(other.text)
            and self.layout.place(other.index) is Place.HEAD
        ]
        people = any(said.people for said in said_by_claims(self.article, self.agencies, self.own))
        if not signed:
            return not people
        return any(0 < block.index - index <= _STACKED for index in signed)

    def beside_picture(self, block: Block) -> bool:
        """Whether a bare line may be a picture's credit that the markup does not mark as one."""
        near = self.article.blocks[max(block.index - 1, 0) : block.index + 2]
        return any(is_picture(other) for other in near if other is not block)

    def credited(self, read: CreditLine, kind: str, block: Block) -> Iterator[Evidence]:
        kind = "with-files" if read.has(Part.WITH_FILES) else kind
        kind = "with-agency" if read.joint and kind != "with-files" else kind
        for mention in read.mentions:
            party = _party(mention)
            if party != self.publisher:
                yield self.fact(kind, read.text, block, party)
        if read.staff and self.publisher:
            yield self.fact("staff-initials", read.text, block, self.staff)

    def signed(self, read: CreditLine, block: Block) -> Iterator[Evidence]:
        """A byline that names people, or the outlet itself."""
        people = tuple(n for n in read.names if not self.is_agency_person(n) and len(n.split()) > 1)
        byline = self.judgements[block.index].kind is WrapperKind.BYLINE
        if byline and people:
            yield self.fact("staff-byline", read.text, block, self.staff)
        elif byline and read.staff:
            yield self.fact("own-byline", read.text, block, self.staff)

    def disclaimer(self, block: Block) -> Iterator[Evidence]:
        if len(block.text) > _LONGEST_NOTICE:
            return
        verbatim = any(hit.kind is PhraseKind.VERBATIM for hit in phrases().find(block.text))
        kind = "disclaimer" if verbatim else "weak-disclaimer"
        for mention in self.agencies.find(block.text, self.article.language):
            if not mention.photo and _party(mention) != self.publisher:
                yield self.fact(kind, block.text, block, _party(mention))

    def source_link(self, block: Block, judgement: BlockJudgement) -> Iterator[Evidence]:
        hits = phrases().find(block.text)
        first = any(hit.kind is PhraseKind.FIRST_APPEARED for hit in hits)
        kind = "first-appeared-on" if first else "source-link"
        parties = [_party(m) for m in self.agencies.find(block.text, self.article.language)]
        if judgement.party and not parties:
            parties = [judgement.party]
        for party in parties:
            if party != self.publisher:
                yield self.fact(kind, block.text, block, party)

    def copyright(self, block: Block) -> Iterator[Evidence]:
        if len(block.text) > _LONGEST_NOTICE:
            return
        for mention in self.agencies.find(block.text, self.article.language):
            if mention.kind is FormKind.SIGNOFFS and _party(mention) != self.publisher:
                yield self.fact("copyright", block.text, block, _party(mention))

    def contribution(self, block: Block) -> Iterator[Evidence]:
        """A line such as: The Associated Press contributed to this report."""
        text = block.text[-_LONGEST_NOTICE:]
        hits = [h for h in phrases().find(text) if h.kind is PhraseKind.CONTRIBUTION]
        if not hits or len(text.split()) > 80:
            return
        for mention in self.agencies.find(text, self.article.language):
            if mention.photo or _party(mention) == self.publisher:
                continue
            names_people = text[mention.end :].lstrip()[:1].isalpha() and not any(
                text[mention.end : hit.start].strip() == "" for hit in hits
            )
            kind = "own-contribution" if names_people else "contribution"
            yield self.fact(kind, text, block, _party(mention))


def _party(mention: Mention) -> Party:
    return Party("agency", mention.agency.id, mention.agency.name)


def _has_rights(read: CreditLine) -> bool:
    """Whether the agencies are named by nothing but forms that hold a copyright sign."""
    forms = [mention.form.lower() for mention in read.mentions]
    return bool(forms) and all(form.startswith(("©", "(c)", "copyright", "ⓒ")) for form in forms)


def _has_signoff(read: CreditLine) -> bool:
    return any(mention.kind is FormKind.SIGNOFFS for mention in read.mentions)
