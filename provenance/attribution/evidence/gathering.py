"""Everything a page says about whose text it is: each fact with place, words and weight.

What only mentions an agency gives no evidence: a photo credit, "told Reuters", a poll, a menu, the
teaser of another story. An outlet that names itself gives some only for its own reporting.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence

from provenance.article import Article, Block, BlockKind, Evidence, Party, WrapperKind
from provenance.attribution.agencies.agency import AgencyKind, FormKind, Mention
from provenance.attribution.agencies.known import Agencies
from provenance.attribution.credits.datelines import read_dateline, read_signoff
from provenance.attribution.credits.lines import CreditLine
from provenance.attribution.credits.names import came_from, credited_outlet, newsroom
from provenance.attribution.credits.stretches import Part
from provenance.attribution.evidence.facts import Facts, metadata, own_site
from provenance.attribution.language.phrases import PhraseKind, find_phrases
from provenance.attribution.notices.notice import passed_on, tells_of_feed
from provenance.attribution.outlets.names import (
    is_own,
    like_outlet,
    nobody,
    signed_for,
    unlike_person,
)
from provenance.attribution.outlets.parties import linked, outlet_party
from provenance.attribution.wrapper.hints import in_site_footer, is_picture
from provenance.attribution.wrapper.kinds import BlockJudgement
from provenance.attribution.wrapper.layout import Place
from provenance.attribution.wrapper.sights import page_of

_OPENING = 3
"""Paragraphs at the start in which a dateline may stand."""
_CLOSING = 3
"""Paragraphs at the end in which a sign-off may stand."""
_LONGEST_NOTICE = 1200
_LONGEST_NAME = 6
"""Words that an outlet's name may have."""
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
    facts = Facts(page_of(article, agencies), tuple(judgements))
    found = [*own_site(facts), *metadata(facts), *_visible(facts)]
    return tuple(dict.fromkeys(found))


def _visible(facts: Facts) -> Iterator[Evidence]:
    opening = facts.page.layout.prose[:_OPENING]
    closing = facts.page.layout.prose[-_CLOSING:]
    for block, judgement in zip(facts.article.blocks, facts.judgements, strict=True):
        place = facts.page.layout.place(block.index)
        if judgement.kind in _SILENT or place in (Place.BEFORE, Place.AFTER):
            continue
        if in_site_footer(block):
            continue
        if block.index in opening or (place is Place.HEAD and not is_picture(block)):
            yield from _dateline(facts, block)
        if judgement.kind is WrapperKind.DISCLAIMER:
            yield from _disclaimer(facts, block, place)
        elif judgement.kind is WrapperKind.SOURCE_LINK:
            yield from _source_link(facts, block, judgement)
        elif judgement.kind is None and (block.index in closing or place is Place.TAIL):
            found = [*_signoff(facts, block), *_contribution(facts, block)]
            yield from found or _credit(facts, block, place)
        elif judgement.kind is not WrapperKind.PROMOTION and not is_picture(block):
            yield from _credit(facts, block, place)


def _dateline(facts: Facts, block: Block) -> Iterator[Evidence]:
    found = read_dateline(block.text, facts.page.agencies, facts.article.language, facts.page.own)
    if found:
        kind = "dateline" if found.strong else "weak-dateline"
        for mention in found.mentions:
            yield facts.fact(kind, found.quote, block, _party(mention))


def _signoff(facts: Facts, block: Block) -> Iterator[Evidence]:
    found = read_signoff(block.text, facts.page.agencies, facts.article.language, facts.page.own)
    if found and found.unnamed:
        yield facts.fact("unnamed-agencies", found.text, block, None)
    elif found and (found.introduced or facts.closing.signs_all(block, signed=facts.is_signed)):
        yield from _credited(facts, found, "sign-off", block)


def _credit(facts: Facts, block: Block, place: Place) -> Iterator[Evidence]:
    """A line of its own: byline, source line, sign-off, copyright."""
    read = facts.page.sight(block).credit
    if read is None:
        yield from _noticed(facts, block)
        if place is Place.TAIL or block.index == facts.page.layout.last:
            yield from _copyright(facts, block)
            yield from _contribution(facts, block)
        return
    if read.photo:
        return
    if not read.mentions:
        named = _named_otherwise(facts, read, block, place) or list(_noticed(facts, block))
        yield from named or _signed(facts, read, block)
        return
    if not facts.standing.counts(read, block):
        return
    kind = "byline" if place is Place.HEAD else "sign-off"
    if read.has(Part.SOURCE) or read.has(Part.SUPPLIED) or read.has(Part.COURTESY):
        kind = "source-line"
    if read.has(Part.RIGHTS) or _has_rights(read):
        kind = "copyright"
    yield from _credited(facts, read, kind, block)
    if all(one.agency.kind is not AgencyKind.AGENCY for one in read.mentions):
        yield from _noticed(facts, block)  # who passed it on is not who wrote it


def _credited(facts: Facts, read: CreditLine, kind: str, block: Block) -> Iterator[Evidence]:
    if read.joint:
        kind = "own-contribution" if read.agency_people else "with-agency"
    for part in (Part.CONTRIBUTION, Part.WITH_FILES):
        if read.has(part):
            kind = "own-contribution" if read.agency_people else part.value
    for mention in read.mentions:
        party = _party(mention)
        if party not in facts.page.ourselves:
            yield facts.fact(kind, read.text, block, party)
    if read.staff:
        yield facts.fact("staff-initials", read.text, block, facts.staff)


def _named_otherwise(facts: Facts, read: CreditLine, block: Block, place: Place) -> list[Evidence]:
    """A credit to agencies that it does not name, or to an outlet."""
    if block.kind in (BlockKind.LINK, BlockKind.HEADING) or place is Place.BODY:
        return []
    if read.unnamed and not newsroom(read):
        return [facts.fact("unnamed-agencies", read.text, block, None)]
    name = credited_outlet(read) or _signed_for(facts, read, block, place)
    supplied = read.has(Part.TEXT) and read.introduced and not read.has(Part.BYLINE)
    supplied |= place is Place.TAIL and came_from(read)
    # Below a signed story "Source: Ministry of Transport" says where its figures are from.
    stated = read.has(Part.SOURCE) and not (facts.is_signed_by_people or _is_either(read))
    if not name or not (stated or supplied or like_outlet(name)):
        return []
    if is_own(name, facts.page.own) or len(name.split()) > _LONGEST_NAME:
        return []
    party = _named(facts, name, block)
    kind = "with-files" if read.has(Part.WITH_FILES) else "outlet-credit"
    fact = facts.fact(kind, read.text, block, party)
    return [] if party in facts.page.ourselves else [fact]


def _is_either(read: CreditLine) -> bool:
    """Whether its first words may introduce a person as well as a source: "Haber: …"."""
    opening = [hit for hit in find_phrases(read.text) if hit.start == read.stretches[0].start]
    return {PhraseKind.SOURCE, PhraseKind.BYLINE} <= {hit.kind for hit in opening}


def _noticed(facts: Facts, block: Block) -> Iterator[Evidence]:
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
        return lone  # "Harbour Daily Dispatch" where the author stands
    return newsroom(read) or ("" if read.staff else signed_for(read.text))


def _signed(facts: Facts, read: CreditLine, block: Block) -> Iterator[Evidence]:
    """A byline that names people, or the outlet itself."""
    if any(map(nobody, read.names)):
        return
    people = [name for name in read.people if not facts.is_agency_person(name)]
    byline = facts.standing.is_byline(block)
    if byline and people and not _passes_on(read):
        yield facts.fact("staff-byline", read.text, block, facts.staff)
    elif byline and read.staff:
        yield facts.fact("own-byline", read.text, block, facts.staff)


def _disclaimer(facts: Facts, block: Block, place: Place) -> Iterator[Evidence]:
    notice = facts.page.sight(block).notice
    for mention in notice.mentions if notice else ():
        if _party(mention) not in facts.page.ourselves:
            yield facts.fact("disclaimer", block.text, block, _party(mention))
    if notice and not (notice.mentions or notice.source):
        yield facts.fact("unnamed-agencies", block.text, block, None)
    if notice or len(block.text) > _LONGEST_NOTICE:
        return
    hits = [hit for hit in find_phrases(block.text) if hit.kind is PhraseKind.VERBATIM]
    verbatim = [block.text[hit.start : hit.end] for hit in hits]
    read = facts.page.sight(block).credit
    if read and read.mentions and not verbatim:
        yield from _credit(facts, block, place)
        return
    kind = "disclaimer" if verbatim else "weak-disclaimer"
    mentions = facts.page.agencies.find(block.text, facts.article.language)
    for mention in mentions:
        if not mention.photo and _party(mention) not in facts.page.ourselves:
            yield facts.fact(kind, block.text, block, _party(mention))
    if not mentions and any(tells_of_feed(phrase) for phrase in verbatim):
        yield facts.fact("unnamed-agencies", block.text, block, None)


def _source_link(facts: Facts, block: Block, judgement: BlockJudgement) -> Iterator[Evidence]:
    hits = find_phrases(block.text)
    first = any(hit.kind is PhraseKind.FIRST_APPEARED for hit in hits)
    kind = "first-appeared-on" if first else "source-link"
    parties = [_party(m) for m in facts.page.agencies.find(block.text, facts.article.language)]
    if judgement.party and not parties:
        parties = [judgement.party]
    parties = parties or linked(block, facts.article, facts.page.agencies)
    for party in parties:
        if party not in facts.page.ourselves:
            yield facts.fact(kind, block.text, block, party)
    read = None if parties else facts.page.sight(block).credit
    place = facts.page.layout.place(block.index)
    named = _named_otherwise(facts, read, block, place) if read else []
    yield from named if named or parties else _noticed(facts, block)


def _copyright(facts: Facts, block: Block) -> Iterator[Evidence]:
    """Rights stated behind other words: "Write to him at …. © 2024 Example Features"."""
    if len(block.text) > _LONGEST_NOTICE:
        return
    for mention in facts.page.agencies.find(block.text, facts.article.language):
        held = mention.kind is FormKind.SIGNOFFS or _holds(block.text[: mention.start])
        if held and not mention.photo and _party(mention) not in facts.page.ourselves:
            yield facts.fact("copyright", block.text, block, _party(mention))


def _contribution(facts: Facts, block: Block) -> Iterator[Evidence]:
    """A line such as: The Associated Press contributed to this report."""
    text = block.text[-_LONGEST_NOTICE:]
    hits = [h for h in find_phrases(text) if h.kind is PhraseKind.CONTRIBUTION]
    if not hits or len(text.split()) > 80:
        return
    for mention in facts.page.agencies.find(text, facts.article.language):
        if mention.photo or _party(mention) in facts.page.ourselves:
            continue
        names_people = text[mention.end :].lstrip()[:1].isalpha() and not any(
            hit.start >= mention.end and not text[mention.end : hit.start].strip() for hit in hits
        )
        kind = "own-contribution" if names_people else "contribution"
        yield facts.fact(kind, text, block, _party(mention))


def _named(facts: Facts, name: str, block: Block) -> Party:
    """The outlet of a name, or the agency at whose address it is: "Source: bloomberg.com"."""
    agency = facts.page.agencies.by_domain(name.lower().removeprefix("www."))
    if agency and agency.kind is AgencyKind.AGENCY:
        return Party("agency", agency.id, agency.name)
    return outlet_party(name, block, facts.article)


def _party(mention: Mention) -> Party:
    return Party("agency", mention.agency.id, mention.agency.name)


def _passes_on(read: CreditLine) -> bool:
    """Whether a line says how the text came here, so that whom it names is no author."""
    told = (Part.SUPPLIED, Part.COURTESY, Part.WITH_FILES)
    signed = any(one.part is Part.BYLINE for one in read.stretches[:1])  # "Posted by Jane Doe"
    return any(map(read.has, told)) or (not signed and passed_on(read.text))


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
