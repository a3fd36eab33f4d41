"""The shapes of the commands' JSON: one source for the code and for the server's document.

``docs/json.md`` says what each field means.
"""

from __future__ import annotations

from typing import Literal

# Not that of `typing`: before Python 3.12 pydantic cannot read it.
from typing_extensions import TypedDict

from provenance.article import WrapperKind
from provenance.attribution import Authorship
from provenance.compare import EditKind, Role
from provenance.index import Relation
from provenance.origin import CreditVerdict, Verdict


class OutletJSON(TypedDict):
    """Who published a page."""

    domain: str
    name: str


IntervalJSON = TypedDict("IntervalJSON", {"earliest": str, "latest": str, "from": str})
"""A time as ISO 8601 bounds, and where it was read."""


class ArticleJSON(TypedDict):
    """A page's metadata."""

    id: str
    url: str | None
    final_url: str | None
    canonical_url: str | None
    outlet: OutletJSON | None
    title: str
    byline: str
    published: IntervalJSON | None
    modified: IntervalJSON | None
    language: str
    tokens: int


class BlockJSON(TypedDict):
    """A visible block and what it does."""

    index: int
    text: str
    role: Role
    kind: WrapperKind | None
    attributed_to: str | None


class EvidenceJSON(TypedDict):
    """One fact for or against a source."""

    kind: str
    quote: str
    block: int | None
    weight: float
    article: str


class PartyJSON(TypedDict):
    """An agency or an outlet."""

    kind: str
    id: str
    name: str


class OriginJSON(PartyJSON):
    """A likely source."""

    probability: float
    evidence: list[EvidenceJSON]


class NodeJSON(PartyJSON):
    """A party in the chain, with its version; null when that is known only by its traces."""

    article: str | None


class HopJSON(TypedDict):
    """A hop of the chain."""

    parent: NodeJSON
    child: NodeJSON
    probability: float
    evidence: list[EvidenceJSON]


class CreditJSON(TypedDict):
    """Whether the source is credited."""

    verdict: CreditVerdict
    to: str | None
    quote: str
    block: int | None


class MatchJSON(TypedDict):
    """A copy found in the index."""

    id: str
    url: str | None
    outlet: OutletJSON | None
    title: str
    published: IntervalJSON | None
    jaccard: float
    containment: float
    contained_by: float
    relation: Relation


class EditJSON(TypedDict):
    """A run of words."""

    kind: EditKind
    a: str
    b: str


class PairJSON(TypedDict):
    """Two aligned blocks, or one that has no counterpart."""

    a: int | None
    b: int | None
    similarity: float
    edits: list[EditJSON]


class ChangeJSON(TypedDict):
    """A stored version of the article beside the one before."""

    seen: str
    title: str
    byline: str
    modified: IntervalJSON | None
    changed: list[PairJSON]


class JudgementJSON(TypedDict):
    """Verdict, authorship, origin, chain and credit."""

    verdict: Verdict
    authorship: Authorship
    origin: list[OriginJSON]
    chain: list[HopJSON]
    credit: CreditJSON


class CheckJSON(JudgementJSON):
    """The answer of `check`."""

    schema: Literal["provenance.check/1"]
    article: ArticleJSON
    blocks: list[BlockJSON]
    matches: list[MatchJSON]
    versions: list[ChangeJSON]


class SideJSON(TypedDict):
    """One of the two versions of a diff."""

    article: ArticleJSON
    blocks: list[BlockJSON]


class DiffJSON(TypedDict):
    """The answer of `diff`."""

    schema: Literal["provenance.diff/1"]
    a: SideJSON
    b: SideJSON
    jaccard: float
    containment: float
    contained_by: float
    pairs: list[PairJSON]


class SetAsideJSON(TypedDict):
    """What could not be read."""

    source: str
    record: str
    reason: str


class AddJSON(TypedDict):
    """The answer of `add`."""

    schema: Literal["provenance.add/1"]
    added: int
    updated: int
    unchanged: int
    set_aside: list[SetAsideJSON]


class MeasureJSON(TypedDict):
    """A measure of an audit: its value, and what share of the articles that is, where it counts."""

    value: float | None
    share: float | None


class AuditJSON(TypedDict):
    """The summary of `audit`."""

    schema: Literal["provenance.audit/1"]
    version: str
    articles: int
    outlets: int
    agencies: int
    clusters: int
    set_aside: int
    filters: dict[str, str | list[str]]
    unknown_because: dict[str, int]
    measures: dict[str, MeasureJSON]
