"""Facts about those who are no agency: other outlets, newsrooms, and the outlet's own people."""

from __future__ import annotations

from collections.abc import Iterator

from provenance.article import Block, BlockKind, Evidence, Party, WrapperKind
from provenance.attribution.agencies.agency import AgencyKind
from provenance.attribution.credits.datelines import read_endings
from provenance.attribution.credits.line import CreditLine
from provenance.attribution.credits.names import (
    beside_own,
    came_from,
    credited_outlet,
    newsroom,
    sites,
)
from provenance.attribution.credits.stretches import Part
from provenance.attribution.evidence.facts import Facts
from provenance.attribution.language.phrases import PhraseKind, find_phrases
from provenance.attribution.notices.notice import passed_on
from provenance.attribution.outlets.names import (
    is_own,
    like_outlet,
    nobody,
    signed_for,
    signs_alone,
    unlike_person,
)
from provenance.attribution.outlets.parties import outlet_party
from provenance.attribution.wrapper.hints import states_source
from provenance.attribution.wrapper.layout import Place

_LONGEST_NAME = 6
"""Words that an outlet's name may have."""


def named_otherwise(facts: Facts, read: CreditLine, block: Block, place: Place) -> list[Evidence]:
    """A credit to agencies that it does not name, or to an outlet."""
    marked = _is_marked_source(read, block, place)
    if (block.kind in (BlockKind.LINK, BlockKind.HEADING) and not marked) or place is Place.BODY:
        return []
    if read.unnamed and not newsroom(read):
        return [facts.fact("unnamed-agencies", read.text, block, None)]
    shared = beside_own(read) if place is Place.TAIL else ""
    name = credited_outlet(read) or _signed_for(facts, read, block, place) or shared
    name = name or (read.text.strip() if marked else "")
    supplied = read.has(Part.TEXT) and read.introduced and not read.has(Part.BYLINE)
    supplied |= place is Place.TAIL and came_from(read)
    # Below a signed story "Source: Ministry of Transport" says where its figures are from.
    stated = read.has(Part.SOURCE) and not (facts.is_signed_by_people or _is_either(read))
    if not name or not (stated or supplied or shared or marked or like_outlet(name)):
        return []
    if is_own(name, facts.page.own) or len(name.split()) > _LONGEST_NAME:
        return []
    party = _named(facts, name, block)
    others = {_named(facts, site, block) for site in sites(read)} - {party, *facts.page.ourselves}
    kind = "with-files" if read.has(Part.WITH_FILES) else "outlet-credit"
    named = [] if party in facts.page.ourselves else [party]
    named += sorted(others, key=lambda other: other.name)
    return [facts.fact(kind, read.text, block, one) for one in named]


def _is_marked_source(read: CreditLine, block: Block, place: Place) -> bool:
    """Whether a name below the headline is marked up as that of the text's source."""
    return read.names_alone and place is Place.HEAD and states_source(block)


def _is_either(read: CreditLine) -> bool:
    """Whether its first words may introduce a person as well as a source: "Haber: …"."""
    opening = [hit for hit in find_phrases(read.text) if hit.start == read.stretches[0].start]
    return {PhraseKind.SOURCE, PhraseKind.BYLINE} <= {hit.kind for hit in opening}


def told_at_end(facts: Facts, block: Block) -> Iterator[Evidence]:
    """The outlet that a paragraph's end credits: "As informações são do Jornal X.", "(News18)"."""
    for read in read_endings(
        block.text, facts.page.agencies, facts.article.language, facts.page.own
    ):
        last = block.index == facts.page.layout.last
        whole = read.text.strip(" ()[]（）.—–-") if last and read.names_alone else ""
        alone = whole if whole in read.names and signs_alone(whole) else ""
        name = credited_outlet(read) if read.has(Part.TEXT) and read.introduced else alone
        if name and like_outlet(name) and not is_own(name, facts.page.own):
            yield facts.fact("outlet-credit", read.text, block, _named(facts, name, block))
            return


def noticed(facts: Facts, block: Block) -> Iterator[Evidence]:
    """The outlet from which a sentence about the text says that it came."""
    notice = facts.page.sight(block).notice
    name = notice.source if notice else ""
    party = _named(facts, name, block) if name else None
    if party and party not in facts.page.ourselves and not is_own(name, facts.page.own):
        yield facts.fact("outlet-credit", block.text, block, party)


def _signed_for(facts: Facts, read: CreditLine, block: Block, place: Place) -> str:
    """The outlet for whose newsroom, or with whose name, a byline signs."""
    if facts.judgements[block.index].kind is not WrapperKind.BYLINE or place is not Place.HEAD:
        return ""
    if " / " in read.text and facts.page.sight(block).beside_picture:
        return ""
    lone = read.names[0] if len(read.names) == len(read.stretches) == 1 else ""
    above = facts.judgements[: block.index]
    headed = any(judged.kind is WrapperKind.HEADLINE for judged in above)  # or a menu's "TV Radio"
    if lone and headed and unlike_person(lone):
        return signed_for(lone) or lone  # "Harbour Daily Dispatch" where the author stands
    return newsroom(read) or ("" if read.staff else signed_for(read.text))


def signed(facts: Facts, read: CreditLine, block: Block) -> Iterator[Evidence]:
    """A byline that names people, or the outlet itself."""
    if any(map(nobody, read.names)):
        return
    people = [name for name in read.people if not facts.is_agency_person(name)]
    byline = facts.standing.is_byline(block)
    if byline and people and not _passes_on(read):
        yield facts.fact("staff-byline", read.text, block, facts.staff)
    elif byline and read.staff:
        yield facts.fact("own-byline", read.text, block, facts.staff)


def _named(facts: Facts, name: str, block: Block) -> Party:
    """The outlet of a name, or the agency at whose address it is: "Source: bloomberg.com"."""
    agency = facts.page.agencies.by_domain(name.lower().removeprefix("www."))
    if agency and agency.kind is AgencyKind.AGENCY:
        return Party("agency", agency.id, agency.name)
    return outlet_party(name, block, facts.article)


def _passes_on(read: CreditLine) -> bool:
    """Whether a line says how the text came here, so that whom it names is no author."""
    told = (Part.SUPPLIED, Part.COURTESY, Part.WITH_FILES)
    signed = read.opens(Part.BYLINE)  # "Posted by Jane Doe"
    return any(map(read.has, told)) or (not signed and passed_on(read.text))
