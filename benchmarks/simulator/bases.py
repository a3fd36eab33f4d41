"""Real English texts to pass around: clean, and without an agency's name in them."""

from __future__ import annotations

import random
import re

from benchmarks.shared import news

_UNFIT = re.compile(
    r"Ã|â€|\bAP\b|Reuters|Associated Press|AFP|Newsletter|Read more|Copyright|All rights|"
    r"contributed to|Click|ADVERTISEMENT|SHARE|Photo|Bloomberg|Xinhua|Editor.s note|EDITOR.S NOTE|"
    r"(?:originally|first) (?:appeared|published|ran)|(?:appeared|published) (?:originally|first)"
)
"""What makes a text unfit: faults, furniture, and words that truly say whose text it is."""
_BRAND = re.compile(r"\s\|\s[^|]{2,30}$")
"""The outlet's name behind a headline, which would truly say whose text it is."""
Base = tuple[str, tuple[str, ...]]
"""Headline and paragraphs."""


def bases(count: int, seed: int) -> list[Base]:
    """Draw `count` texts of 7 to 30 paragraphs."""
    fit = [
        (
            _BRAND.sub("", article.title.strip()),
            tuple(block.text.strip() for block in article.blocks),
        )
        for article in news()
        if 7 <= len(article.blocks) <= 30
        and len(article.title) > 20
        and all(60 < len(block.text) < 900 for block in article.blocks)
        and not _UNFIT.search(article.text)
    ]
    return random.Random(seed).sample(fit, min(count, len(fit)))
