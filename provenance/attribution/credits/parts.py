"""What a credit is made of: a line, cut into agencies, people and the words that tie them.

The words are the tables of ``phrases.toml``. What is none of them is a name when it is written
like one, else prose.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache

from provenance.attribution.agencies.agency import Mention
from provenance.attribution.agencies.known import Agencies
from provenance.attribution.credits.gaps import INITIALS, with_names
from provenance.attribution.credits.stretches import Part, Stretch
from provenance.attribution.language.phrases import Hit, PhraseKind, find_phrases, phrases
from provenance.attribution.language.words import unify
from provenance.attribution.outlets.names import SHORTENED, like_outlet

_LONG_LABEL = 7
"""Letters from which an own name without blanks may be written with some."""
_FIRST_NAME = 6
"""Letters of an agency's name up to which it may be a person's."""


_PRECEDENCE = (
    (PhraseKind.SAYS, Part.PROSE),
    (PhraseKind.PHOTO, Part.PHOTO),
    (PhraseKind.WITH_FILES, Part.WITH_FILES),
    (PhraseKind.CONTRIBUTION, Part.CONTRIBUTION),
    (PhraseKind.USED, Part.CONTRIBUTION),
    (PhraseKind.SUPPLIED, Part.SUPPLIED),
    (PhraseKind.COURTESY, Part.COURTESY),
    (PhraseKind.SOURCE, Part.SOURCE),
    (PhraseKind.STAFF, Part.STAFF),
    (PhraseKind.BYLINE, Part.BYLINE),
    (PhraseKind.AFTER_NAME, Part.AFTER_NAME),
    (PhraseKind.JOINT, Part.JOINT),
    (PhraseKind.WIRES, Part.WIRES),
    (PhraseKind.TIMESTAMP, Part.DATE),
    (PhraseKind.DATE, Part.DATE),
    (PhraseKind.TEXT, Part.TEXT),
    (PhraseKind.JOB, Part.JOB),
    (PhraseKind.RIGHTS, Part.RIGHTS),
    (PhraseKind.GLUE, Part.GLUE),
)
"""Which table a stretch is of when several hold it."""
_DECISIVE = (Part.PROSE, Part.PHOTO)
"""Parts that win over longer ones."""
ADDRESS = re.compile(r"\S{1,64}@\S{1,100}|@\w{1,40}")
"""Addresses of mail, and handles."""
_PAGE = re.compile(r"https?://\S{1,200}")
_SITE = re.compile(
    r"(?<![\w.@/-])(?:[A-Za-z0-9][A-Za-z0-9-]{1,40}\.){1,3}[a-z]{2,10}(?![\w-]|\.\w)"
)
_LABEL = re.compile(r"[:：] ?[«„《]$")
_TITLED = re.compile(r"[^\W\d_], $")
_QUOTED = re.compile(r"[«„《](\w[^\s«»„“《》]{0,30}(?: [^\s«»„“《》]{1,30}){0,3})[»“》]")
"""A title in quotation marks, whose later words may be in lower case: «Новая газета»."""
_QUOTE = re.compile(r"[«„《]")
_SMALL = re.compile(rf"(?<= )[^\W\d_]{{{INITIALS + 1},}}(?= )")
_NAME_AFTER = re.compile(r" ([A-Z][a-z]+)\b")
_INITIAL = re.compile(r"\b[A-Z]\.\s?$")
_NAME_BEFORE = re.compile(r"\b([A-Z][a-z]+) $")
_INITIALLED = re.compile(r"(?: [a-zà-öø-ÿ]{2,3}){1,3}")
"""Initials behind an agency with which a whole line signs: "SID er ko"."""
_DATED = re.compile(r"[ ,|]{0,3}(?:\d|[A-Z][a-z]{2,8}\.? \d)")
_DAY_PAPER = re.compile(r" ([A-Z][a-z]+)\b")
_MIDDLE = re.compile(r"[A-Z]\. [A-Z]")
_SAINT = re.compile(r"\. [A-Z]")
_COMPOUND = re.compile(r"-[^\W\d_]{3}")
_SIGNED = re.compile(r"(?<=/)[^\W\d_]{2,4}(?![\w/])|(?<![\w/])[^\W\d_]{2,4}(?=/)")


def parts(
    text: str, agencies: Agencies, language: str = "", own: Sequence[str] = ()
) -> list[Stretch]:
    """Cut a line into what a credit is made of, in order; the rest is names or prose.

    Args:
        text: A line, or an end of one.
        agencies: The known agencies.
        language: ISO 639-1 code of the text.
        own: Names of the outlet itself, in lower case.
    """
    found = [one for one in agencies.find(text, language) if not _in_other_name(text, one)]
    ours = _own_names(text, own)
    found = [one for one in found if not (one.ambiguous and _within(one, ours))]
    taken = [Stretch(Part.AGENCY, one.start, one.end, one) for one in found]
    taken += _free(ours, taken)
    signed = (one for one in _SIGNED.finditer(text) if one[0].islower())
    quoted = [Stretch(Part.NAME, m.start(1), m.end(1)) for m in _QUOTED.finditer(text)]
    told = [q for q in quoted if like_outlet(q.words(text)) or _LABEL.search(text[: q.start])]
    taken += _free(told, taken)
    for pattern, part in ((ADDRESS, Part.DATE), (_PAGE, Part.SITE), (_SITE, Part.SITE)):
        spans = [Stretch(part, m.start(), m.end()) for m in pattern.finditer(text)]
        taken += _free(spans, taken)
    taken += _free([Stretch(Part.INITIALS, m.start(), m.end()) for m in signed], taken)
    rest = _without(text, taken)
    initialled = _INITIALLED.fullmatch(text, found[0].end) if found and not found[0].start else None
    if initialled:
        taken += _free([Stretch(Part.NAME, found[0].end + 1, len(text))], taken)
    taken += _free(_worded(rest, find_phrases(rest)), taken)
    taken.sort(key=lambda one: one.start)
    return with_names(text, [_agencys_own(text, taken, at) for at in range(len(taken))])


def surely_prose(text: str, agencies: Agencies, own: Sequence[str] = ()) -> bool:
    """Whether a small word stands in a line that no credit holds; costs far less than `parts`.

    A line of which it says no may be prose all the same; arguments as for `parts`.
    """
    if _QUOTE.search(text):
        return False
    known = (phrases().words, agencies.words)
    return any(
        word[0].islower()
        and not any(word.lower() in words for words in known)
        and not any(word.lower() in name for name in own)
        for word in _SMALL.findall(unify(text))
    )


def _in_other_name(text: str, mention: Mention) -> bool:
    """Whether an agency's short name is part of another: "Antara Sen", "Omar Ansa"."""
    form = text[mention.start : mention.end]
    after = _NAME_AFTER.match(text, mention.end)
    if len(form) == 2 and mention.ambiguous:
        if _TITLED.search(text[: mention.start]) and _ends_in_trade(text[mention.end :]):
            return False  # "Jane Doe, PA Midlands Correspondent"
        return after is not None and not find_phrases(after[1])  # "PA Capital-Star"
    if mention.ambiguous and _INITIAL.search(text[: mention.start]):
        return True  # "Michael R. Bloomberg"
    if not (form.isalpha() and form.istitle() and len(form) <= _FIRST_NAME):
        return False
    before = _NAME_BEFORE.search(text[: mention.start])
    near = [found[1] for found in (after, before) if found]
    return any(not find_phrases(word) for word in near)


def _ends_in_trade(text: str) -> bool:
    """Whether words name what somebody works as: " Midlands Correspondent"."""
    jobs = [hit for hit in find_phrases(text) if hit.kind is PhraseKind.JOB]
    return bool(jobs) and jobs[-1].end == len(text) and text.istitle()


def _without(text: str, taken: Sequence[Stretch]) -> str:
    """The text with agencies and own names blotted out: a phrase holds no part of a name."""
    for one in taken:
        if one.part in (Part.AGENCY, Part.OWN):
            text = text[: one.start] + "\0" * (one.end - one.start) + text[one.end :]
    return text


def _worded(text: str, hits: Sequence[Hit]) -> list[Stretch]:
    """The known phrases, those first that win where several overlap: the longest."""
    order = {kind: at for at, (kind, _) in enumerate(_PRECEDENCE)}
    part = dict(_PRECEDENCE)
    whole = (_out_of_compound(text, hit) for hit in hits if hit.kind in order)
    known = [hit for hit in whole if hit is not None and not in_compound(text, hit)]
    known.sort(
        key=lambda hit: (
            part[hit.kind] not in _DECISIVE,
            hit.start - hit.end,
            order[hit.kind],
        )
    )
    return [Stretch(part[hit.kind], hit.start, hit.end) for hit in known]


def _out_of_compound(text: str, hit: Hit) -> Hit | None:
    """The phrase without the word that ends a name: of "Times-News Staff" the staff."""
    if hit.start < 2 or text[hit.start - 1] != "-" or not text[hit.start - 2].isalpha():
        return hit
    rest = text[hit.start : hit.end].partition(" ")[2]
    return hit._replace(start=hit.end - len(rest)) if rest else None


def in_compound(text: str, hit: Hit) -> bool:
    """Whether a day, or "News", is part of a name: "Sun-Sentinel", "Sunday Mail", "News-Press"."""
    if hit.kind is PhraseKind.JOB:
        return bool(_COMPOUND.match(text, hit.end)) and text[hit.start].isupper()
    if hit.kind is not PhraseKind.DATE:
        return False
    if _MIDDLE.match(text, hit.start) and text[: hit.start].rstrip():
        return True
    saint = text[hit.start : hit.end].lower() in SHORTENED and _SAINT.match(text, hit.end)
    initial = _INITIAL.search(text[: hit.start])
    paper = _DAY_PAPER.match(text, hit.end) if text[hit.start].isupper() else None
    named = _ends_name(text, hit) or (paper is not None and like_outlet(paper[1]))
    return bool(saint or initial or _COMPOUND.match(text, hit.end) or named)


def _ends_name(text: str, day: Hit) -> bool:
    """Whether a day is the last word of a name: "Florida Today", "Harbour Sun Staff"."""
    word, before = text[day.start : day.end], _NAME_BEFORE.search(text[: day.start])
    alone = word == "Today" or (word == "Sun" and not _DATED.match(text, day.end))
    return alone and before is not None and not find_phrases(before[1])


def _agencys_own(text: str, taken: Sequence[Stretch], at: int) -> Stretch:
    """A newsroom beside an agency's name is the agency's: "AP News Staff", "Redazione ANSA"."""
    one = taken[at]
    pairs = (
        (taken[at - 1], one) if at else None,
        (one, taken[at + 1]) if taken[at + 1 :] else None,
    )
    for left, right in filter(None, pairs if one.part is Part.STAFF else ()):
        if Part.AGENCY in (left.part, right.part) and not text[left.end : right.start].strip():
            return Stretch(Part.JOB, one.start, one.end)
    return one


def _own_names(text: str, own: Sequence[str]) -> list[Stretch]:
    folded = unify(text).lower()
    found = []
    for name in own:
        whole = _spaced(name).search(folded)
        if whole:
            found.append(Stretch(Part.OWN, whole.start(), whole.end()))
    return found


@lru_cache(maxsize=1024)
def _spaced(name: str) -> re.Pattern[str]:
    """A name as a whole; one from an address with blanks in it, too: "Harbour News"."""
    letters = map(re.escape, name)
    gaps = " ?" if name.isalnum() and len(name) >= _LONG_LABEL else ""
    return re.compile(rf"(?<![^\W_]){gaps.join(letters)}(?![^\W_])")


def _within(mention: Mention, ours: Sequence[Stretch]) -> bool:
    """Whether a form that means many things is but a part of the outlet's own name."""
    spans = ((one.start, one.end) for one in ours)
    return any(start <= mention.start and mention.end <= end for start, end in spans)


def _free(found: list[Stretch], taken: list[Stretch]) -> list[Stretch]:
    """Those found that touch nothing taken, nor one another."""
    free: list[Stretch] = []
    for one in found:
        if all(one.end <= other.start or other.end <= one.start for other in (*taken, *free)):
            free.append(one)
    return free
