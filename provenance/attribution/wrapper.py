"""What each block of a page does: the story itself, or one kind of wrapper around it.

Rules in order of certainty; the first that fits decides. They use what the markup says, where a
block stands, how much of it is links, and the phrases in it, so that plain text, which has no
markup, is read by the same rules with less to go by.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import cached_property

from provenance.article import Article, Block, BlockKind, Party, WrapperKind
from provenance.attribution import outlets
from provenance.attribution.agencies import Agencies, Mention
from provenance.attribution.credit_lines import CreditLine, Part, parts, read_credit
from provenance.attribution.hints import INNERMOST, first_hint, hinted, is_picture
from provenance.attribution.layout import Layout, Place, ends_sentence, is_prose, link_share, words
from provenance.attribution.phrases import Hit, PhraseKind, phrases
from provenance.attribution.words import unify

_LONG = 600
"""Characters of a block that are looked at, from each end."""
_SHORT_LINE = 25
"""Words up to which a line may be furniture by its phrases alone."""
_MOSTLY = 0.6
"""Share of a line after the story that furniture's words fill."""
_LONGEST_HEADLINE = 40
_NOTICE = 120
"""Words up to which a block may be a disclaimer or a legal notice."""
_FURNITURE = (
    (PhraseKind.READ_MORE, WrapperKind.READ_MORE),
    (PhraseKind.COMMENT, WrapperKind.COMMENT),
    (PhraseKind.PROMOTION, WrapperKind.PROMOTION),
    (PhraseKind.RELATED, WrapperKind.RELATED),
    (PhraseKind.LEGAL, WrapperKind.LEGAL),
    (PhraseKind.NAVIGATION, WrapperKind.NAVIGATION),
)
_HINTED = {
    "comment": WrapperKind.COMMENT,
    "legal": WrapperKind.LEGAL,
    "navigation": WrapperKind.NAVIGATION,
    "promotion": WrapperKind.PROMOTION,
    "related": WrapperKind.RELATED,
    "branding": WrapperKind.BRANDING,
}


@dataclass(frozen=True, slots=True)
class BlockJudgement:
    """What one block does.

    Attributes:
        kind: The kind of wrapper, or None for the story's own text.
        party: The agency or outlet that a wrapper block names or speaks for, when there is one.
    """

    kind: WrapperKind | None
    party: Party | None = None


def wrapper_kinds(article: Article, agencies: Agencies) -> tuple[BlockJudgement, ...]:
    """Judge every block of a page by itself, without another copy.

    Args:
        article: The page.
        agencies: The known agencies.

    Returns:
        One judgement for each block, in order.
    """
    page = _Page(article, agencies, Layout(article))
    kinds = [_kind(page.sight(block)) for block in article.blocks]
    brands = page.brands(kinds)
    return tuple(
        BlockJudgement(kind, _party(page.sight(block), kind, brands) if kind else None)
        for block, kind in zip(article.blocks, kinds, strict=True)
    )


@dataclass(frozen=True)
class _Page:
    article: Article
    agencies: Agencies
    layout: Layout

    @cached_property
    def own(self) -> tuple[str, ...]:
        return outlets.own_names(self.article)

    @cached_property
    def title_words(self) -> frozenset[str]:
        return frozenset(unify(self.article.title).lower().split())

    @cached_property
    def texts(self) -> list[str]:
        return [block.text for block in self.article.blocks]

    @cached_property
    def _sights(self) -> dict[int, _Sight]:
        return {}

    def sight(self, block: Block) -> _Sight:
        return self._sights.setdefault(block.index, _Sight(self, block))

    def brands(self, kinds: list[WrapperKind | None]) -> tuple[str, ...]:
        """Brands behind headlines that the rest of the page, or their shape, confirms."""
        found = []
        rest = " ".join(
            block.text
            for block, kind in zip(self.article.blocks, kinds, strict=True)
            if kind in (WrapperKind.DISCLAIMER, WrapperKind.PROMOTION, WrapperKind.LEGAL)
        ).lower()
        for block, kind in zip(self.article.blocks, kinds, strict=True):
            brand = outlets.brand_of(block.text) if kind is WrapperKind.HEADLINE else ""
            if brand and (
                outlets.like_outlet(brand)
                or brand.lower() in rest
                or unify(brand).lower() in self.own
            ):
                found.append(brand)
        return tuple(dict.fromkeys(found))


@dataclass(frozen=True)
class _Sight:
    """A block with everything the rules look at, each worked out when first asked for."""

    page: _Page
    block: Block

    @cached_property
    def text(self) -> str:
        text = self.block.text
        return text if len(text) <= 2 * _LONG else text[:_LONG] + " " + text[-_LONG:]

    @cached_property
    def place(self) -> Place:
        return self.page.layout.place(self.block.index)

    @cached_property
    def words(self) -> int:
        return words(self.text)

    @cached_property
    def hits(self) -> list[Hit]:
        return phrases().find(self.text)

    @cached_property
    def phrase_kinds(self) -> frozenset[PhraseKind]:
        return frozenset(hit.kind for hit in self.hits)

    @cached_property
    def mentions(self) -> list[Mention]:
        return self.page.agencies.find(self.text, self.page.article.language)

    @cached_property
    def credit(self) -> CreditLine | None:
        article = self.page.article
        return read_credit(self.text, self.page.agencies, article.language, self.page.own)

    @cached_property
    def linked(self) -> float:
        return link_share(self.block)

    @cached_property
    def ends_sentence(self) -> bool:
        return ends_sentence(self.text)

    @cached_property
    def near(self) -> bool:
        """Whether the block stands close enough to the story to belong to it."""
        return self.place in (Place.HEAD, Place.BODY, Place.TAIL)

    def strength(self, kind: PhraseKind) -> float:
        """Share of the block that phrases of a kind fill; 1 more when one opens it."""
        spans = [hit for hit in self.hits if hit.kind is kind]
        if not spans:
            return 0.0
        share = sum(hit.end - hit.start for hit in spans) / max(len(self.text), 1)
        return share + (1.0 if not self.text[: spans[0].start].strip(" *•-–—|:►▶»>[(") else 0.0)


def _kind(sight: _Sight) -> WrapperKind | None:
    return next(filter(None, (rule(sight) for rule in _RULES)), None)


def _headline(sight: _Sight) -> WrapperKind | None:
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
    bare = not sight.block.hints and sight.place is Place.HEAD and sight.block.main
    if not bare or sight.ends_sentence:
        return None
    brand = outlets.brand_of(sight.text)
    shown_twice = sight.page.texts.count(sight.text) > 1
    return WrapperKind.HEADLINE if shown_twice or outlets.like_outlet(brand) else None


def _picture(sight: _Sight) -> WrapperKind | None:
    """Captions and photo credits, known by markup or by their own words."""
    in_picture = is_picture(sight.block) and not is_prose(sight.block)
    credit = sight.credit
    if in_picture and _is_author_line(sight):
        return WrapperKind.BYLINE
    if in_picture and not (sight.block.main and sight.words > _NOTICE):
        return WrapperKind.PHOTO_CREDIT if _credits_photo(sight) else WrapperKind.CAPTION
    if credit and credit.photo and (credit.mentions or credit.names or credit.has(Part.AGENCY)):
        return WrapperKind.PHOTO_CREDIT if _opens_photo(sight, credit) else None
    if sight.place is Place.HEAD or sight.block.main:
        return WrapperKind.PHOTO_CREDIT if _ends_in_photo_credit(sight) else None
    return None


def _is_author_line(sight: _Sight) -> bool:
    """The page's own author line, though its layout puts it into the picture's frame."""
    byline = sight.page.article.byline
    opens = sight.credit is not None and any(
        stretch.part is Part.BYLINE for stretch in sight.credit.stretches[:1]
    )
    return bool(byline) and opens and sight.text.endswith(byline) and sight.place is Place.HEAD


def _credits_photo(sight: _Sight) -> bool:
    return bool(
        PhraseKind.PHOTO in sight.phrase_kinds
        or PhraseKind.RIGHTS in sight.phrase_kinds
        or sight.mentions
        or (sight.credit and sight.credit.names and sight.words <= 6)
    )


def _opens_photo(sight: _Sight, credit: CreditLine) -> bool:
    """A picture word or a photo agency says it; one lone word such as "Video" does not."""
    return len(credit.stretches) > 1 or any(m.photo for m in sight.mentions)


def _ends_in_photo_credit(sight: _Sight) -> bool:
    """A caption in plain text: a description that ends in a bracketed agency or photo credit."""
    text = sight.text.rstrip()
    if not text.endswith((")", "]", "）")) or sight.words > 90:
        return False
    opener = max(text.rfind(sign) for sign in "([（")
    inside = text[opener + 1 : -1]
    article = sight.page.article
    credit = read_credit(inside, sight.page.agencies, article.language)
    if not credit or not (credit.photo or (credit.mentions and credit.sure)):
        return False
    before_story = sight.block.index <= sight.page.layout.first
    return credit.photo or (before_story and _more_prose_follows(sight))


def _more_prose_follows(sight: _Sight) -> bool:
    return any(index > sight.block.index for index in sight.page.layout.prose[:2])


def _timestamp(sight: _Sight) -> WrapperKind | None:
    if sight.words > _SHORT_LINE:
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
        agency = any(s.part is Part.AGENCY for s in stretches)
        return None if agency else WrapperKind.TIMESTAMP
    if stamped and stamped >= 1 and sight.words <= 12 and not sight.ends_sentence:
        return WrapperKind.TIMESTAMP
    hint = hinted(sight.block, "timestamp", 4)
    return WrapperKind.TIMESTAMP if hint and sight.words <= 10 and dated else None


def _byline(sight: _Sight) -> WrapperKind | None:
    if not sight.near or is_prose(sight.block) or sight.words > _SHORT_LINE:
        return None
    credit = sight.credit
    if hinted(sight.block, "author", 6) and not _is_furniture(sight) and not sight.ends_sentence:
        return WrapperKind.BYLINE
    if sight.place is Place.TAIL and _is_signature(sight):
        return WrapperKind.BYLINE
    if not credit or credit.photo or sight.block.kind in (BlockKind.HEADING, BlockKind.LINK):
        return None
    if _lone_names(sight, credit):
        return WrapperKind.BYLINE
    opens = credit.stretches and credit.stretches[0].part is Part.BYLINE
    if (
        opens
        and sight.place is not Place.BODY
        and (credit.names or credit.mentions or credit.staff)
    ):
        return WrapperKind.BYLINE
    if credit.mentions and not credit.loose:
        lone = credit.sure or credit.names or len(credit.stretches) > 1
        if sight.place is Place.HEAD and not credit.has(Part.SOURCE) and lone:
            return WrapperKind.BYLINE
        return WrapperKind.CREDIT if lone or credit.has(Part.SOURCE) else None
    if hinted(sight.block, "agency", 6) and (credit.mentions or credit.staff):
        return WrapperKind.CREDIT
    if credit.has(Part.SOURCE) and len(credit.stretches) > 1 and sight.place is not Place.HEAD:
        return WrapperKind.CREDIT
    return None


def _is_signature(sight: _Sight) -> bool:
    """A closing line such as "(kas)" or "Reporting by …; Editing by …"."""
    text = sight.text.strip()
    bracketed = text[:1] in "([（" and text[-1:] in ")]）" and len(text) <= 8
    if bracketed and text[1:-1].isalpha() and text[1:-1].islower():
        return True
    return sight.strength(PhraseKind.BYLINE) >= 1 and ";" in text


def _lone_names(sight: _Sight, credit: CreditLine) -> bool:
    """Whether a line between headline and story holds people's names and nothing else."""
    only = all(stretch.part in (Part.NAME, Part.JOINT) for stretch in credit.stretches)
    below = sight.block.index > sight.page.layout.title >= 0 and sight.place is Place.HEAD
    plain = sight.block.kind is BlockKind.PARAGRAPH and sight.linked < 0.9
    return only and below and plain and 2 <= sight.words <= 6 and not _caseless(sight.text)


def _caseless(text: str) -> bool:
    return text.lower() == text.upper()


def _source_link(sight: _Sight) -> WrapperKind | None:
    if sight.words <= _SHORT_LINE and PhraseKind.SOURCE_LINK in sight.phrase_kinds:
        strong = sight.strength(PhraseKind.SOURCE_LINK)
        return WrapperKind.SOURCE_LINK if strong >= 0.5 or sight.linked >= 0.5 else None
    if sight.words <= 60 and PhraseKind.FIRST_APPEARED in sight.phrase_kinds:
        hit = next(h for h in sight.hits if h.kind is PhraseKind.FIRST_APPEARED)
        named = outlets.named_after(sight.text, hit.end) or sight.block.links
        return WrapperKind.SOURCE_LINK if named else None
    return None


def _disclaimer(sight: _Sight) -> WrapperKind | None:
    kinds = sight.phrase_kinds
    if sight.words > _NOTICE or sight.words < 4 or not sight.near:
        return None
    if PhraseKind.CONTRIBUTION in kinds and sight.words <= 50 and sight.place is not Place.HEAD:
        last = sight.block.index >= sight.page.layout.last - 1
        return WrapperKind.CREDIT if last and sight.page.layout.first != sight.block.index else None
    if PhraseKind.DISCLAIMER not in kinds and PhraseKind.VERBATIM not in kinds:
        return None
    named = bool(sight.mentions) or any(
        name in unify(sight.text).lower() for name in sight.page.own
    )
    outlet = outlets.outlet_in(sight.block, sight.hits, sight.page.article, sight.page.agencies)
    bracketed = sight.text.lstrip()[:1] in "([*（【-–—" or not sight.block.main
    at_end = sight.block.index >= sight.page.layout.last or sight.place is Place.HEAD
    tokens = sum((named, outlet is not None, bracketed, at_end, PhraseKind.VERBATIM in kinds))
    return WrapperKind.DISCLAIMER if tokens >= 3 and (named or outlet or bracketed) else None


def _notice(sight: _Sight) -> WrapperKind | None:
    """A copyright notice that the extractor takes for the last paragraph."""
    rights = [hit for hit in sight.hits if hit.kind is PhraseKind.RIGHTS]
    closes = sight.block.index >= sight.page.layout.last and sight.near
    if not (rights and closes and sight.words <= _NOTICE):
        return None
    opens = sight.strength(PhraseKind.RIGHTS) >= 1
    return WrapperKind.LEGAL if opens or len(rights) > 1 else None


def _furniture(sight: _Sight) -> WrapperKind | None:
    """Lines known by their phrases: menus, offers, other stories, comments, notices."""
    if is_prose(sight.block) and sight.words > _SHORT_LINE and sight.place is Place.BODY:
        return None
    if not _is_furniture(sight):
        return None
    return max(_FURNITURE, key=lambda pair: (sight.strength(pair[0]), -_FURNITURE.index(pair)))[1]


def _is_furniture(sight: _Sight) -> bool:
    strongest = max(sight.strength(kind) for kind, _ in _FURNITURE)
    if strongest == 0:
        return False
    if not sight.block.main:
        return strongest >= 0.3
    if sight.block.kind is BlockKind.HEADING:
        return strongest >= 1.6
    if sight.words > _SHORT_LINE:
        return False
    if sight.place is Place.TAIL and strongest >= _MOSTLY:
        return True
    sentence = sight.ends_sentence and sight.words >= 6 and sight.linked < 0.3
    return strongest >= (1.45 if sentence else 1.2)


def _standfirst(sight: _Sight) -> WrapperKind | None:
    if sight.block.kind in (BlockKind.LINK, BlockKind.OTHER) or sight.words < 5:
        return None
    if sight.place is Place.HEAD and sight.words >= 6 and sight.linked < 0.5:
        below = sight.block.index > sight.page.layout.title >= 0 or sight.block.main
        shown = hinted(sight.block, "standfirst", 6) or below or _tells_story(sight)
        return WrapperKind.STANDFIRST if shown else None
    first = sight.block.index == sight.page.layout.first and _more_prose_follows(sight)
    if not first:
        return None
    if (
        hinted(sight.block, "standfirst", 6)
        and sight.block.hints[:INNERMOST] != sight.page.layout.body_hints
    ):
        return WrapperKind.STANDFIRST
    cut = not sight.ends_sentence and sight.words <= 40 and ". " not in sight.text
    return WrapperKind.STANDFIRST if cut and _tells_story(sight) else None


def _tells_story(sight: _Sight) -> bool:
    """Whether much of a line's words come again in the first paragraphs."""
    later = [i for i in sight.page.layout.prose if i > sight.block.index][:2]
    text = " ".join(sight.page.article.blocks[i].text for i in later)
    known = set(unify(text).lower().split())
    own = [word for word in unify(sight.text).lower().split() if len(word) > 3]
    return bool(own) and sum(word.strip(".,") in known for word in own) >= 0.4 * len(own)


def _outside(sight: _Sight) -> WrapperKind | None:
    """What the extractor leaves out: by the markup around it, else by where it stands."""
    block = sight.block
    if sight.linked >= 0.9 and sight.words >= 4 and block.index > sight.page.layout.first:
        return WrapperKind.RELATED
    if block.main and (sight.place is Place.BODY or is_prose(block)):
        return None
    if block.main and sight.place is Place.TAIL and sight.linked < 0.5:
        return None
    if _is_body_after_all(sight):
        return None
    if sight.place is Place.BODY and not block.main and block.kind is BlockKind.HEADING:
        return (
            None
            if block.hints[:1] and block.hints[0] in ("h2", "h3") and _sibling(sight)
            else WrapperKind.RELATED
        )
    beside_title = abs(block.index - sight.page.layout.title) <= 2
    if sight.place is Place.HEAD and beside_title and sight.words <= 8 and sight.linked < 0.5:
        return WrapperKind.HEADLINE
    hint = first_hint(block, tuple(_HINTED))
    if hint == "legal" and block.kind is BlockKind.LINK:
        return WrapperKind.NAVIGATION
    if hint:
        return _HINTED[hint]
    if PhraseKind.RIGHTS in sight.phrase_kinds:
        return WrapperKind.LEGAL
    if block.kind is BlockKind.LINK:
        return WrapperKind.RELATED if sight.words >= 4 else WrapperKind.NAVIGATION
    return WrapperKind.OTHER


def _sibling(sight: _Sight) -> bool:
    """Whether a block is laid out like the story's paragraphs, but for its own tag."""
    body = sight.page.layout.body_hints
    own = sight.block.hints[:INNERMOST]
    return len(set(body) & set(own)) >= 0.7 * max(len(body) - 1, 1)


def _is_body_after_all(sight: _Sight) -> bool:
    """A paragraph that the extractor missed among its like."""
    return (
        sight.place is Place.BODY
        and sight.block.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE)
        and sight.block.hints[:INNERMOST] == sight.page.layout.body_hints
        and sight.words >= 4
        and sight.linked < 0.5
    )


_RULES: tuple[Callable[[_Sight], WrapperKind | None], ...] = (
    _headline,
    _timestamp,
    _picture,
    _source_link,
    _byline,
    _disclaimer,
    _notice,
    _furniture,
    _standfirst,
    _outside,
)


def _party(sight: _Sight, kind: WrapperKind, brands: tuple[str, ...]) -> Party | None:
    """Whom a wrapper block names: an agency for credits, an outlet for brands and promotions."""
    page = sight.page
    if kind is WrapperKind.HEADLINE:
        brand = outlets.brand_of(sight.text)
        return outlets.outlet_party(brand, sight.block, page.article) if brand in brands else None
    credits = (
        WrapperKind.BYLINE,
        WrapperKind.CREDIT,
        WrapperKind.PHOTO_CREDIT,
        WrapperKind.DATELINE,
        WrapperKind.LEGAL,
    )
    if kind in credits:
        mention = next(iter(sight.mentions), None)
        return Party("agency", mention.agency.id, mention.agency.name) if mention else None
    if kind in (WrapperKind.DISCLAIMER, WrapperKind.SOURCE_LINK, WrapperKind.PROMOTION):
        party = outlets.outlet_in(sight.block, sight.hits, page.article, page.agencies, brands)
        if party or kind is not WrapperKind.DISCLAIMER or not sight.mentions:
            return party
        return Party("agency", sight.mentions[0].agency.id, sight.mentions[0].agency.name)
    return None
