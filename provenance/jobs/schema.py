"""The contract's JSON: results as plain dictionaries, in one place for every command and server."""

from __future__ import annotations

from collections.abc import Sequence

from provenance.article import Article, Block, Evidence, Interval, Party
from provenance.attribution import BlockJudgement
from provenance.compare import BlockRole, Pair
from provenance.fingerprint import token_hashes
from provenance.index import Match
from provenance.jobs.json_types import (
    ArticleJSON,
    BlockJSON,
    EvidenceJSON,
    HopJSON,
    IntervalJSON,
    JudgementJSON,
    MatchJSON,
    NodeJSON,
    OriginJSON,
    OutletJSON,
    PairJSON,
    PartyJSON,
)
from provenance.origin import Hop, Judgement, Node, Origin, Version


def article_dict(article: Article) -> ArticleJSON:
    """The contract's `article` object."""
    return {
        "id": article.id,
        "url": article.url or None,
        "final_url": article.final_url or None,
        "canonical_url": article.canonical_url or None,
        "outlet": _outlet_dict(article),
        "title": article.title,
        "byline": article.byline,
        "published": interval_dict(article.published),
        "modified": interval_dict(article.modified),
        "language": article.language,
        "tokens": len(token_hashes(article.text)),
    }


def blocks_dict(version: Version, block_roles: Sequence[BlockRole]) -> list[BlockJSON]:
    """The contract's `blocks` list: every block with its role, kind and party."""
    rows = zip(version.article.blocks, version.judgements, block_roles, strict=True)
    return [_block_dict(block, judgement, role) for block, judgement, role in rows]


def _block_dict(block: Block, judgement: BlockJudgement, role: BlockRole) -> BlockJSON:
    return {
        "index": block.index,
        "text": block.text,
        "role": role.role,
        "kind": judgement.kind,
        "attributed_to": judgement.party.id if judgement.party else None,
    }


def _outlet_dict(article: Article) -> OutletJSON | None:
    outlet = article.outlet
    return {"domain": outlet.domain, "name": outlet.name} if outlet else None


def interval_dict(interval: Interval | None) -> IntervalJSON | None:
    """An interval as ISO 8601 bounds and where it was read."""
    if interval is None:
        return None
    return {
        "earliest": interval.earliest.isoformat(),
        "latest": interval.latest.isoformat(),
        "from": interval.source,
    }


def _party_dict(party: Party) -> PartyJSON:
    return {"kind": party.kind, "id": party.id, "name": party.name}


def _evidence_dict(item: Evidence) -> EvidenceJSON:
    return {
        "kind": item.kind,
        "quote": item.quote,
        "block": item.block,
        "weight": round(item.weight, 3),
        "article": item.article,
    }


def _origin_dict(origin: Origin) -> OriginJSON:
    return {
        **_party_dict(origin.party),
        "probability": round(origin.probability, 4),
        "evidence": [_evidence_dict(item) for item in origin.evidence],
    }


def _node_dict(node: Node) -> NodeJSON:
    return {**_party_dict(node.party), "article": node.article}


def _hop_dict(hop: Hop) -> HopJSON:
    return {
        "parent": _node_dict(hop.parent),
        "child": _node_dict(hop.child),
        "probability": round(hop.probability, 4),
        "evidence": [_evidence_dict(item) for item in hop.evidence],
    }


def match_dict(match: Match) -> MatchJSON:
    """The contract's row of `matches`; containment is that of the checked article."""
    found = match.article
    return {
        "id": found.id,
        "url": found.final_url or found.url or found.canonical_url or None,
        "outlet": _outlet_dict(found),
        "title": found.title,
        "published": interval_dict(found.published),
        "jaccard": round(match.overlap.jaccard, 4),
        "containment": round(match.overlap.a_in_b, 4),
        "contained_by": round(match.overlap.b_in_a, 4),
        "relation": match.relation,
    }


def judgement_dict(judgement: Judgement) -> JudgementJSON:
    """The contract's verdict, origin, chain and credit, with the kind of authorship."""
    credit = judgement.credit
    return {
        "verdict": judgement.verdict,
        "authorship": judgement.authorship,
        "origin": [_origin_dict(origin) for origin in judgement.origins],
        "chain": [_hop_dict(hop) for hop in judgement.chain],
        "credit": {
            "verdict": credit.verdict,
            "to": credit.to.id if credit.to else None,
            "quote": credit.quote,
            "block": credit.block,
        },
    }


def pair_dict(pair: Pair) -> PairJSON:
    """A row of `diff`'s `pairs`: block indexes on both sides, and runs of words."""
    return {
        "a": pair.a,
        "b": pair.b,
        "similarity": round(pair.similarity, 4),
        "edits": [{"kind": edit.kind, "a": edit.a, "b": edit.b} for edit in pair.edits],
    }
