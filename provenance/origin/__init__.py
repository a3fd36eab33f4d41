"""Evidence → ranked origin; versions → chain; and was credit given?"""

from __future__ import annotations

from provenance.origin.judge import judge
from provenance.origin.model import (
    Credit,
    CreditVerdict,
    Hop,
    Judgement,
    Node,
    Origin,
    Verdict,
    Version,
)

__all__ = [
    "Credit",
    "CreditVerdict",
    "Hop",
    "Judgement",
    "Node",
    "Origin",
    "Verdict",
    "Version",
    "judge",
]
