"""The nouns of the judgement: versions go in; origins, hops and a credit verdict come out."""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum

from provenance.article import Article, Evidence, Party, WrapperKind
from provenance.attribution import Authorship, BlockJudgement


@dataclass(frozen=True, slots=True)
class Version:
    """One page that carries the story, as it was read by itself.

    Attributes:
        article: The page.
        judgements: For each block what it does and whom it speaks for or names.
        evidence: What the page says about its source.
    """

    article: Article
    judgements: tuple[BlockJudgement, ...]
    evidence: tuple[Evidence, ...]

    @property
    def kinds(self) -> tuple[WrapperKind | None, ...]:
        """For each block its wrapper kind, None for body text."""
        return tuple(judgement.kind for judgement in self.judgements)


class Verdict(StrEnum):
    """What the checked page is.

    - ``original``: its own outlet wrote it (or it is the agency's own site).
    - ``syndicated``: an agency wrote it, and no other outlet is known to stand between.
    - ``republished``: it was taken from another outlet, whoever wrote it.
    - ``partial-copy``: less than half of its text is found in other versions, and that part is
      theirs: a piece around, or with, somebody else's text.
    - ``unknown``: nothing says so with a probability of one half or more.
    """

    ORIGINAL = "original"
    SYNDICATED = "syndicated"
    REPUBLISHED = "republished"
    PARTIAL_COPY = "partial-copy"
    UNKNOWN = "unknown"


class CreditVerdict(StrEnum):
    """Whether the page tells its readers where the text comes from; see `credit`."""

    CREDITED = "credited"
    MISCREDITED = "miscredited"
    UNCREDITED = "uncredited"
    SELF_CLAIMED = "self-claimed"
    NOT_NEEDED = "not-needed"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True)
class Origin:
    """A likely source of the text.

    Attributes:
        party: The agency or outlet.
        probability: That the text, or its share where agencies share one, comes from it.
        evidence: Facts for it (weight > 0) and against it (weight < 0), strongest first.
    """

    party: Party
    probability: float
    evidence: tuple[Evidence, ...]


@dataclass(frozen=True, slots=True)
class Node:
    """A version in the chain.

    Attributes:
        party: Who published it.
        article: Its id, or None for a version that is known only by its traces.
    """

    party: Party
    article: str | None


@dataclass(frozen=True, slots=True)
class Hop:
    """One version taken from another.

    Attributes:
        parent: Where it was taken from.
        child: Who took it.
        probability: That the child was taken from exactly this parent.
        evidence: Why, strongest first; a fact of kind ``unordered`` says that nothing tells
            which of the two came first.
    """

    parent: Node
    child: Node
    probability: float
    evidence: tuple[Evidence, ...]

    @property
    def doubtful(self) -> bool:
        """Whether it is only the likeliest of several: more likely, it was another than this."""
        return self.probability < 0.5


@dataclass(frozen=True, slots=True)
class Credit:
    """Whether, whom and where the checked page credits.

    Attributes:
        verdict: See `credit`.
        to: Whom the page names, rightly or not.
        quote: The words that name it.
        block: The block they stand in, None for metadata or none.
    """

    verdict: CreditVerdict
    to: Party | None
    quote: str
    block: int | None


@dataclass(frozen=True, slots=True)
class Judgement:
    """Everything concluded about one page.

    Attributes:
        verdict: What the page is.
        authorship: Whose text it is: ``sole`` somebody else's (agency or outlet), ``joint`` the
            page's staff's together with an agency's, ``self`` an agency's on its own site, ``own``
            the outlet's, or ``unknown``.
        origins: Likely sources, most likely first; may be empty.
        chain: Hops between the versions, from the origin outwards; a tree, or several where
            versions share no known parent.
        credit: Whether the page tells its readers.
    """

    verdict: Verdict
    authorship: Authorship
    origins: tuple[Origin, ...]
    chain: tuple[Hop, ...]
    credit: Credit
