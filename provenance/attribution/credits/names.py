"""Whom a credit names that is no agency: another outlet, or the newsroom that signs."""

from __future__ import annotations

import re
from collections.abc import Sequence
from itertools import pairwise

from provenance.attribution.credits.gaps import INITIALS
from provenance.attribution.credits.line import TRADES, CreditLine
from provenance.attribution.credits.stretches import SEPARATORS, Part, Stretch
from provenance.attribution.language.words import unify
from provenance.attribution.outlets.names import (
    DESKS,
    DOMAIN,
    MAKERS,
    like_outlet,
    like_person,
    signs_alone,
    unlike_person,
    without_desk,
)

_OUTLET_AFTER = frozenset({Part.SOURCE, Part.SUPPLIED, Part.COURTESY, Part.WITH_FILES})
_NOT_IN_OUTLET = frozenset({Part.WIRES, Part.OWN, Part.INITIALS, Part.RIGHTS, Part.PHOTO})
_BEFORE_OUTLET = frozenset({Part.OWN, Part.TEXT, Part.GLUE, Part.JOB, Part.SUPPLIED, Part.RIGHTS})
_BEFORE_OUTLET |= {Part.DATE}
_BEFORE_PERSON = MAKERS | {"h/t", "tip", "to"}
"""Words after which a person may be named: "Produced by Jane Doe"."""
_DAYTIMES = frozenset({"daily", "sunday", "evening", "morning"})
_BEHIND_NAME = re.compile(r"\s?[(（\[]|,\s?\d|》")
_IN_NAME = frozenset({Part.NAME, Part.GLUE, Part.JOB, Part.SITE})
_SIGNING = frozenset({"reporter", "reporters", "correspondent", "correspondents", "service"})
"""Trades behind an outlet's name that make it a signature: "Harbour Courier Reporters"."""
_TITLES = frozenset({Part.JOB, Part.SOURCE, Part.BYLINE})


def credited_outlet(line: CreditLine) -> str:
    """The outlet that a credit names: what follows "Source:" or "provided by" and is no agency."""
    leads = _OUTLET_AFTER | ({Part.BYLINE} if line.has(Part.TEXT) else set())
    if _is_lone_outlet(line):
        return _whole_name(line)
    if _is_written_by_outlet(line):
        return without_desk(line.names[0].rstrip(" :"))
    lead = next((at for at, one in enumerate(line.stretches) if one.part in leads), -1)
    before, rest = line.stretches[:lead], line.stretches[lead + 1 :]
    while rest and _introduces(line.text, rest[0]):
        rest = rest[1:]
    named = any(one.part in (Part.NAME, Part.SITE) for one in rest)
    if lead < 0 or line.mentions or line.photo or not named:
        return ""
    if any(one.part in _NOT_IN_OUTLET for one in rest):
        return ""
    if any(one.part not in _BEFORE_OUTLET for one in before):
        return ""
    between = line.text[line.stretches[lead].end : rest[0].start]
    joined = line.stretches[lead].part is Part.SOURCE and not SEPARATORS & set(unify(between))
    if (joined or line.text.isupper()) and not _is_plain_source(line, lead):
        return ""
    if rest[-1].part is Part.STAFF:
        called = len(rest) == 2 and line.text[rest[0].end : rest[1].start] == " "
        whole = line.text[rest[0].start : rest[1].end] if called else ""
        return newsroom(line) or whole  # "Source: Harbour Newsroom" is called so
    return _outlet_name(line, rest)


def sites(line: CreditLine) -> tuple[str, ...]:
    """The sites that follow a word for sources: "Sources: harbourpost.com, reuters.com"."""
    if not line.opens(Part.SOURCE):
        return ()
    pages = (DOMAIN.match(one.words(line.text)) for one in line.stretches if one.part is Part.SITE)
    return tuple(page[1] for page in pages if page)


def _is_plain_source(line: CreditLine, lead: int) -> bool:
    """Whether a line is a word for a source and an outlet's name: "FUENTE EL NUEVO FARO"."""
    name = _outlet_name(line, line.stretches[lead + 1 :]).title()
    return not lead and line.opens(Part.SOURCE) and signs_alone(name)


def _introduces(text: str, one: Stretch) -> bool:
    """Whether a word only leads to the name behind it: "da revista Porto Novo"."""
    return one.part is Part.GLUE or (one.part is Part.JOB and one.words(text)[0].islower())


def beside_own(line: CreditLine) -> str:
    """The outlet that a sign-off names beside the page's own, as both made the text: "(X/Star)"."""
    if not line.bracketed or {one.part for one in line.stretches} != {Part.NAME, Part.OWN}:
        return ""
    left, _, right = line.text.strip("()[]（） ").partition("/")
    word = line.names[0]
    both = len(line.stretches) == 2 and word in (left.strip(), right.strip())
    return word if both and (like_outlet(word) or _is_coined(word)) else ""


def _is_coined(word: str) -> bool:
    """Whether a word is long enough to be no initials, and a single one."""
    return word.isalpha() and len(word) > INITIALS


def _is_letter(word: str) -> bool:
    return len(word) == 1 and word.isalpha()


def came_from(line: CreditLine) -> bool:
    """Whether a line opens with where its text is from, and not with who made it: "Via Example"."""
    if not line.opens(Part.SUPPLIED):
        return False
    return line.stretches[0].words(line.text).lower().split()[-1] not in _BEFORE_PERSON


def _is_written_by_outlet(line: CreditLine) -> bool:
    """Whether an outlet stands where an author does: "By Harbour Courier", "By … Digital"."""
    if [one.part for one in line.stretches] != [Part.BYLINE, Part.NAME]:
        return False
    return unlike_person(line.names[0]) or without_desk(line.names[0]) != line.names[0]


def _is_lone_outlet(line: CreditLine) -> bool:
    """Whether it is an outlet's name as a sign-off: "(Harbour Courier)", "— News18"."""
    set_off = line.bracketed or line.text.lstrip()[:1] in ("-", "–", "—")
    return set_off and signs_alone(_whole_name(line))


def _whole_name(line: CreditLine) -> str:
    """The name that a line is, its last word too: "(Harbour Vanguard News)"; else empty."""
    parts = [one.part for one in line.stretches]
    whole = parts == [Part.NAME] or (parts == [Part.NAME, Part.JOB] and not line.loose)
    return line.text[line.stretches[0].start : line.stretches[-1].end] if whole else ""


def _outlet_name(line: CreditLine, rest: Sequence[Stretch]) -> str:
    """The name that `rest` opens with: "Harbour News" of "Harbour News on 3 January"."""
    small = [one.words(line.text)[0].islower() for one in rest]
    last = len(rest) - 1
    while last and rest[last].part not in (Part.NAME, Part.SITE):
        if not (small[last] or (rest[last].part is Part.DATE and small[last - 1])):
            break
        last -= 1
    page = DOMAIN.match(rest[0].words(line.text)) if rest[0].part is Part.SITE else None
    if page:
        return page[1]
    return _BEHIND_NAME.split(line.text[rest[0].start : rest[last].end])[0].rstrip(" :")


def newsroom(line: CreditLine) -> str:
    """The name with which a newsroom signs: "By Harbour Courier Staff", "Redaktion Anzeiger".

    Before one person's trade it may be a person's: "Jane Doe Staff Writer".
    """
    for at, (left, right) in enumerate(pairwise(line.stretches)):
        if left.part is Part.STAFF and all(one.part in _IN_NAME for one in line.stretches[1:]):
            name = _outlet_name(line, line.stretches[1:])
            several = " " in name and like_outlet(name)
            return name if not at and (several or signs_alone(name)) else ""
        if left.part is Part.NAME and not line.text[left.end : right.start].strip():
            if at and line.stretches[at - 1].part is Part.OWN:
                return ""  # "Live Team" behind the page's own name
            title = right.words(line.text).lower().split()
            behind = line.stretches[at + 2 : at + 3]
            desk = right.part is Part.STAFF
            if title == ["news"] and behind and behind[0].part is Part.STAFF:
                title, desk = ["news", *behind[0].words(line.text).lower().split()], True
            if desk or (right.part in _TITLES and title[-1] in _SIGNING):
                return _named_before(line, left, title, alone=not desk)
    return ""


def _named_before(line: CreditLine, left: Stretch, title: Sequence[str], *, alone: bool) -> str:
    """The newsroom's name that stands before its title; `alone`: it may be a person's."""
    words = without_desk(left.words(line.text).removeprefix("The ")).split()
    if all(word.lower() in DESKS for word in words):
        return ""  # "Local News Desk"
    paper = like_outlet(words[-1]) and words[-1].lower() not in _DAYTIMES
    if alone and (not words[1:] or like_person(" ".join(words))):
        return ""
    if title[0] == "news" and title[1:] and not paper:
        words.append("News")
    if len(words) > 2 and words[1].isupper() and not words[-1].isupper():
        words = [word for word in words if not word.isupper()]
    whole = (len(words) <= 2 or title[-1] not in TRADES) and not _is_letter(words[-1])
    telling = words if title[-1] not in TRADES else words[-1:]
    return " ".join(words) if whole and like_outlet(" ".join(telling)) else ""
