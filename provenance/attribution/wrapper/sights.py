"""A block as the rules see it: its place, words, phrases, credit, each worked out once."""

from __future__ import annotations

from dataclasses import dataclass
from functools import cached_property, lru_cache

from provenance.article import Article, Block, BlockKind, Party, WrapperKind
from provenance.attribution.agencies.agency import Mention
from provenance.attribution.agencies.known import Agencies
from provenance.attribution.credits.line import CreditLine
from provenance.attribution.credits.lines import read_credit
from provenance.attribution.credits.stated import stated
from provenance.attribution.language.lines import ends, ends_sentence, link_share, words
from provenance.attribution.language.phrases import Hit, PhraseKind, find_phrases
from provenance.attribution.language.words import unify
from provenance.attribution.notices.notice import Notice, read_notice
from provenance.attribution.outlets.names import brand_of, like_outlet
from provenance.attribution.outlets.parties import own_house, own_names, own_party
from provenance.attribution.wrapper.hints import is_picture
from provenance.attribution.wrapper.layout import Layout, Place


@dataclass(frozen=True)
class Page:
    """A page and what its blocks have in common."""

    article: Article
    agencies: Agencies
    layout: Layout

    @cached_property
    def own(self) -> tuple[str, ...]:
        """The names of the outlet itself."""
        return own_names(self.article)

    @cached_property
    def publisher(self) -> Party | None:
        """Who published the page."""
        return own_party(self.article, self.agencies)

    @cached_property
    def ourselves(self) -> frozenset[Party]:
        """The publisher, and the agencies of its house: naming them credits nobody else."""
        house = own_house(self.article, self.agencies)
        return house | {self.publisher} if self.publisher else house

    @cached_property
    def title_words(self) -> frozenset[str]:
        """The words of the headline, in lower case."""
        return frozenset(unify(self.article.title).lower().split())

    @cached_property
    def texts(self) -> list[str]:
        """The text of every block."""
        return [block.text for block in self.article.blocks]

    @cached_property
    def _sights(self) -> dict[int, Sight]:
        return {}

    def sight(self, block: Block) -> Sight:
        """The block with what the rules look at."""
        return self._sights.setdefault(block.index, Sight(self, block))

    def brands(self, kinds: list[WrapperKind | None]) -> tuple[str, ...]:
        """Brands behind headlines that the rest of the page, or their shape, confirms."""
        found = []
        rest = " ".join(
            block.text
            for block, kind in zip(self.article.blocks, kinds, strict=True)
            if kind in (WrapperKind.DISCLAIMER, WrapperKind.PROMOTION, WrapperKind.LEGAL)
        ).lower()
        for block, kind in zip(self.article.blocks, kinds, strict=True):
            brand = brand_of(block.text) if kind is WrapperKind.HEADLINE else ""
            if brand and (
                like_outlet(brand) or brand.lower() in rest or unify(brand).lower() in self.own
            ):
                found.append(brand)
        return tuple(dict.fromkeys(found))


@lru_cache(maxsize=8)
def page_of(article: Article, agencies: Agencies) -> Page:
    """The page of an article; kept for a while, since it is read in several passes."""
    host = article.outlet.domain if article.outlet else ""
    text = "\n".join((article.title, *(block.text for block in article.blocks)))
    return Page(article, agencies.as_meant_by(text, host), Layout(article))


@dataclass(frozen=True)
class Sight:
    """A block with everything the rules look at, each worked out when first asked for."""

    page: Page
    block: Block

    @cached_property
    def text(self) -> str:
        """The text, or both ends of a long one: phrases stand at the ends."""
        return ends(self.block.text)

    @cached_property
    def place(self) -> Place:
        """Where the block stands, seen from the story."""
        return self.page.layout.place(self.block.index)

    @cached_property
    def words(self) -> int:
        """Number of words."""
        return words(self.text)

    @cached_property
    def hits(self) -> list[Hit]:
        """The known phrases in it."""
        return list(find_phrases(self.text))

    @cached_property
    def phrase_kinds(self) -> frozenset[PhraseKind]:
        """The kinds of those phrases."""
        return frozenset(hit.kind for hit in self.hits)

    @cached_property
    def mentions(self) -> list[Mention]:
        """The places that name an agency."""
        return self.page.agencies.find(self.text, self.page.article.language)

    @cached_property
    def credit(self) -> CreditLine | None:
        """The block read as a credit, when nothing but a credit is in it."""
        article = self.page.article
        return read_credit(stated(self.text), self.page.agencies, article.language, self.page.own)

    @cached_property
    def notice(self) -> Notice | None:
        """The block read as a sentence about the text, where such a sentence may stand."""
        article, layout = self.page.article, self.page.layout
        edge = self.place in (Place.HEAD, Place.TAIL)
        edge = edge or self.block.index in (layout.first, layout.last)
        # What is below the story may be taken for its end.
        late = self.place is Place.BODY and 2 * self.block.index > layout.first + layout.last
        if not (edge or late) or self.block.kind in (BlockKind.HEADING, BlockKind.TITLE):
            return None
        language, own = article.language, self.page.own
        found = read_notice(self.block.text, self.page.agencies, language, own, article.title)
        return found if edge or (found and found.firm) else None

    @cached_property
    def linked(self) -> float:
        """Share of the text that is links."""
        return link_share(self.block)

    @cached_property
    def ends_sentence(self) -> bool:
        """Whether it closes with the end of a sentence."""
        return ends_sentence(self.text)

    @cached_property
    def near(self) -> bool:
        """Whether the block stands close enough to the story to belong to it."""
        return self.place in (Place.HEAD, Place.BODY, Place.TAIL)

    @property
    def beside_picture(self) -> bool:
        """Whether a bare line may be a picture's credit that the markup does not mark as one."""
        below = self.block.index + 1
        return self.behind_picture or any(map(is_picture, self.page.article.blocks[below:][:1]))

    @property
    def behind_picture(self) -> bool:
        """Whether it stands right below a picture, as the credit of one does."""
        above = self.page.article.blocks[: self.block.index][-1:]
        return self.captioned or any(map(is_picture, above))

    @property
    def captioned(self) -> bool:
        """Whether the line above is a caption by its words, between headline and story."""
        above = self.block.index - 1
        if self.place is not Place.HEAD or above <= self.page.layout.title:
            return False
        sight = self.page.sight(self.page.article.blocks[above])
        return PhraseKind.CAPTION in sight.phrase_kinds

    @property
    def at_home(self) -> bool:
        """Whether the credit names an agency by an abbreviation at home in the page's language.

        In brackets, as agencies sign, any language in which it writes is home: "(Belga)".
        Two letters must be a paragraph of their own: "AA" is also what a control of the letter size
        shows, and "Harrisburg, PA" a place.
        """
        credit = self.credit
        if credit is None:
            return False
        lone = self.block.kind is BlockKind.PARAGRAPH and not credit.names
        language = self.page.article.language
        return any(
            (len(mention.form) > 2 or lone)
            and (
                mention.at_home(language) or (credit.bracketed and mention.agency_writes(language))
            )
            for mention in credit.mentions
        )

    @property
    def advertises(self) -> bool:
        """Whether it opens as an offer or as a pointer to other stories: "More from …"."""
        kinds = (PhraseKind.PROMOTION, PhraseKind.RELATED, PhraseKind.READ_MORE)
        return any(self.strength(kind) >= 1 for kind in kinds)

    def strength(self, kind: PhraseKind) -> float:
        """Share of the block that phrases of a kind fill; 1 more when one opens it."""
        spans = [hit for hit in self.hits if hit.kind is kind]
        if not spans:
            return 0.0
        share = sum(hit.end - hit.start for hit in spans) / max(len(self.text), 1)
        return share + (1.0 if not self.text[: spans[0].start].strip(" *•-–—|:►▶»>[(") else 0.0)
