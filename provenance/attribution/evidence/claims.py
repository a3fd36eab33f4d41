"""What metadata claims: authors, sources, holders of rights, addresses of the text."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from provenance.article import Article, Party
from provenance.attribution.agencies.agency import Agency
from provenance.attribution.agencies.known import Agencies
from provenance.attribution.credits.line import CreditLine
from provenance.attribution.credits.lines import read_credit
from provenance.attribution.credits.stretches import Part
from provenance.attribution.outlets.parties import party_at
from provenance.sources.identity import host_of

_AUTHORS = (
    "author", "authors", "creator", "byline", "byl", "articleauthor", "contributor", "writer",
)  # fmt: skip
_SOURCES = (
    "provider", "sourceorganization", "isbasedon", "isbasedonurl", "source", "agency", "credit",
    "credittext", "dateline", "distributor",
)  # fmt: skip
_RIGHTS = ("copyrightholder", "copyrightnotice", "copyright", "rights", "rightsholder")
_SYNDICATION = ("syndication-source", "original-source")
_KINDS = {
    **dict.fromkeys(_AUTHORS, "metadata-author"),
    **dict.fromkeys(_SOURCES, "metadata-source"),
    **dict.fromkeys(_RIGHTS, "metadata-rights"),
    **dict.fromkeys(_SYNDICATION, "syndication-source"),
    "publisher": "metadata-publisher",
    "canonical": "off-site-canonical",
}
_PICTURES = ("image", "video", "photo", "logo", "thumbnail", "associatedmedia", "twitter")


@dataclass(frozen=True, slots=True)
class Said:
    """One thing a claim says.

    Attributes:
        kind: Kind of evidence.
        quote: The value.
        party: Whom it names; None for people.
        people: The people it names, as written.
        joint: It joins an agency to the outlet or its people.
        own: It names the outlet itself or its newsroom.
    """

    kind: str
    quote: str
    party: Party | None = None
    people: tuple[str, ...] = ()
    joint: bool = False
    own: bool = False


def said_by_claims(article: Article, agencies: Agencies, own: tuple[str, ...]) -> Iterator[Said]:
    """What an article's metadata say about whose text it is; pictures' metadata say nothing."""
    seen = set()
    rows = [(claim.field, claim.value) for claim in article.claims]
    rows += [("record:byline", article.byline)] if article.byline and not article.claims else []
    for field, value in rows:
        kind = _kind(field)
        if kind and (kind, value) not in seen:
            seen.add((kind, value))
            yield from _said(kind, value, article, agencies, own)


def _kind(field: str) -> str:
    """The kind of evidence a field gives, or empty."""
    folded = field.lower()
    if any(word in folded for word in _PICTURES):
        return ""
    last = folded.replace(".", ":").rsplit(":", 1)[-1]
    kind = _KINDS.get(last, "")
    if last == "source" and folded.startswith("feed"):
        return "syndication-source"
    return kind


def _said(
    kind: str, value: str, article: Article, agencies: Agencies, own: tuple[str, ...]
) -> Iterator[Said]:
    if "://" in value[:12] or value.startswith("www."):
        if kind not in ("metadata-author", "metadata-publisher"):
            yield from _said_by_address(kind, value, article, agencies)
        return
    credit = read_credit(value, agencies, article.language, own)
    if credit is None or credit.photo:
        return
    if not credit.mentions:
        if kind == "metadata-author":
            people = tuple(name for name in credit.names if len(name) > 2)
            yield Said(kind, value, None, people, own=credit.staff)
        return
    for mention in credit.mentions:
        if credit.loose and mention.ambiguous:
            continue
        if not mention.ambiguous or _may_mean(mention.agency, credit, article.language):
            party = Party("agency", mention.agency.id, mention.agency.name)
            yield Said(kind, value, party, credit.names, credit.joint, credit.has(Part.OWN))


def _may_mean(agency: Agency, credit: CreditLine, language: str) -> bool:
    """Whether an ambiguous form names the agency here: it writes in the page's language."""
    return credit.sure or not language or language in agency.languages


def _said_by_address(kind: str, value: str, article: Article, agencies: Agencies) -> Iterator[Said]:
    party = party_at(host_of(value).removeprefix("www."), article, agencies)
    places = ("off-site-canonical", "syndication-source", "metadata-source")
    if party and (party.kind == "agency" or kind in places):
        yield Said(kind, value, party)
