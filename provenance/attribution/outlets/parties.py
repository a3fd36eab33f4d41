"""Outlets named on a page: its own names, and those that a disclaimer, a link or a brand names."""

from __future__ import annotations

import re

from provenance.article import Article, Block, Claim, Party
from provenance.attribution.agencies.known import Agencies
from provenance.attribution.language.phrases import Hit, PhraseKind
from provenance.attribution.language.words import unify
from provenance.attribution.outlets.names import (
    ARTICLE,
    DOMAIN,
    LONGEST,
    PLATFORMS,
    SHORTEST,
    like_outlet,
    named_after,
)
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
    raw += [
        claim.value
        for claim in article.claims
        if claim.field.lower() in _OWN_CLAIMS and not _is_anothers(claim, raw)
    ]
    # "fakty.harbour24.example" may call itself Fakty Harbour.
    names = {_label(host.removeprefix("www.")) for host in _own_hosts(article)}
    for name in raw:
        plain = unify(name).lower().strip(" .©")
        forms = {plain, plain.removeprefix("the "), plain.removeprefix("www.")}
        if DOMAIN.fullmatch(plain):
            forms.add(plain.removeprefix("www.").split(".")[0])
        else:
            forms |= {plain.replace(" ", ""), re.sub(r"\.[a-z]{2,3}$", "", plain)}
        names |= forms
    fitting = (name for name in names if SHORTEST <= len(name) <= LONGEST)
    return tuple(sorted(fitting, key=lambda name: (-len(name), name)))


def _is_anothers(claim: Claim, own: list[str]) -> bool:
    """Whether it names another outlet as the holder of rights, with no word of the own names."""
    if "copyright" not in claim.field.lower() or not own or not like_outlet(claim.value):
        return False
    known = "".join(unify(name).lower().replace(" ", "") for name in own)
    words = re.findall(r"[^\W\d_]{4,}", unify(claim.value).lower().replace("copyright", ""))
    return not any(word in known for word in words)


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
    plain = ARTICLE.sub("", name, count=1) if ARTICLE.match(name) else name
    if article.outlet and article.outlet.domain and _same(plain, own_names(article)):
        return Party("outlet", article.outlet.domain, article.outlet.name or plain)
    if DOMAIN.fullmatch(plain):
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
        label = _label(host)
        names = [name.replace(" ", "") for name in own_names(article)]
        away = bool(names) and not any(label in name or name in label for name in names)
    return Party("outlet", host, _called(host, article) or host) if away else None


def _called(host: str, article: Article) -> str:
    """The name in several words by which the page calls the outlet at a host, or empty."""
    label = _label(host)
    spaced = re.compile(rf"\b{' ?'.join(label)}\b(?![.@-])", re.IGNORECASE)
    found = (spaced.search(block.text) for block in article.blocks)
    names = (one[0] for one in found if one and one[0][0].isupper() and " " in one[0])
    return next(names, "") if label else ""


def _label(host: str) -> str:
    """The letters and digits of a host without its top level: "harbour-news.com"."""
    return "".join(filter(str.isalnum, host.rsplit(".", 1)[0]))


def _same(name: str, own: tuple[str, ...]) -> bool:
    return unify(name).lower() in own
