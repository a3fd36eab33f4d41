"""Altered copies of real texts, as republishers make them: seeded material for `recall`."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

Alteration = Callable[[str, Sequence[str], random.Random], str]
"""(text, unrelated texts to take words from, random source) → the altered text."""

ABOVE = (
    "Subscribe to the morning letter and never miss a story that matters to you.",
    "Skip to content",
    "Home » News » Nation",
    "Last updated 6 hours ago",
    "By our online desk",
    "Share this on your favourite network",
)
BELOW = (
    "This report came through a syndicated feed and our newsroom did not touch it.",
    "Read more stories from this section",
    "Sign in to leave a comment. Be kind and stay on the subject.",
    "All rights reserved. No part of this page may be copied without written consent.",
    "Follow us for updates round the clock",
)


def other_wrapper(text: str, others: Sequence[str], draw: random.Random) -> str:
    """Verbatim, between another site's furniture."""
    above, below = draw.sample(ABOVE, 3), draw.sample(BELOW, 3)
    return "\n".join([*above, text, *below])


def five_percent_edited(text: str, others: Sequence[str], draw: random.Random) -> str:
    """Every word is replaced with a chance of 5% by one of another text."""
    pool = draw.choice(others).split()
    return " ".join(draw.choice(pool) if draw.random() < 0.05 else word for word in text.split())


def cut_off(text: str, others: Sequence[str], draw: random.Random) -> str:
    """The last 60% is gone."""
    words = text.split()
    if len(words) < 40:  # a script without spaces
        return text[: max(1, len(text) * 2 // 5)]
    return " ".join(words[: len(words) * 2 // 5])


def embedded(text: str, others: Sequence[str], draw: random.Random) -> str:
    """Inside an unrelated article, together three times as long."""
    host = " ".join(draw.sample(others, min(40, len(others)))).split()
    size = len(text.split()) if len(text.split()) >= 40 else len(text) // 2
    before = draw.randint(0, 2 * size)
    return "\n".join((" ".join(host[:before]), text, " ".join(host[before : 2 * size])))


def opening_rewritten(text: str, others: Sequence[str], draw: random.Random) -> str:
    """Another headline and first paragraph."""
    paragraphs = [line for line in text.split("\n") if line.strip()]
    opening = [line for line in draw.choice(others).split("\n") if line.strip()][:2]
    if len(paragraphs) > 2:
        return "\n".join(opening + paragraphs[2:])
    words = text.split()
    return "\n".join([*opening, " ".join(words[min(60, len(words) // 3) :])])


ALTERATIONS: dict[str, Alteration] = {
    "verbatim, another wrapper": other_wrapper,
    "5% of the words edited": five_percent_edited,
    "last 60% cut off": cut_off,
    "embedded, three times as long": embedded,
    "headline and opening rewritten": opening_rewritten,
}
