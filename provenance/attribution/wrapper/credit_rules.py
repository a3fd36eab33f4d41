"""Rules for headlines, times, pictures, bylines, credits, source links and disclaimers."""

from __future__ import annotations

from provenance.article import BlockKind, WrapperKind
from provenance.attribution.agencies.agency import FormKind
from provenance.attribution.credits.line import CreditLine
from provenance.attribution.credits.lines import read_credit
from provenance.attribution.credits.names import credited_outlet, newsroom
from provenance.attribution.credits.parts import parts
from provenance.attribution.credits.stretches import Part
from provenance.attribution.language.phrases import Hit, PhraseKind
from provenance.attribution.language.words import unify
from provenance.attribution.notices.notice import points_at_text
from provenance.attribution.outlets.names import brand_of, like_outlet, named_after
from provenance.attribution.outlets.parties import outlet_in
from provenance.attribution.wrapper.furniture_rules import (
    NOTICE,
    SHORT_LINE,
    is_furniture,
    more_prose_follows,
)
from provenance.attribution.wrapper.hints import hinted, is_picture, states_source
from provenance.attribution.wrapper.layout import Place, is_prose
from provenance.attribution.wrapper.sights import Sight

_LONGEST_HEADLINE = 40
_CASELESS_BYLINE = 8
"""Words of a script without capitals from which a line describes a picture and names nobody."""
_AROUND = " *•-–—|([\"“”'‘’"
"""What may stand around the subject of a sentence."""
_NAMES = range(2, 7)
"""Words of the names in a line that is nothing but names."""


def headline(sight: Sight) -> WrapperKind | None:
    """The headline, again wherever it is shown, with or without a brand behind it."""
    if sight.block.kind is BlockKind.TITLE and sight.block.index <= sight.page.layout.last:
        return WrapperKind.HEADLINE
    own = set(unify(sight.text).lower().split())
    if sight.place is Place.BODY or len(own) < 3 or sight.words > _LONGEST_HEADLINE:
        return None
    title = sight.page.title_words
    if sight.block.kind is BlockKind.HEADING and len(own & title) >= 0.8 * len(own):
        return WrapperKind.HEADLINE
    if title and len(own & title) >= 0.8 * max(len(own), len(title)):
        return None if sight.ends_sentence and title != own else WrapperKind.HEADLINE
    read = sight.credit
    credits = read is not None and (read.mentions or read.introduced or read.staff)
    bare = not sight.block.hints and sight.place is Place.HEAD and sight.block.main and not credits
    if not bare or sight.ends_sentence:
        return None
    brand = brand_of(sight.text)
    shown_twice = sight.page.texts.count(sight.text) > 1
    return WrapperKind.HEADLINE if shown_twice or like_outlet(brand) else None


def notice(sight: Sight) -> WrapperKind | None:
    """A sentence about the text itself, which says where it came from or who touched it."""
    credited = sight.credit is not None and (sight.credit.mentions or sight.credit.unnamed)
    if credited or sight.notice is None:
        return None
    return WrapperKind.CREDIT if sight.notice.source else WrapperKind.DISCLAIMER


def timestamp(sight: Sight) -> WrapperKind | None:
    """A line that says when, and little else."""
    if sight.words > SHORT_LINE:
        return None
    if sight.block.kind is BlockKind.TIME:
        return WrapperKind.TIMESTAMP
    if sum(char.isdigit() for char in sight.text) < 2 or sight.block.kind is BlockKind.LINK:
        return None
    stretches = parts(sight.text, sight.page.agencies)
    rest = sum(s.end - s.start for s in stretches if s.part in (Part.NAME, Part.PROSE))
    dated = any(s.part is Part.DATE for s in stretches)
    stamped = PhraseKind.TIMESTAMP in sight.phrase_kinds and sight.strength(PhraseKind.TIMESTAMP)
    if rest <= 0.25 * len(sight.text) and (dated or stamped or sight.text[:4].isdigit()):
        signed = any(s.part in (Part.AGENCY, Part.STAFF) for s in stretches)
        return None if signed else WrapperKind.TIMESTAMP
    if stamped and stamped >= 1 and sight.words <= 12 and not sight.ends_sentence:
        return WrapperKind.TIMESTAMP
    hint = hinted(sight.block, "timestamp", 4)
    by = sight.credit is not None and sight.credit.has(Part.BYLINE) and sight.credit.names
    return WrapperKind.TIMESTAMP if hint and sight.words <= 10 and dated and not by else None


def picture(sight: Sight) -> WrapperKind | None:
    """Captions and photo credits, known by markup or by their own words."""
    in_picture = is_picture(sight.block) and not is_prose(sight.block)
    credit = sight.credit
    if in_picture and _is_author_line(sight):
        return WrapperKind.BYLINE
    if in_picture and not (sight.block.main and sight.words > NOTICE):
        return WrapperKind.PHOTO_CREDIT if _credits_photo(sight) else WrapperKind.CAPTION
    if credit and credit.introduced and not credit.photo and credit.mentions:
        thanked = credit.has(Part.COURTESY) and not credit.has(Part.TEXT)
        return WrapperKind.PHOTO_CREDIT if thanked and sight.place is Place.HEAD else None
    if credit and sight.place is Place.HEAD and credit.shares_with_outlet:
        return WrapperKind.PHOTO_CREDIT
    captioned = sight.captioned or _is_boxed(sight)
    if credit and credit.mentions and captioned and not credit.introduced:
        return WrapperKind.PHOTO_CREDIT
    if credit and credit.photo and (credit.mentions or credit.names or credit.has(Part.AGENCY)):
        return WrapperKind.PHOTO_CREDIT if _opens_photo(sight, credit) else None
    if sight.place is Place.HEAD or sight.block.main:
        return WrapperKind.PHOTO_CREDIT if _ends_in_photo_credit(sight) else None
    return None


def _is_boxed(sight: Sight) -> bool:
    """Whether a line above the story stands in square brackets, as pictures are credited: "[AP]".

    In East Asia datelines do, too.
    """
    text = sight.text.strip()
    boxed = text.isascii() and text[:1] == "[" and text[-1:] == "]"
    return boxed and sight.place is Place.HEAD


def _is_author_line(sight: Sight) -> bool:
    """The page's own author line, though its layout puts it into the picture's frame."""
    byline = sight.page.article.byline
    opens = sight.credit is not None and sight.credit.opens(Part.BYLINE)
    return bool(byline) and opens and sight.text.endswith(byline) and sight.place is Place.HEAD


def _credits_photo(sight: Sight) -> bool:
    return bool(
        PhraseKind.PHOTO in sight.phrase_kinds
        or PhraseKind.RIGHTS in sight.phrase_kinds
        or sight.mentions
        or (sight.credit and sight.credit.names and sight.words <= 6)
    )


def _opens_photo(sight: Sight, credit: CreditLine) -> bool:
    """A picture word or a photo agency says it; one lone word such as "Video" does not."""
    return len(credit.stretches) > 1 or any(m.photo for m in sight.mentions)


def _ends_in_photo_credit(sight: Sight) -> bool:
    """A caption in plain text: a description that ends in a bracketed agency or photo credit."""
    text = sight.text.rstrip()
    credit = sight.credit
    signed = credit and credit.names and not (credit.photo or credit.bracketed or credit.slashed)
    signed = signed and not (_caseless(text) and sight.words > _CASELESS_BYLINE)
    if signed or not text.endswith((")", "]", "）")) or sight.words > 90:
        return False
    opener = max(text.rfind(sign) for sign in "([（")
    if not text[:opener].strip() and not (is_picture(sight.block) or sight.beside_picture):
        return False
    inside = text[opener + 1 : -1]
    article = sight.page.article
    credit = read_credit(inside, sight.page.agencies, article.language)
    if not credit or not (credit.photo or (credit.mentions and credit.sure)):
        return False
    before_story = sight.block.index <= sight.page.layout.first
    return credit.photo or (before_story and more_prose_follows(sight))


def source_link(sight: Sight) -> WrapperKind | None:
    """A link or a line that says where the text came from."""
    if sight.words <= SHORT_LINE and PhraseKind.SOURCE_LINK in sight.phrase_kinds:
        strong = sight.strength(PhraseKind.SOURCE_LINK)
        return WrapperKind.SOURCE_LINK if strong >= 0.5 or sight.linked >= 0.5 else None
    if sight.words <= 60 and PhraseKind.FIRST_APPEARED in sight.phrase_kinds:
        hit = next(h for h in sight.hits if h.kind is PhraseKind.FIRST_APPEARED)
        if sight.place is Place.BODY and not _speaks_of_text(sight, hit):
            return None  # "The memo, first published by …"
        named = named_after(sight.text, hit.end) or sight.block.links
        return WrapperKind.SOURCE_LINK if named else None
    return None


def _speaks_of_text(sight: Sight, hit: Hit) -> bool:
    """Whether what first appeared elsewhere is this text: named, by its headline too, or left out.

    The headline may have been another there.
    """
    subject = sight.text[: hit.start].strip(_AROUND)
    if not subject or points_at_text(subject) or subject in sight.page.article.title:
        return True
    title = sight.page.title_words
    return len(title & set(unify(subject).lower().split())) >= max(3, 0.6 * len(title))


def signoff(sight: Sight) -> WrapperKind | None:
    """A line in the words of an agency's own sign-off: "This report by … was first published …"."""
    signed = [m for m in sight.mentions if m.kind is FormKind.SIGNOFFS]
    held = PhraseKind.RIGHTS in sight.phrase_kinds or PhraseKind.LEGAL in sight.phrase_kinds
    short = sight.words <= SHORT_LINE and sight.place in (Place.TAIL, Place.BODY)
    return WrapperKind.CREDIT if signed and short and sight.credit and not held else None


def marked_source(sight: Sight) -> WrapperKind | None:
    """A name below the headline that the markup calls the source's."""
    below = sight.place is Place.HEAD and sight.block.index > sight.page.layout.title
    alone = sight.credit is not None and sight.credit.names_alone
    return WrapperKind.CREDIT if below and alone and states_source(sight.block) else None


def byline(sight: Sight) -> WrapperKind | None:
    """A line that names authors or an agency, unless those of another story."""
    kind = _signs(sight)
    elsewhere = hinted(sight.block, "others") and not sight.block.main
    return WrapperKind.RELATED if kind and elsewhere else kind


def _signs(sight: Sight) -> WrapperKind | None:
    """The kind of a line that names authors or an agency, by markup or by what it holds."""
    if not sight.near or is_prose(sight.block) or sight.words > SHORT_LINE:
        return None
    credit = sight.credit
    if hinted(sight.block, "author", 6) and not is_furniture(sight) and not sight.ends_sentence:
        return WrapperKind.BYLINE
    if sight.place is Place.TAIL and _is_signature(sight):
        return WrapperKind.BYLINE
    if not credit or credit.photo or sight.block.kind in (BlockKind.HEADING, BlockKind.LINK):
        return None
    if _lone_names(sight, credit) or _signs_as_newsroom(sight, credit):
        return WrapperKind.BYLINE
    if credit.unnamed:
        return WrapperKind.BYLINE if sight.place is Place.HEAD else WrapperKind.CREDIT
    undated = (stretch.part for stretch in credit.stretches if stretch.part is not Part.DATE)
    opens = next(undated, None) is Part.BYLINE
    if (
        opens
        and sight.place is not Place.BODY
        and (credit.names or credit.mentions or credit.staff)
    ):
        return WrapperKind.BYLINE
    if credit.mentions and not credit.loose and not sight.advertises:
        lone = credit.sure or sight.at_home or credit.bracketed or len(credit.stretches) > 1
        stated = credit.has(Part.SOURCE) or credit.has(Part.SUPPLIED)
        if sight.place is Place.HEAD and not stated and lone:
            return WrapperKind.BYLINE
        return WrapperKind.CREDIT if lone or stated else None
    if hinted(sight.block, "agency", 6) and (credit.mentions or credit.staff):
        return WrapperKind.CREDIT
    stated = credit.has(Part.SOURCE) and not (credit.has(Part.RIGHTS) and credit.has(Part.OWN))
    if stated and len(credit.stretches) > 1 and sight.place is not Place.HEAD:
        return WrapperKind.CREDIT
    if sight.place is not Place.BODY and like_outlet(credited_outlet(credit)):
        return WrapperKind.CREDIT
    return None


def _signs_as_newsroom(sight: Sight, credit: CreditLine) -> bool:
    """Whether a paragraph below the headline is a newsroom's name: "News18 Web Desk"."""
    signing = (Part.STAFF, Part.JOB, Part.OWN, Part.DATE)
    alone = all(stretch.part in signing for stretch in credit.stretches)
    below = sight.block.index > sight.page.layout.title >= 0 and sight.place is Place.HEAD
    plain = sight.block.kind is BlockKind.PARAGRAPH and not sight.linked
    return below and plain and bool(newsroom(credit) or (alone and credit.staff))


def _is_signature(sight: Sight) -> bool:
    """A closing line such as "(kas)" or "Reporting by …; Editing by …"."""
    text = sight.text.strip()
    bracketed = text[:1] in "([（" and text[-1:] in ")]）" and len(text) <= 8
    if bracketed and text[1:-1].isalpha() and text[1:-1].islower():
        return True
    return sight.strength(PhraseKind.BYLINE) >= 1 and ";" in text


def _lone_names(sight: Sight, credit: CreditLine) -> bool:
    """Whether a line between headline and story holds people's names and nothing else."""
    row = [stretch.part for stretch in credit.stretches]
    only = row == [Part.NAME, Part.OWN] or all(part in (Part.NAME, Part.JOINT) for part in row)
    below = sight.block.index > sight.page.layout.title >= 0 and sight.place is Place.HEAD
    plain = sight.block.kind is BlockKind.PARAGRAPH and sight.linked < 0.9
    told = sum(len(name.split()) for name in credit.names) in _NAMES
    return only and below and plain and told and not _caseless(sight.text)


def _caseless(text: str) -> bool:
    return text.lower() == text.upper()


def disclaimer(sight: Sight) -> WrapperKind | None:
    """A notice that the text is not, or not all, the page's own."""
    kinds = sight.phrase_kinds
    if sight.words > NOTICE or sight.words < 4 or not sight.near:
        return None
    if PhraseKind.CONTRIBUTION in kinds and sight.words <= 50 and sight.place is not Place.HEAD:
        last = sight.block.index >= sight.page.layout.last - 1
        return WrapperKind.CREDIT if last and sight.page.layout.first != sight.block.index else None
    if PhraseKind.DISCLAIMER not in kinds and PhraseKind.VERBATIM not in kinds:
        return None
    named = bool(sight.mentions) or any(
        name in unify(sight.text).lower() for name in sight.page.own
    )
    outlet = outlet_in(sight.block, sight.hits, sight.page.article, sight.page.agencies)
    bracketed = sight.text.lstrip()[:1] in "([*（【-–—" or not sight.block.main
    at_end = sight.block.index >= sight.page.layout.last or sight.place is Place.HEAD
    tokens = sum((named, outlet is not None, bracketed, at_end, PhraseKind.VERBATIM in kinds))
    return WrapperKind.DISCLAIMER if tokens >= 3 and (named or outlet or bracketed) else None
