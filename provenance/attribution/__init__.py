"""What one page says by itself: what each block does, and whose text it runs."""

from __future__ import annotations

from provenance.attribution.agencies.agency import Agency, Mention
from provenance.attribution.agencies.known import Agencies
from provenance.attribution.evidence.authorship import Attribution, Authorship, authorship
from provenance.attribution.evidence.gathering import evidence
from provenance.attribution.wrapper.kinds import BlockJudgement, with_furniture, wrapper_kinds

__all__ = [
    "Agencies",
    "Agency",
    "Attribution",
    "Authorship",
    "BlockJudgement",
    "Mention",
    "authorship",
    "evidence",
    "with_furniture",
    "wrapper_kinds",
]
