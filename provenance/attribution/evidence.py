"""Everything a page says about whose text it is: each fact with place, words and weight.

What only mentions an agency gives no evidence: a photo credit, "told Reuters", a poll, a menu, the
teaser of another story. An outlet that names itself gives some only for its own reporting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from functools import cached_property

from provenance.article import AGENCY_FEED, Article, Block, BlockKind, Evidence, Party, WrapperKind
from provenance.attribution import outlets
from provenance.attribution.agencies import Agencies
from provenance.attribution.agency import AgencyKind, FormKind, Mention
from provenance.attribution.claims import said_by_claims
from provenance.attribution.credit_lines import CreditLine, read_credit
from provenance.attribution.credit_names import came_from, credited_outlet, newsroom
from provenance.attribution.credit_parts import Part
from provenance.attribution.datelines import read_dateline, read_signoff
from provenance.attribution.hints import in_site_footer, is_picture
from provenance.attribution.layout import Place
from provenance.attribution.notices import passed_on, tells_of_feed
from provenance.attribution.outlets import is_own, like_outlet, nobody, outlet_party, signed_for
from provenance.attribution.phrases import PhraseKind, find_phrases
from provenance.attribution.sights import Page, page_of
from provenance.attribution.standing import Standing
from provenance.attribution.weights import WEIGHTS
from provenance.attribution.wrapper import BlockJudgement

_OPENING = 3
"""Paragraphs at the start in which a dateline may stand."""
_CLOSING = 3
"""Paragraphs at the end in which a sign-off may stand."""
_QUOTE = 300
_LONGEST_NOTICE = 1200
_LONGEST_NAME = 6
"""Words that an outlet's name may have."""
_NOT_NEWS = ("meta:googlebot-news",)
"""Claims by which a page asks news searches to leave it out, as copies are asked to."""
_HELD = re.compile(
    r"(?:©|ⓒ|\(c\)|copyright)[\s©]{0,3}(?:\d{4})?,?\s?(?:by )?(?:the )?$", re.IGNORECASE
)
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
    facts = _Facts(page_of(article, agencies), tuple(judgements))
    found = [*facts.own_site(), *facts.metadata(), *facts.visible()]
    return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class _Facts:
    page: Page
    judgements: tuple[BlockJudgement, ...]

    @property
    def article(self) -> Article:
        return self.page.article

    @cached_property
    def standing(self) -> Standing:
        return Standing(self.page, self.judgements)

    @cached_property
    def staff(self) -> Party:
        return self.page.publisher or Party("outlet", "", "")

    def fact(self, kind: str, quote: str, block: Block | None, party: Party | None) -> Evidence:
        index = block.index if block else None
        return Evidence(kind, quote[:_QUOTE], index, WEIGHTS[kind], self.article.id, party)

    def own_site(self) -> Iterator[Evidence]:
        agency = outlets.own_agency(self.article, self.page.agencies)
        if agency:
            address = self.article.final_url or self.article.url or self.article.canonical_url
            fed = any(claim.field == AGENCY_FEED for claim in self.article.claims)
            kind = "agency-feed" if fed else "self"
            yield self.fact(kind, address or self.article.id, None, agency)

    def metadata(self) -> Iterator[Evidence]:
        said = list(said_by_claims(self.article, self.page.agencies, self.page.own))
        for one in said:
            if one.party and one.party not in self.page.ourselves:
                kind = "with-agency" if one.joint else one.kind
                yield self.fact(kind, one.quote, None, one.party)
                if one.own:
                    yield self.fact("staff-initials", one.quote, None, self.staff)
        for claim in self.article.claims:
            if claim.field.lower() in _NOT_NEWS:
                yield self.fact("noindex-news", claim.value, None, None)
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
            if self.page.layout.place(block.index) in (Place.HEAD, Place.TAIL)
            and not is_picture(block)
        ]
        found = set()
        for quote in quotes:
            credit = read_credit(quote, self.page.agencies, self.article.language, self.page.own)
            if credit and credit.sure and not credit.joint and not credit.photo:
                found |= {name.casefold() for name in credit.names}
        return frozenset(found)

    @cached_property
    def is_signed(self) -> bool:
        """Whether the outlet's own people sign above the story."""
        return any(
            self.standing.is_byline(block)
            and self.page.layout.place(block.index) is Place.HEAD
            and (read := self.page.sight(block).credit) is not None
            and bool(read.names or read.staff)
            and not (read.mentions or read.photo)
            for block in self.article.blocks
        )

    def is_agency_person(self, name: str) -> bool:
        return name.casefold() in self.agency_people

    def visible(self) -> Iterator[Evidence]:
        opening = self.page.layout.prose[:_OPENING]
        closing = self.page.layout.prose[-_CLOSING:]
        for block, judgement in zip(self.article.blocks, self.judgements, strict=True):
            place = self.page.layout.place(block.index)
            if judgement.kind in _SILENT or place in (Place.BEFORE, Place.AFTER):
                continue
            if in_site_footer(block):
                continue
            if block.index in opening or (place is Place.HEAD and not is_picture(block)):
                yield from self.dateline(block)
            if judgement.kind is WrapperKind.DISCLAIMER:
                yield from self.disclaimer(block, place)
            elif judgement.kind is WrapperKind.SOURCE_LINK:
                yield from self.source_link(block, judgement)
            elif judgement.kind is None and (block.index in closing or place is Place.TAIL):
                found = [*self.signoff(block), *self.contribution(block)]
                yield from found or self.credit(block, place)
            elif judgement.kind is not WrapperKind.PROMOTION and not is_picture(block):
                yield from self.credit(block, place)

    def dateline(self, block: Block) -> Iterator[Evidence]:
        found = read_dateline(block.text, self.page.agencies, self.article.language, self.page.own)
        if found:
            kind = "dateline" if found.strong else "weak-dateline"
            for mention in found.mentions:
                yield self.fact(kind, found.quote, block, _party(mention))

    def signoff(self, block: Block) -> Iterator[Evidence]:
        found = read_signoff(block.text, self.page.agencies, self.article.language, self.page.own)
        if found and found.unnamed:
            yield self.fact("unnamed-agencies", found.text, block, None)
        elif found:
            yield from self.credited(found, "sign-off", block)

    def credit(self, block: Block, place: Place) -> Iterator[Evidence]:
        """A line of its own: byline, source line, sign-off, copyright."""
        read = self.page.sight(block).credit
        if read is None:
            yield from self.noticed(block)
            if place is Place.TAIL or block.index == self.page.layout.last:
                yield from self.copyright(block)
                yield from self.contribution(block)
            return
        if read.photo:
            return
        if not read.mentions:
            named = self.named_otherwise(read, block, place) or list(self.noticed(block))
            yield from named or self.signed(read, block)
            return
        if not self.standing.counts(read, block):
            return
        kind = "byline" if place is Place.HEAD else "sign-off"
        if read.has(Part.SOURCE) or read.has(Part.SUPPLIED) or read.has(Part.COURTESY):
            kind = "source-line"
        if read.has(Part.RIGHTS) or _has_rights(read):
            kind = "copyright"
        yield from self.credited(read, kind, block)
        if all(one.agency.kind is not AgencyKind.AGENCY for one in read.mentions):
            yield from self.noticed(block)  # who passed it on is not who wrote it

    def credited(self, read: CreditLine, kind: str, block: Block) -> Iterator[Evidence]:
        if read.joint:
            kind = "own-contribution" if read.agency_people else "with-agency"
        for part in (Part.CONTRIBUTION, Part.WITH_FILES):
            if read.has(part):
                kind = "own-contribution" if read.agency_people else part.value
        for mention in read.mentions:
            party = _party(mention)
            if party not in self.page.ourselves:
                yield self.fact(kind, read.text, block, party)
        if read.staff:
            yield self.fact("staff-initials", read.text, block, self.staff)

    def named_otherwise(self, read: CreditLine, block: Block, place: Place) -> list[Evidence]:
        """A credit to agencies that it does not name, or to an outlet."""
        if block.kind in (BlockKind.LINK, BlockKind.HEADING) or place is Place.BODY:
            return []
        if read.unnamed and not newsroom(read):
            return [self.fact("unnamed-agencies", read.text, block, None)]
        name = credited_outlet(read) or self.signed_for(read, block, place)
        supplied = read.has(Part.TEXT) and read.introduced and not read.has(Part.BYLINE)
        supplied |= place is Place.TAIL and came_from(read)
        # Below a signed story "Source: Ministry of Transport" says where its figures are from.
        stated = read.has(Part.SOURCE) and not self.is_signed
        if not name or not (stated or supplied or like_outlet(name)):
            return []
        if is_own(name, self.page.own) or len(name.split()) > _LONGEST_NAME:
            return []
        party = outlet_party(name, block, self.article)
        kind = "with-files" if read.has(Part.WITH_FILES) else "outlet-credit"
        fact = self.fact(kind, read.text, block, party)
        return [] if party in self.page.ourselves else [fact]

    def noticed(self, block: Block) -> Iterator[Evidence]:
        """The outlet from which a sentence about the text says that it came."""
        notice = self.page.sight(block).notice
        name = notice.source if notice else ""
        party = outlet_party(name, block, self.article) if name else None
        if party and party not in self.page.ourselves and not is_own(name, self.page.own):
            yield self.fact("outlet-credit", block.text, block, party)

    def signed_for(self, read: CreditLine, block: Block, place: Place) -> str:
        """The outlet for whose newsroom, or with whose name, a byline signs."""
        if self.judgements[block.index].kind is not WrapperKind.BYLINE or place is not Place.HEAD:
            return ""
        if " / " in read.text and self.page.sight(block).beside_picture:
            return ""
        return newsroom(read) or ("" if read.staff else signed_for(read.text))

    def signed(self, read: CreditLine, block: Block) -> Iterator[Evidence]:
        """A byline that names people, or the outlet itself."""
        if any(map(nobody, read.names)):
            return
        people = [name for name in read.people if not self.is_agency_person(name)]
        byline = self.standing.is_byline(block)
        if byline and people and not _passes_on(read):
            yield self.fact("staff-byline", read.text, block, self.staff)
        elif byline and read.staff:
            yield self.fact("own-byline", read.text, block, self.staff)

    def disclaimer(self, block: Block, place: Place) -> Iterator[Evidence]:
        notice = self.page.sight(block).notice
        for mention in notice.mentions if notice else ():
            if _party(mention) not in self.page.ourselves:
                yield self.fact("disclaimer", block.text, block, _party(mention))
        if notice and not (notice.mentions or notice.source):
            yield self.fact("unnamed-agencies", block.text, block, None)
        if notice or len(block.text) > _LONGEST_NOTICE:
            return
        hits = [hit for hit in find_phrases(block.text) if hit.kind is PhraseKind.VERBATIM]
        verbatim = [block.text[hit.start : hit.end] for hit in hits]
        read = self.page.sight(block).credit
        if read and read.mentions and not verbatim:
            yield from self.credit(block, place)
            return
        kind = "disclaimer" if verbatim else "weak-disclaimer"
        mentions = self.page.agencies.find(block.text, self.article.language)
        for mention in mentions:
            if not mention.photo and _party(mention) not in self.page.ourselves:
                yield self.fact(kind, block.text, block, _party(mention))
        if not mentions and any(tells_of_feed(phrase) for phrase in verbatim):
            yield self.fact("unnamed-agencies", block.text, block, None)

    def source_link(self, block: Block, judgement: BlockJudgement) -> Iterator[Evidence]:
        hits = find_phrases(block.text)
        first = any(hit.kind is PhraseKind.FIRST_APPEARED for hit in hits)
        kind = "first-appeared-on" if first else "source-link"
        parties = [_party(m) for m in self.page.agencies.find(block.text, self.article.language)]
        if judgement.party and not parties:
            parties = [judgement.party]
        parties = parties or outlets.linked(block, self.article, self.page.agencies)
        for party in parties:
            if party not in self.page.ourselves:
                yield self.fact(kind, block.text, block, party)
        read = None if parties else self.page.sight(block).credit
        place = self.page.layout.place(block.index)
        named = self.named_otherwise(read, block, place) if read else []
        yield from named if named or parties else self.noticed(block)

    def copyright(self, block: Block) -> Iterator[Evidence]:
        """Rights stated behind other words: "Write to him at …. © 2024 Example Features"."""
        if len(block.text) > _LONGEST_NOTICE:
            return
        for mention in self.page.agencies.find(block.text, self.article.language):
            held = mention.kind is FormKind.SIGNOFFS or _holds(block.text[: mention.start])
            if held and not mention.photo and _party(mention) not in self.page.ourselves:
                yield self.fact("copyright", block.text, block, _party(mention))

    def contribution(self, block: Block) -> Iterator[Evidence]:
        """A line such as: The Associated Press contributed to this report."""
        text = block.text[-_LONGEST_NOTICE:]
        hits = [h for h in find_phrases(text) if h.kind is PhraseKind.CONTRIBUTION]
        if not hits or len(text.split()) > 80:
            return
        for mention in self.page.agencies.find(text, self.article.language):
            if mention.photo or _party(mention) in self.page.ourselves:
                continue
            names_people = text[mention.end :].lstrip()[:1].isalpha() and not any(
                hit.start >= mention.end and not text[mention.end : hit.start].strip()
                for hit in hits
            )
            kind = "own-contribution" if names_people else "contribution"
            yield self.fact(kind, text, block, _party(mention))


def _party(mention: Mention) -> Party:
    return Party("agency", mention.agency.id, mention.agency.name)


def _passes_on(read: CreditLine) -> bool:
    """Whether a line says how the text came here, so that whom it names is no author."""
    told = (Part.SUPPLIED, Part.COURTESY, Part.WITH_FILES)
    return any(map(read.has, told)) or passed_on(read.text)


def _holds(before: str) -> bool:
    """Whether words end in a copyright sign that is not a picture's: "Image copyright …"."""
    held = _HELD.search(before)
    if not held:
        return False
    end = len(before[: held.start()].rstrip())
    return not any(h.end == end for h in find_phrases(before[:end]) if h.kind is PhraseKind.PHOTO)


def _has_rights(read: CreditLine) -> bool:
    """Whether the agencies are named by nothing but forms that hold a copyright sign."""
    forms = [mention.form.lower() for mention in read.mentions]
    return bool(forms) and all(form.startswith(("©", "(c)", "copyright", "ⓒ")) for form in forms)
