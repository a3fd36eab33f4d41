"""What a name looks like: an outlet's, a person's, or nobody's; and names cut out of lines."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from provenance.attribution.language.phrases import PhraseKind, find_phrases
from provenance.attribution.language.words import unify

SHORTEST, LONGEST = 3, 60


@cache
def _known() -> dict[str, list[str]]:
    """The shipped lists of ``outlets.toml``."""
    file = files("provenance.attribution.outlets") / "outlets.toml"
    text = file.read_text(encoding="utf-8")
    known: dict[str, list[str]] = tomllib.loads(text)
    return known


def _any_of(key: str) -> str:
    return "|".join(map(re.escape, _known()[key]))


_INSIDE = re.compile(_any_of("inside"), re.IGNORECASE)
"""Words that are in outlets' names only, not in those of people."""
_NUMBER = r"(?<!\d)(?!(?:19|20)\d\d(?!\d))\d"
"""A number that is no year: outlets are called by their channel."""
_OUTLET_WORDS = re.compile(
    rf"{_any_of('inside')}|\b(?:{_any_of('alone')})\b|{_NUMBER}", re.IGNORECASE
)
_ARTICLED = re.compile(rf"The (?:[A-Z]\S* )+(?:{_any_of('articled')})", re.IGNORECASE)
_COINED = re.compile(
    r"\d{0,2}[^\W\d_]{3,20}\d{1,2}|[^\W\d_]{3,20}-[^\W\d_]{4,20}|"
    rf"[^\W\d_]{{2,20}}(?:{_any_of('endings')})"
)
"""Names that nobody but an outlet has: "News18", "Post-Dispatch", "Havneposten"."""
_FIRST = frozenset(_known()["behind"])
_SURNAMES = frozenset(_known()["surnames"])
_NOBODY = frozenset(_known()["nobody"])
PARTICLES = frozenset(_known()["particles"])
"""Words in lower case inside people's names."""
MAKERS = frozenset(_known()["makers"])
"""Words before who made a text, in lower case."""
PLATFORMS = frozenset(_known()["platforms"])
"""Sites where anybody's texts are shown, in lower case."""
DESKS = frozenset(_known()["desks"])
"""Words between an outlet's name and its newsroom's title, in lower case."""
SHORTENED = frozenset(_known()["shortened"])
"""Words that a full stop ends in the middle of a name, in lower case."""
_NAME = (
    rf"(?:\b(?:{_any_of('shortened')})\.|\d{{1,4}}\.\d{{1,2}}(?!\w)|"
    r"[^\s.,;:!?()\[\]{}|/<>\"“”„«»…।。、，；：！？（）]+)"
)
DOMAIN = re.compile(r"(?:https?://)?(?:www\.)?((?:[\w-]{1,63}\.){1,4}[a-z]{2,24})\b", re.IGNORECASE)
_AFTER = re.compile(rf"[\s:\-–—\"“„«']*((?:the )?{_NAME}(?: {_NAME}){{0,6}})", re.IGNORECASE)
_STOP = re.compile(
    r"\s(?:(?i:staff|team|desk|editors|journalists)|and|on|in|is|was|has|have|hat|ist|und|am|under|"
    r"with|mit|here|as|for|at|by|to|your|der|die|das|veröffentlicht|erschienen|et|y|e|के|की|ने|"
    r"द्वारा|टीम|का|से)(?:\s|$)"
)
_STATION = re.compile(
    rf"(?:[A-Z]{{2,4}}\d{{1,2}}|[A-Z]{{3,4}}-(?:TV|FM|AM|DT)|(?i:{_any_of('stations')}) \d{{1,4}}) "
)
"""Stations, before their town: "KBRT-TV Harbour", "ABX7 Harbour", "Channel 8 Harbour"."""
_HUMPED = 4
"""Letters of each part of such a name, since "McDonald" and "LaRouche" are people's."""
_HUMP = re.compile(r"(?<=[^\W\d_A-Z])(?=[A-Z])")
_SUFFIX = re.compile(r"\s[-–—|•·:»]{1,2}\s([^-–—|•»]{2,60})$")
_BESIDE = re.compile(
    r"\s?,\s?special (?:to|for) (?:the )?|\s?[,|•–—(（]\s?(?:the )?|\s/\s(?:the )?"
    r"|\s(?:for|of|via)\s(?:the )?",
    re.IGNORECASE,
)
"""What stands between an author and the outlet in a byline."""
ARTICLE = re.compile(
    r"(?:The|the|der|die|das|dem|den|des|del|della|dello|dal|dalla|du|do|da|dos|het|el|la|le|les) "
)
"""Articles, and prepositions that hold one: of a name they are no part when in lower case."""
AGO = re.compile(r"\d{1,2} ?(?:[smhdw]|min|mins|hr|hrs)")
"""How long ago: no name, though a station's may look like it."""
AND = ("and", "und")
"""Words that stand between the two halves of a name that was two papers' once."""
_CLOCK = re.compile(r"(?<!\d)\d{1,2}:\d{2}(?!\d)")
_ABBREVIATED = 4
"""Letters that an outlet's own name cut short may have."""
_SYMBOLS = " " + "".join(map(chr, range(0x1F1E6, 0x1F200)))


def named_after(text: str, end: int) -> str:
    """The name that follows a phrase such as "appeared first on", or empty."""
    rest = text[end : end + 2 * LONGEST]
    domain = DOMAIN.match(rest.lstrip(" :-"))
    if domain:
        return domain[1]
    found = _AFTER.match(rest)
    if not found:
        return ""
    name = found[1]
    stops = _STOP.finditer(name)
    cuts = (at.start() for at in stops if not conjoins(name[: at.start()], name[at.start() :]))
    name = name[: next(cuts, None)].strip()
    name = name.rstrip(_SYMBOLS)
    return name if _is_name(name) and not _is_date(name) else ""


def conjoins(before: str, rest: str) -> bool:
    """Whether the "and" that opens `rest` is part of a name: "Harbour Advertiser and Times"."""
    if not rest.lstrip().startswith(AND):
        return False
    word, *after = rest.split(maxsplit=3)[:3]
    last, first = before.split()[-1:], after[:1]
    if word not in AND or not (last and first and first[0][0].isupper()):
        return False
    alone = not (after[1:] and after[1][0].isupper())
    return alone and like_outlet(last[0]) and like_outlet(first[0].strip(".,;:)"))


def _is_date(name: str) -> bool:
    dated = any(hit.kind is PhraseKind.DATE and hit.start == 0 for hit in find_phrases(name))
    return dated and any(char.isdigit() for char in name)


def _is_name(name: str) -> bool:
    plain = re.sub(r"^the ", "", name, flags=re.IGNORECASE)
    return (
        not plain.lower().startswith(("a ", "an "))
        and not (" " not in plain and nobody(plain))
        and SHORTEST - 1 <= len(plain) <= LONGEST
        and len(plain.split()) <= 5
        and any(char.isalpha() for char in plain)
        and "@" not in plain
        and not _CLOCK.search(plain)
        and not any(word[0].islower() and len(word) > 3 for word in plain.split())
        and (plain[0].isdigit() or not plain[0].islower() or "." in plain)
    )


def brand_of(headline: str) -> str:
    """The brand behind a headline's last separator ("… – News18"), or empty."""
    found = _SUFFIX.search(headline)
    if not found or len(found[1].split()) > 5 or found.start() < 12:
        return ""
    return found[1].strip() if _is_name(found[1].strip()) else ""


def signed_for(line: str) -> str:
    """The outlet beside an author's name in a byline ("Jane Doe, Daily Star"), or empty.

    With a slash between them it may also stand first: "Daily Star / Jane Doe".
    """
    pieces = [piece.strip(" .)）") for piece in _BESIDE.split(line)]
    if " The " in pieces[-1]:
        pieces.append("The " + pieces[-1].rpartition(" The ")[2])
    sides = pieces[-1:] + (pieces[:1] if " / " in line else [])
    return next((side for side in sides if pieces[1:] and pieces[0] and signs_alone(side)), "")


def signs_alone(name: str) -> bool:
    """Whether a name alone, or beside an author's, is an outlet's and no trade or date."""
    *front, end = name.split() or [""]
    coined = bool(_COINED.fullmatch(end) or _is_humped(end))
    if _STATION.match(name) and _is_name(name):
        return True
    if not (front or coined or end.lower() == "bbc") or not _is_name(name) or _is_date(name):
        return False
    numbered = front and end.isdigit() and like_outlet(front[-1])
    if numbered:
        return True
    if any(char.isdigit() for char in name) and not coined:
        return False
    words = ARTICLE.sub("", name.removeprefix("Le "), count=1).lower().split()
    if words[0] in _FIRST and len(words) > 1:
        return True
    return like_outlet(end) and not any(word[0].islower() for word in front)


def _is_humped(word: str) -> bool:
    """Whether a word is written as one from two, as no person's name is: "HarbourBeat"."""
    pieces = _HUMP.split(word)
    whole = [piece for piece in pieces if len(piece) >= _HUMPED]
    shaped = len(pieces) > 1 and (len(whole) == len(pieces) or like_outlet(word))
    return shaped and word.lower() not in PLATFORMS


def is_own(name: str, own: Sequence[str]) -> bool:
    """Whether a name is the outlet's own or a part of it: "Times" at the Harbour Times."""
    plain = unify(name).lower().removeprefix("the ").replace(" ", "")
    if any(plain in known.replace(" ", "") for known in own):
        return True
    first, *rest = name.split() or [""]
    short = first.isupper() and len(first) <= _ABBREVIATED and " ".join(rest) in ("", "News")
    return short and any(_abbreviates(first.lower(), known) for known in own)


def _abbreviates(letters: str, name: str) -> bool:
    """Whether letters stand in a name in this order, the first as its first: "bl", "bharatline"."""
    rest = iter(name)
    return name[:1] == letters[0] and all(letter in rest for letter in letters)


def without_desk(name: str) -> str:
    """An outlet's name without what of its newsroom is behind it: "Harbour Star Digital"."""
    words = name.split()
    while len(words) > 2 and words[-1].lower() in DESKS and like_outlet(" ".join(words[:-1])):
        words.pop()
    return " ".join(words)


def like_outlet(name: str) -> bool:
    """Whether a name has the shape of an outlet's: "News18", "Daily Star", "example.com"."""
    words = _HUMP.sub(" ", name)
    known = _OUTLET_WORDS.search(words) or DOMAIN.fullmatch(name) or _ARTICLED.fullmatch(name)
    return bool(name) and bool(known)


def holds_outlet(name: str) -> bool:
    """Whether some word of a name is one that outlets alone have: "Harbour Times Web Producer"."""
    return any(word.lower() in _known()["inside"] for word in name.split())


def like_person(name: str) -> bool:
    """Whether a name in the shape of an outlet's may be a person's: "Emily Post"."""
    *front, end = name.lower().split() or [""]
    return len(front) == 1 and end in _SURNAMES and front[0] not in ("the", "daily")


def nobody(name: str) -> bool:
    """Whether a name holds a word that no person's does: "Share My Data"."""
    return not _NOBODY.isdisjoint(name.lower().split())


def unlike_person(name: str) -> bool:
    """Whether a name is an outlet's beyond doubt, also where a person's is expected."""
    shaped = _INSIDE.search(name) or _COINED.fullmatch(name) or _STATION.match(name)
    return bool(len(name.split()) > 2 or shaped) and signs_alone(name)
