"""Outlets named on a page: its own names, and those that a disclaimer, a link or a brand names."""

from __future__ import annotations

import re
import tomllib
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from provenance.article import Article, Block, Party
from provenance.attribution.agencies import Agencies
from provenance.attribution.phrases import Hit, PhraseKind, find_phrases
from provenance.attribution.words import unify
from provenance.sources.identity import host_of

_OWN_CLAIMS = (
    "json-ld:publisher",
    "meta:og:site_name",
    "meta:site_name",
    "meta:sitename",
    "meta:publisher",
    "meta:application-name",
    "meta:copyright",
    "json-ld:copyrightholder",
)
_SHORTEST, _LONGEST = 3, 60


@cache
def _known() -> dict[str, list[str]]:
    """The shipped lists of ``outlets.toml``."""
    text = files("provenance.attribution").joinpath("outlets.toml").read_text(encoding="utf-8")
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
PLATFORMS = frozenset(_known()["platforms"])
"""Sites where anybody's texts are shown, in lower case."""
DESKS = frozenset(_known()["desks"])
"""Words between an outlet's name and its newsroom's title, in lower case."""
SHORTENED = frozenset(_known()["shortened"])
"""Words that a full stop ends in the middle of a name, in lower case."""
_NAME = (
    rf"(?:\b(?:{_any_of('shortened')})\.|" r"[^\s.,;:!?()\[\]{}|/<>\"“”„«»…।。、，；：！？（）]+)"
)
_DOMAIN = re.compile(
    r"(?:https?://)?(?:www\.)?((?:[\w-]{1,63}\.){1,4}[a-z]{2,24})\b", re.IGNORECASE
)
_AFTER = re.compile(rf"[\s:\-–—\"“„«']*((?:the )?{_NAME}(?: {_NAME}){{0,6}})", re.IGNORECASE)
_STOP = re.compile(
    r"\s(?:(?i:staff|team|desk|editors|journalists)|and|on|in|is|was|has|have|hat|ist|und|am|under|"
    r"with|mit|here|as|for|at|by|to|your|der|die|das|veröffentlicht|erschienen|et|y|e|के|की|ने|"
    r"द्वारा|टीम|का|से)(?:\s|$)"
)
_STATION = re.compile(r"[A-Z]{2,4}\d{1,2}|[A-Z]{3,4}-(?:TV|FM|AM|DT)")
"""Call signs of stations, before their town: "KBRT-TV Harbour", "ABX7 Harbour"."""
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
_ARTICLE = re.compile(
    r"(?:The|the|der|die|das|dem|den|des|del|della|dello|dal|dalla|du|do|da|dos|het|el|la|le|les) "
)
"""Articles, and prepositions that hold one: of a name they are no part when in lower case."""
AGO = re.compile(r"\d{1,2} ?(?:[smhdw]|min|mins|hr|hrs)")
"""How long ago: no name, though a station's may look like it."""
_ABBREVIATED = 4
"""Letters that an outlet's own name cut short may have."""
_SYMBOLS = " " + "".join(map(chr, range(0x1F1E6, 0x1F200)))
_NAMED_AFTER = (
    "edited by",
    "first on",
    "appeared on",
    "published on",
    "published by",
    "published at",
    "published in",
    "discover more from",
    "more from",
)


def own_names(article: Article) -> tuple[str, ...]:
    """The outlet's own names in lower case, the longest first: crediting oneself credits no one."""
    outlet = article.outlet
    raw = [outlet.name, outlet.domain] if outlet else []
    raw += [claim.value for claim in article.claims if claim.field.lower() in _OWN_CLAIMS]
    names = set()
    for name in raw:
        plain = unify(name).lower().strip(" .©")
        forms = {plain, plain.removeprefix("the "), plain.removeprefix("www.")}
        if _DOMAIN.fullmatch(plain):
            forms.add(plain.removeprefix("www.").split(".")[0])
        else:
            forms |= {plain.replace(" ", ""), re.sub(r"\.[a-z]{2,3}$", "", plain)}
        names |= {form for form in forms if _SHORTEST <= len(form) <= _LONGEST}
    return tuple(sorted(names, key=lambda name: (-len(name), name)))


def own_party(article: Article, agencies: Agencies) -> Party | None:
    """Who published the page: an agency on its own site, else the outlet."""
    agency = own_agency(article, agencies)
    if agency:
        return agency
    outlet = article.outlet
    if outlet is None or not (outlet.domain or outlet.name):
        return None
    return Party("outlet", outlet.domain or outlet.name.casefold(), outlet.name or outlet.domain)


def own_agency(article: Article, agencies: Agencies) -> Party | None:
    """The news agency whose own site the page is on, by its address; syndicators are outlets."""
    for host in _own_hosts(article):
        agency = agencies.by_domain(host)
        if agency and agency.kind.value == "agency":
            return Party("agency", agency.id, agency.name)
    return None


def own_house(article: Article, agencies: Agencies) -> frozenset[Party]:
    """The agencies and syndicators that belong with the outlet, by the page's address."""
    found = (agency for host in _own_hosts(article) for agency in agencies.of_house(host))
    return frozenset(Party("agency", agency.id, agency.name) for agency in found)


def _own_hosts(article: Article) -> list[str]:
    hosts = [host_of(url) for url in (article.final_url, article.url)]
    hosts += [article.outlet.domain] if article.outlet else []
    return [host for host in hosts if host]


def named_after(text: str, end: int) -> str:
    """The name that follows a phrase such as "appeared first on", or empty."""
    rest = text[end : end + 2 * _LONGEST]
    domain = _DOMAIN.match(rest.lstrip(" :-"))
    if domain:
        return domain[1]
    found = _AFTER.match(rest)
    if not found:
        return ""
    name = found[1]
    stop = _STOP.search(name)
    name = (name[: stop.start()] if stop else name).strip()
    name = name.rstrip(_SYMBOLS)
    return name if _is_name(name) and not _is_date(name) else ""


def _is_date(name: str) -> bool:
    dated = any(hit.kind is PhraseKind.DATE and hit.start == 0 for hit in find_phrases(name))
    return dated and any(char.isdigit() for char in name)


def _is_name(name: str) -> bool:
    plain = re.sub(r"^the ", "", name, flags=re.IGNORECASE)
    return (
        not plain.lower().startswith(("a ", "an "))
        and not (" " not in plain and nobody(plain))
        and _SHORTEST - 1 <= len(plain) <= _LONGEST
        and len(plain.split()) <= 5
        and any(char.isalpha() for char in plain)
        and "@" not in plain
        and not any(word[0].islower() and len(word) > 3 for word in plain.split())
        and (plain[0].isdigit() or not plain[0].islower() or "." in plain)
    )


def outlet_in(
    block: Block, hits: list[Hit], article: Article, agencies: Agencies, known: tuple[str, ...] = ()
) -> Party | None:
    """The outlet that a wrapper block names or speaks for.

    Args:
        block: A disclaimer, a promotion, a source link.
        hits: The phrases in it.
        article: The page.
        agencies: The known agencies; they are no outlets.
        known: Brands already seen on the page, tried when no phrase points to a name.
    """
    kinds = (PhraseKind.FIRST_APPEARED, PhraseKind.DISCLAIMER, PhraseKind.PROMOTION)
    for hit in sorted((h for h in hits if h.kind in kinds), key=lambda h: kinds.index(h.kind)):
        phrase = unify(block.text[hit.start : hit.end]).lower()
        if hit.kind is PhraseKind.FIRST_APPEARED or phrase.endswith(_NAMED_AFTER):
            name = named_after(block.text, hit.end)
            if name and not agencies.find(name):
                return outlet_party(name, block, article)
    folded = unify(block.text).lower()
    for brand in known:
        if unify(brand).lower() in folded:
            return outlet_party(brand, block, article)
    return None


def outlet_party(name: str, block: Block, article: Article) -> Party:
    """The party a name stands for: the page's own outlet, a linked site, or a bare name."""
    plain = _ARTICLE.sub("", name, count=1) if _ARTICLE.match(name) else name
    if article.outlet and article.outlet.domain and _same(plain, own_names(article)):
        return Party("outlet", article.outlet.domain, article.outlet.name or plain)
    if _DOMAIN.fullmatch(plain):
        return Party("outlet", plain.lower().removeprefix("www."), plain)
    for link in block.links:
        if unify(link.text).lower().strip(" .") == unify(plain).lower():
            host = host_of(link.url).removeprefix("www.")
            if host and "//" in link.url:
                return Party("outlet", host, plain)
    return Party("outlet", plain.casefold(), plain)


def linked(block: Block, article: Article, agencies: Agencies) -> list[Party]:
    """The party to whose site a "Source link" leads, when it leads off this site."""
    hosts = [host_of(link.url).removeprefix("www.") for link in block.links if "//" in link.url]
    hosts = [host for host in hosts if host.split(".")[-2:][0] not in PLATFORMS]
    parties = (party_at(host, article, agencies) for host in hosts)
    return [party for party in parties if party][:1]


def party_at(host: str, article: Article, agencies: Agencies) -> Party | None:
    """The agency at a host, or the outlet when the page's own site is known and another."""
    agency = agencies.by_domain(host) if host else None
    if agency:
        return Party("agency", agency.id, agency.name)
    home = article.outlet.domain if article.outlet else ""
    away = host and home and host != home and not host.endswith("." + home)
    if host and not home:  # a page that was saved: its name must do
        label = host.rsplit(".", 1)[0].replace("-", "").replace(".", "")
        names = [name.replace(" ", "") for name in own_names(article)]
        away = bool(names) and not any(label in name or name in label for name in names)
    return Party("outlet", host, _called(host, article) or host) if away else None


def _called(host: str, article: Article) -> str:
    """The name in several words by which the page calls the outlet at a host, or empty."""
    label = re.sub(r"[^a-z0-9]", "", host.rsplit(".", 1)[0])
    spaced = re.compile(rf"\b{' ?'.join(label)}\b(?![.@-])", re.IGNORECASE)
    found = (spaced.search(block.text) for block in article.blocks)
    names = (one[0] for one in found if one and one[0][0].isupper() and " " in one[0])
    return next(names, "") if label else ""


def _same(name: str, own: tuple[str, ...]) -> bool:
    return unify(name).lower() in own


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
    if front and _STATION.fullmatch(front[0]) and _is_name(name):
        return True
    if not (front or coined or end.lower() == "bbc") or not _is_name(name) or _is_date(name):
        return False
    numbered = front and end.isdigit() and like_outlet(front[-1])
    if any(char.isdigit() for char in name) and not (coined or numbered):
        return False
    if numbered:
        return True
    words = _ARTICLE.sub("", name.removeprefix("Le "), count=1).lower().split()
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
    known = _OUTLET_WORDS.search(words) or _DOMAIN.fullmatch(name) or _ARTICLED.fullmatch(name)
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
    station = _STATION.fullmatch(name.split(maxsplit=1)[0]) is not None
    sure = len(name.split()) > 2 or bool(_INSIDE.search(name) or _COINED.fullmatch(name)) or station
    return sure and signs_alone(name)
