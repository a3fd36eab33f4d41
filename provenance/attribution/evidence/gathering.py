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
from provenance.attribution.credits.line import CreditLine
from provenance.attribution.credits.stretches import Part
from provenance.attribution.evidence.facts import Facts, metadata, own_site
from provenance.attribution.evidence.others import named_otherwise, noticed, signed, told_at_end
from provenance.attribution.language.phrases import PhraseKind, find_phrases
from provenance.attribution.notices.notice import tells_of_feed
from provenance.attribution.outlets.parties import linked
from provenance.attribution.wrapper.hints import in_site_footer, is_picture
from provenance.attribution.wrapper.kinds import BlockJudgement
from provenance.attribution.wrapper.layout import Place
from provenance.attribution.wrapper.sights import page_of

_CLOSING = 3
"""Paragraphs at the end in which a sign-off may stand."""
_LONGEST_NOTICE = 1200
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
    visible = list(_visible(facts))
    own = () if any(_states_other(facts, fact) for fact in visible) else own_site(facts)
    return tuple(dict.fromkeys((*own, *metadata(facts), *visible)))


def _states_other(facts: Facts, fact: Evidence) -> bool:
    """Whether a line above the story states a source that is not the page's own.

    Agencies' sites show others' stories, too, and say so there.
    """
    if fact.kind not in ("outlet-credit", "source-line") or fact.block is None:
        return False
    read = facts.page.sight(facts.article.blocks[fact.block]).credit
    above = facts.page.layout.place(fact.block) is Place.HEAD
    return above and read is not None and read.has(Part.SOURCE)


def _visible(facts: Facts) -> Iterator[Evidence]:
    closing = facts.page.layout.prose[-_CLOSING:]
    for block, judgement in zip(facts.article.blocks, facts.judgements, strict=True):
        place = facts.page.layout.place(block.index)
        if block.kind is BlockKind.TITLE and place is Place.HEAD:
            yield from _dateline(facts, block, certain=True)  # a lead that was taken for a headline
        if judgement.kind in _SILENT or place in (Place.BEFORE, Place.AFTER):
            continue
        if in_site_footer(block):
            continue
        if block.index in facts.opening or (place is Place.HEAD and not is_picture(block)):
            yield from _dateline(facts, block)
        if judgement.kind is WrapperKind.DISCLAIMER:
            yield from _disclaimer(facts, block, place)
        elif judgement.kind is WrapperKind.SOURCE_LINK:
            yield from _source_link(facts, block, judgement)
        elif judgement.kind is None and (block.index in closing or place is Place.TAIL):
            found = [*_signoff(facts, block), *_contribution(facts, block)]
            yield from found or [*_credit(facts, block, place)] or told_at_end(facts, block)
        elif judgement.kind is not WrapperKind.PROMOTION and not is_picture(block):
            yield from _credit(facts, block, place)


def _dateline(facts: Facts, block: Block, *, certain: bool = False) -> Iterator[Evidence]:
    credit = facts.page.sight(block).credit
    if credit and credit.slashed:
        return  # a picture's: "THE EXAMPLE PRESS/Jane Doe"
    found = read_dateline(block.text, facts.page.agencies, facts.article.language, facts.page.own)
    if found and (found.strong or not certain):
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
        yield from noticed(facts, block)
        if place is Place.TAIL or block.index == facts.page.layout.last:
            yield from _copyright(facts, block)
            yield from _contribution(facts, block)
        return
    if read.photo:
        return
    if not read.mentions:
        named = named_otherwise(facts, read, block, place) or list(noticed(facts, block))
        yield from named or signed(facts, read, block)
        return
    if not facts.standing.counts(read, block):
        return
    if place is Place.HEAD and not read.introduced and facts.contradicts_dateline(read):
        return  # a picture's credit
    kind = "sign-off" if place is not Place.HEAD else "byline"
    if kind == "byline" and facts.standing.is_lone(read, block):
        kind = "lone-name"
    if read.has(Part.SOURCE) or read.has(Part.SUPPLIED) or read.has(Part.COURTESY):
        kind = "source-line"
    if read.has(Part.RIGHTS) or _has_rights(read):
        kind = "copyright"
    yield from _credited(facts, read, kind, block)
    if all(one.agency.kind is not AgencyKind.AGENCY for one in read.mentions):
        yield from noticed(facts, block)  # who passed it on is not who wrote it


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
    named = named_otherwise(facts, read, block, place) if read else []
    yield from named if named or parties else noticed(facts, block)


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


def _party(mention: Mention) -> Party:
    return Party("agency", mention.agency.id, mention.agency.name)


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
