"""Rules for what is neither story nor credit: notices, summaries, furniture, the rest.

Those that say a kind are sure of it; those that say yes or no leave the kind to the signs.
"""

from __future__ import annotations

import re

from provenance.article import BlockKind, WrapperKind
from provenance.attribution.language.phrases import PhraseKind, find_phrases
from provenance.attribution.language.words import unify
from provenance.attribution.outlets.names import PLATFORMS
from provenance.attribution.wrapper.hints import INNERMOST, first_hint, hinted
from provenance.attribution.wrapper.layout import Place, is_prose
from provenance.attribution.wrapper.sights import Sight

_LINKED = 0.5
"""Share of links from which a line of a menu is no text."""
SHORT_LINE = 25
"""Words up to which a line may be furniture by its phrases alone."""
NOTICE = 120
"""Words up to which a block may be a disclaimer or a legal notice."""
_RIGHT_BEFORE = 2
"""Lines before the story in which a summary stands."""
_IN_BANNER = 4
"""Innermost hints among which a banner's name stands."""
_CLOSING = 3
"""Paragraphs at the end of a story that may be no part of it."""
_INVITING = frozenset({PhraseKind.INVITES, PhraseKind.CHANNEL})
_SENTENCES, _WORDS = re.compile(r"(?<=[.!?।])\s+"), re.compile(r"\w+")
_MOSTLY = 0.6
"""Share of a line after the story that furniture's words fill."""
_FURNITURE = (
    PhraseKind.READ_MORE,
    PhraseKind.COMMENT,
    PhraseKind.PROMOTION,
    PhraseKind.RELATED,
    PhraseKind.LEGAL,
    PhraseKind.NAVIGATION,
)


def notice(sight: Sight) -> WrapperKind | None:
    """A copyright notice that the extractor takes for the last paragraph."""
    rights = [hit for hit in sight.hits if hit.kind is PhraseKind.RIGHTS]
    closes = sight.block.index >= sight.page.layout.last and sight.near
    if not (rights and closes and sight.words <= NOTICE):
        return None
    opens = sight.strength(PhraseKind.RIGHTS) >= 1
    return WrapperKind.LEGAL if opens or len(rights) > 1 else None


def menu(sight: Sight) -> WrapperKind | None:
    """A row of links in the page's element for navigation, however its entries read."""
    inside = "nav" in sight.block.hints[:2] and len(sight.block.links) > 1
    return WrapperKind.NAVIGATION if inside and sight.linked >= _LINKED else None


def consent(sight: Sight) -> WrapperKind | None:
    """What stands in a banner about cookies, by its markup."""
    return WrapperKind.LEGAL if hinted(sight.block, "consent", _IN_BANNER) else None


def invites(sight: Sight) -> bool:
    """Whether a line at the edge of the story asks to follow its author or the outlet elsewhere.

    "Jane Doe is a columnist. Follow her on Twitter" does, too.
    """
    closing = sight.block.index in sight.page.layout.prose[-_CLOSING:]
    edge = closing or sight.place in (Place.HEAD, Place.TAIL)
    if not edge or sight.words > NOTICE or not _INVITING & sight.phrase_kinds:
        return False
    return any(map(_invites, _SENTENCES.split(sight.text)))


def _invites(sentence: str) -> bool:
    """Whether a sentence asks to follow somebody, and says where."""
    hits = [hit for hit in find_phrases(sentence) if hit.kind in _INVITING]
    before = [sentence[: hit.start].rstrip() for hit in hits if hit.kind is PhraseKind.INVITES]
    asks = any(not words or words.endswith((",", ":", "—", "-")) for words in before)
    where = any(hit.kind is PhraseKind.CHANNEL for hit in hits)
    return asks and (where or not PLATFORMS.isdisjoint(_WORDS.findall(sentence.lower())))


def worded(sight: Sight) -> bool:
    """Lines known by their phrases: menus, offers, other stories, comments, notices."""
    paragraph = is_prose(sight.block) and sight.words > SHORT_LINE and sight.place is Place.BODY
    return not paragraph and is_furniture(sight)


def is_furniture(sight: Sight) -> bool:
    """Whether phrases of furniture fill so much of a line that it is no sentence."""
    strongest = max(sight.strength(kind) for kind in _FURNITURE)
    if strongest == 0:
        return False
    if not sight.block.main:
        return strongest >= 0.3
    if sight.block.kind is BlockKind.HEADING:
        return strongest >= 1.6
    if sight.words > SHORT_LINE:
        return False
    if sight.place is Place.TAIL and strongest >= _MOSTLY:
        return True
    if strongest > 1 and sight.linked >= _LINKED:
        return True
    sentence = sight.ends_sentence and sight.words >= 6 and sight.linked < 0.3
    return strongest >= (1.45 if sentence else 1.2)


def summary(sight: Sight) -> WrapperKind | None:
    """A line right before the story that says in other words what the story begins with."""
    above = sight.page.layout.first - sight.block.index
    long = 6 <= sight.words <= NOTICE and sight.block.main
    told = 0 < above <= _RIGHT_BEFORE and long and _tells_story(sight)
    return WrapperKind.STANDFIRST if told or _is_marked_summary(sight) else None


def _is_marked_summary(sight: Sight) -> bool:
    """Whether a first paragraph set unlike the others is called a summary by its own markup."""
    kinds = ("standfirst", "picture", "related", "promotion")
    called = first_hint(sight.block, kinds) == "standfirst"
    return called and sight.block.index == sight.page.layout.first and above(sight)


def above(sight: Sight) -> bool:
    """A summary before the text, told by its markup, its place or its missing full stop."""
    if sight.block.kind in (BlockKind.LINK, BlockKind.OTHER) or sight.words < 5:
        return False
    if sight.place is Place.HEAD and sight.words >= 6 and sight.linked < 0.5:
        below = sight.block.index > sight.page.layout.title >= 0 or sight.block.main
        return hinted(sight.block, "standfirst", 6) or below or _tells_story(sight)
    if sight.block.index != sight.page.layout.first or not more_prose_follows(sight):
        return False
    unlike = sight.block.hints[:INNERMOST] != sight.page.layout.body_hints
    if hinted(sight.block, "standfirst", 6) and unlike:
        return True
    cut = not sight.ends_sentence and sight.words <= 40 and ". " not in sight.text
    return cut and _tells_story(sight)


def _tells_story(sight: Sight) -> bool:
    """Whether much of a line's words come again in the first paragraphs."""
    later = [i for i in sight.page.layout.prose if i > sight.block.index][:2]
    text = " ".join(sight.page.article.blocks[i].text for i in later)
    known = set(unify(text).lower().split())
    own = [word for word in unify(sight.text).lower().split() if len(word) > 3]
    return bool(own) and sum(word.strip(".,") in known for word in own) >= 0.4 * len(own)


def outside(sight: Sight) -> bool:
    """What the extractor leaves out: by the markup around it, else by where it stands."""
    block = sight.block
    if sight.linked >= 0.9 and sight.words >= 4 and block.index > sight.page.layout.first:
        return True
    if block.main and (sight.place is Place.BODY or is_prose(block)):
        return False
    if block.main and sight.place is Place.TAIL and sight.linked < 0.5:
        return False
    if _is_body_after_all(sight):
        return False
    if sight.place is Place.BODY and not block.main and block.kind is BlockKind.HEADING:
        return not (block.hints[:1] and block.hints[0] in ("h2", "h3") and _sibling(sight))
    return True


def _sibling(sight: Sight) -> bool:
    """Whether a block is laid out like the story's paragraphs, but for its own tag."""
    body = sight.page.layout.body_hints
    own = sight.block.hints[:INNERMOST]
    return len(set(body) & set(own)) >= 0.7 * max(len(body) - 1, 1)


def _is_body_after_all(sight: Sight) -> bool:
    """A paragraph that the extractor missed among its like."""
    return (
        sight.place is Place.BODY
        and sight.block.kind in (BlockKind.PARAGRAPH, BlockKind.QUOTE)
        and sight.block.hints[:INNERMOST] == sight.page.layout.body_hints
        and sight.words >= 4
        and sight.linked < 0.5
    )


def more_prose_follows(sight: Sight) -> bool:
    """Whether a block stands before the second paragraph of the story."""
    return any(index > sight.block.index for index in sight.page.layout.prose[:2])
