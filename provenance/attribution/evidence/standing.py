"""Whether a line that names agencies stands where it credits the text with them.

The same words credit a picture beside a picture, and nothing in a menu or among other stories.
"""

from __future__ import annotations

import re
from dataclasses import dataclass

from provenance.article import Block, BlockKind, WrapperKind
from provenance.attribution.agencies.agency import FormKind
from provenance.attribution.credits.line import CreditLine
from provenance.attribution.credits.parts import ADDRESS
from provenance.attribution.credits.stretches import Part
from provenance.attribution.evidence.claims import said_by_claims
from provenance.attribution.language.lines import ends_sentence
from provenance.attribution.wrapper.hints import hinted
from provenance.attribution.wrapper.kinds import BlockJudgement
from provenance.attribution.wrapper.layout import Place, is_prose
from provenance.attribution.wrapper.sights import Page

_SHOUTED = 4
"""Words from which a line in capitals has no abbreviation that could be told from a word."""
_CLOSE = 2
"""Blocks behind the story in which a lone name may sign it."""
_BULLETS = tuple("•·●▪■►▶*")
_NUMBERS = re.compile(r"\d+")


@dataclass(frozen=True)
class Standing:
    """Where credits count on a page.

    Attributes:
        page: The page.
        judgements: What each of its blocks does.
    """

    page: Page
    judgements: tuple[BlockJudgement, ...]

    def counts(self, read: CreditLine, block: Block) -> bool:
        """Whether a line credits the text with the agencies that it names."""
        sight = self.page.sight(block)
        marked = _is_marked(block)
        if sight.advertises or _thanks_for_picture(read, sight.place):
            return False
        if read.has(Part.RIGHTS) and not has_signoff(read) and sight.place is not Place.TAIL:
            return False
        if not read.sure and not any(m.agency_writes(self.language) for m in read.mentions):
            return False
        if not read.sure and read.text.isupper() and sight.words > _SHOUTED:
            return False
        if not marked and (block.kind is BlockKind.LINK or _runs_together(read, sight.place)):
            return False
        if sight.place is Place.BODY and read.text.rstrip().endswith((":", "：")):
            return False  # it introduces what follows
        if read.introduced or marked:
            return True
        if read.slashed or not (read.sure or sight.at_home):
            return False
        if sight.place is Place.BODY:
            return has_signoff(read) or self._ends_first_text(read, block)
        if sight.place is Place.TAIL or read.tied_to_own:
            return True
        beside = sight.beside_picture and not (_is_dated(read) and not sight.behind_picture)
        return not beside and self._fits_bylines(block)

    def _ends_first_text(self, read: CreditLine, block: Block) -> bool:
        """Whether a lone agency signs the text above it, and other texts' beginnings follow.

        It is the only such line, nobody else signs, and brackets or a list set it off.
        """
        blocks = self.page.article.blocks
        above, below = blocks[block.index - 1], blocks[block.index + 1]
        apart = read.bracketed or below.text[:1] in _BULLETS
        if not (read.only(Part.AGENCY) and apart and is_prose(above) and ends_sentence(above.text)):
            return False
        others = (other for other in blocks if other is not block)
        return not any(self.is_byline(one) or self._is_lone_agency(one) for one in others)

    def _is_lone_agency(self, block: Block) -> bool:
        read = self.page.sight(block).credit
        return read is not None and read.only(Part.AGENCY)

    def is_byline(self, block: Block) -> bool:
        """Whether a block is a byline by more than its looks: its words, its markup, its place."""
        if self.judgements[block.index].kind is not WrapperKind.BYLINE:
            return False
        layout, read = self.page.layout, self.page.sight(block).credit
        if hinted(block, "author", 6):
            return True
        if read is None:
            return False
        if read.opens(Part.BYLINE):
            return True
        below = layout.title if self.page.sight(block).place is Place.HEAD else layout.last
        return below < block.index <= max(layout.first, layout.last + _CLOSE)

    def is_lone(self, read: CreditLine, block: Block) -> bool:
        """Whether nothing but its place says that a line above the text names an author.

        Below an author's line it is theirs: "By Jane Doe", "Associated Press".
        """
        above = self.page.article.blocks[max(block.index - 1, 0)]
        signed = above is not block and self.is_byline(above)
        return read.only(Part.AGENCY) and not (signed or _is_marked(block))

    @property
    def language(self) -> str:
        """ISO 639-1 code of the page's language, or empty."""
        return self.page.article.language

    def _fits_bylines(self, block: Block) -> bool:
        """Whether a bare line in the head can be a byline: there is no other, or it stands below.

        Where somebody else signs, an agency's name elsewhere in the head is a picture's credit.
        """
        article, agencies = self.page.article, self.page.agencies
        signed = [
            other.index
            for other in article.blocks
            if self.is_byline(other)
            and other is not block
            and not self._names_site(other)
            and not agencies.find(other.text)
            and self.page.layout.place(other.index) is Place.HEAD
        ]
        if not signed:
            return not any(said.people for said in said_by_claims(article, agencies, self.page.own))
        return any(
            index < block.index
            and all(
                self.is_byline(between) or ADDRESS.fullmatch(between.text)
                for between in article.blocks[index : block.index]
            )
            for index in signed
        )

    def _names_site(self, block: Block) -> bool:
        """Whether a line is the outlet's own name and no more."""
        read = self.page.sight(block).credit
        return read is not None and read.only(Part.OWN)


def _is_marked(block: Block) -> bool:
    """Whether the markup around a line says that it names an author or an agency."""
    return hinted(block, "author", 6) or hinted(block, "agency", 6)


def _is_dated(read: CreditLine) -> bool:
    """Whether a line says when, to the day, as the line of an author does and no picture's."""
    return len(_NUMBERS.findall(read.text)) > 1


def has_signoff(read: CreditLine) -> bool:
    """Whether an agency is named by a form that is found in credits only."""
    return any(mention.kind is FormKind.SIGNOFFS for mention in read.mentions)


def _thanks_for_picture(read: CreditLine, place: Place) -> bool:
    return read.has(Part.COURTESY) and not read.has(Part.TEXT) and place is Place.HEAD


def _runs_together(read: CreditLine, place: Place) -> bool:
    """Whether names and agencies run together without a sign between them."""
    if place is not Place.TAIL:
        return read.loose
    closed = read.introduced or read.has(Part.RIGHTS)
    return (read.runs_on and not closed) or (read.loose and not read.signed_by_agency)
