"""The signs by which a line is told to be story or one kind of wrapper: names of yes-or-no facts.

No sign is a sentence or a site's name: a line's length, its end, its letters, the kinds of known
phrases in it, its markup, its neighbours, the heading above it. ``wrapper.toml`` has the weights.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from functools import cache, lru_cache

from provenance.article import Block
from provenance.attribution.language.lines import (
    ends,
    ends_in_bracket,
    ends_sentence,
    ends_sentence_near,
    link_share,
    words,
)
from provenance.attribution.language.phrases import Hit, PhraseKind, find_phrases
from provenance.attribution.language.words import unify
from provenance.attribution.wrapper.hints import first_hint

_STEPS = (1, 2, 3, 5, 8, 12, 18, 25, 40)
"""Words at which a line counts as one step longer."""
_SHORT, _LINE = 6, 25
"""Words up to which a line is a label, and up to which it is a line and no paragraph."""
_TELLING = (
    PhraseKind.PROMOTION,
    PhraseKind.RELATED,
    PhraseKind.READ_MORE,
    PhraseKind.NAVIGATION,
    PhraseKind.SECTION,
    PhraseKind.COMMENT,
    PhraseKind.LEGAL,
    PhraseKind.RIGHTS,
    PhraseKind.TIMESTAMP,
    PhraseKind.PHOTO,
    PhraseKind.STAFF,
    PhraseKind.JOB,
    PhraseKind.SOURCE,
    PhraseKind.SOURCE_LINK,
    PhraseKind.DATE,
)
_LEADING = (
    PhraseKind.PROMOTION,
    PhraseKind.RELATED,
    PhraseKind.COMMENT,
    PhraseKind.LEGAL,
    PhraseKind.NAVIGATION,
)
_REACH = 12
"""Lines that one heading can stand above."""
_NEAR = 3
_SIGN_OFF = 20
"""Letters, from which on too many stand behind a paragraph's last sentence."""
_HEAD = 400
"""Letters of a block that are looked at one by one."""
_AWAY = (1, 2, 4, 8, 20)
_SHARES = (0.2, 0.4, 0.6, 0.8)
_HINTS = ("comment", "legal", "navigation", "promotion", "related", "branding", "headline",
          "standfirst", "timestamp", "author", "picture")  # fmt: skip
_HOLDS = {
    "bar": frozenset("|»›·•"),
    "arrow": frozenset("»›→▶►>"),
    "quote": frozenset('"“”„«»「『'),
    "comma": frozenset(",،、，;；"),
    "star": frozenset("*"),
}
"""Characters any of which is the sign."""
_NUMBERS = {
    "clock": re.compile(r"\b\d{1,2}[:.]\d{2}\b"),
    "year": re.compile(r"\b(?:19|20)\d{2}\b"),
    "telephone": re.compile(r"\+?\d[\d ()/-]{7,}\d"),
    "currency": re.compile(r"[€$£¥₹]\s?\d|\d\s?[€$£¥₹]"),
    "digit first": re.compile(r"^\d"),
}
"""Signs of a text that has a digit."""
_FORMS = {
    "address": (
        "./",
        re.compile(r"https?://|www\.|\b\w{1,64}\.(?:com|org|net|de|fr|es|it|co)\b"),
    ),
    "handle": ("@", re.compile(r"(?:^|\s)@\w|\w@\w")),
    "tag": ("#", re.compile(r"(?:^|\s)#\w")),
    "rights": ("©(", re.compile(r"©|\(c\)", re.IGNORECASE)),
    "inner stop": (".!?。！？।؟", re.compile(r"[.!?。！？।؟]\s+\S|[。！？]\S")),
    "inner colon": (":：", re.compile(r"[:：]\s*\S")),
}
"""Signs of a text that has one of these characters: far cheaper than to look for what none is."""
_BULLET = re.compile(r"[^\w\s\"'“”„«»‘’(（「『¿¡]")
_ENDS = {":": "colon", "：": "colon", "…": "dots", "?": "call", "!": "call", "？": "call"}
_ENDS |= {"！": "call", "›": "arrow", "»": "arrow", ">": "arrow"}
_MARKS = ".,:;!?\"'“”„«»()"
_NAME_LINE = re.compile(r"[^\W\d_]+(?:[ '.-]{1,2}[^\W\d_]+){1,4}")


@lru_cache(maxsize=4)
def signs(blocks: tuple[Block, ...]) -> tuple[frozenset[str], ...]:
    """For each block its own signs and those of its neighbours, whatever its place on the page."""
    lengths = [words(block.text) for block in blocks]
    hits = [find_phrases(ends(block.text)) for block in blocks]
    shown = Counter(block.text for block in blocks)
    found = []
    for at, block in enumerate(blocks):
        own = set(_of_line(block, lengths[at], hits[at]))
        if shown[block.text] > 1:
            own.add("repeated")
        found.append(own)
    _add_neighbours(found, lengths, hits)
    return tuple(map(frozenset, found))


def _of_line(block: Block, length: int, hits: Sequence[Hit]) -> Iterator[str]:
    text = block.text
    yield from (f"words > {step}" for step in _STEPS if length > step)
    whole = (
        ends_sentence(text)
        or ends_in_bracket(text)
        or (length > _SHORT and ends_sentence_near(text, _SIGN_OFF))
    )
    yield "whole sentence" if whole else "no sentence"
    if text[-1:] in _ENDS:
        yield f"ends in {_ENDS[text[-1]]}"
    head = text[:_HEAD]
    yield from _of_characters(head)
    yield from _of_phrases(text, hits)
    yield from _of_markup(block)


def _of_characters(text: str) -> Iterator[str]:
    letters = list(filter(str.isalpha, text))
    digits = sum(map(str.isdigit, text))
    chars = set(text)
    yield from (name for name, known in _HOLDS.items() if not known.isdisjoint(chars))
    for name, (needed, form) in _FORMS.items():
        if not chars.isdisjoint(needed) and form.search(text):
            yield name
    if digits:
        yield from (name for name, form in _NUMBERS.items() if form.search(text))
    if _BULLET.match(text):
        yield "bullet"
    if digits > len(letters):
        yield "mostly digits"
    elif digits:
        yield "some digits"
    if not letters or not any(char.isupper() or char.islower() for char in letters):
        yield "caseless"
        return
    if len(letters) > 3 and not any(char.islower() for char in letters):
        yield "capitals"
    parts = [part for part in text.split() if part[:1].isalpha()]
    if len(parts) > 1 and sum(part[0].isupper() for part in parts) >= 0.7 * len(parts):
        yield "title case"
    if parts and parts[0][0].islower():
        yield "lower first"
    if _NAME_LINE.fullmatch(text) and all(part[0].isupper() for part in parts):
        yield "like a name"


def _of_phrases(text: str, hits: Sequence[Hit]) -> Iterator[str]:
    for kind in _TELLING:
        spans = [hit for hit in hits if hit.kind is kind]
        if not spans:
            continue
        share = sum(hit.end - hit.start for hit in spans) / max(1, len(text))
        yield f"{kind}: some"
        if share >= 0.3:
            yield f"{kind}: third"
        if share >= 0.6:
            yield f"{kind}: most"
        if not any(char.isalnum() for char in text[: spans[0].start]):
            yield f"{kind}: opens"


def _of_markup(block: Block) -> Iterator[str]:
    if not block.hints:
        yield "bare"
        return
    yield f"is {block.kind}"
    if block.main:
        yield "main"
    linked = link_share(block)
    if linked >= 0.9:
        yield "all link"
    elif linked > 0.3:
        yield "part link"
    hint = first_hint(block, _HINTS)
    if hint:
        yield f"hint {hint}"


def _add_neighbours(
    found: list[set[str]],
    lengths: Sequence[int],
    hits: Sequence[Sequence[Hit]],
) -> None:
    sizes = ["label" if n <= _SHORT else "line" if n <= _LINE else "paragraph" for n in lengths]
    closed = ["whole sentence" in own for own in found]
    runs = _runs(closed)
    lead, since = "", 0
    opened = [
        [kind for kind in _LEADING if f"{kind}: most" in own or f"{kind}: opens" in own]
        for own in found
    ]
    own_kinds = [{hit.kind for hit in row if hit.kind in _LEADING} for row in hits]
    for at in range(len(found)):
        for side, other in (("before", at - 1), ("after", at + 1)):
            if 0 <= other < len(found):
                found[at].add(f"{side}: {sizes[other]}{' closed' if closed[other] else ''}")
            else:
                found[at].add(f"{side}: nothing")
        found[at] |= {f"unclosed run > {step}" for step in (1, 3, 8, 20) if runs[at] > step}
        if lead and since <= _REACH:
            found[at].add(f"under {lead}")
        near = range(max(0, at - _NEAR), min(len(found), at + _NEAR + 1))
        count = Counter(kind for other in near if other != at for kind in own_kinds[other])
        found[at] |= {f"near {kind}" for kind, n in count.items() if n >= 2}
        since += 1
        if opened[at] and lengths[at] <= 2 * _SHORT:
            lead, since = opened[at][0], 0
        elif sizes[at] == "paragraph" and closed[at]:
            lead = ""


def _runs(closed: Sequence[bool]) -> list[int]:
    """For each line how many lines around it, itself included, end no sentence."""
    runs = [0] * len(closed)
    start = 0
    for at in range(len(closed) + 1):
        if at == len(closed) or closed[at]:
            runs[start:at] = [at - start] * (at - start)
            start = at + 1
    return runs


def place_signs(
    blocks: Sequence[Block], title: str, first: int, last: int
) -> Callable[[int], frozenset[str]]:
    """For a block, by its index, the signs of its place, seen from the story, and of its words.

    Args:
        blocks: The page.
        title: Its headline, where it is known.
        first: Index of the story's first paragraph.
        last: Index of its last one.
    """

    @cache
    def story() -> set[str]:
        return {word for block in blocks[first : last + 1] for word in _spoken(block.text)}

    known = _spoken(title)

    def found(at: int) -> frozenset[str]:
        own = set(_of_place(at, first, last))
        spoken = [word for word in _spoken(blocks[at].text[:_HEAD]) if len(word) > 3]
        if len(spoken) > 2:
            share = sum(word in story() for word in spoken) / len(spoken)
            own |= {f"story's words > {step}" for step in _SHARES if share > step}
            own.add("words to compare")
            if sum(word in known for word in spoken) >= 0.6 * len(spoken):
                own.add("title's words")
        return frozenset(own)

    return found


def _of_place(at: int, first: int, last: int) -> Iterator[str]:
    away = max(first - at, at - last)
    where = "before story" if at < first else "behind story" if at > last else "in story"
    yield where
    yield from (f"{where} <= {step}" for step in _AWAY if 0 < away <= step)


def _spoken(text: str) -> set[str]:
    return {word.strip(_MARKS) for word in unify(text).lower().split()}
