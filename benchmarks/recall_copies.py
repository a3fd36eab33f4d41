"""Altered copies of real texts, as republishers make them: seeded material for `recall`."""

from __future__ import annotations

import random
from collections.abc import Callable, Sequence

Alteration = Callable[[str, Sequence[str], random.Random], str]
"""(text, unrelated texts to take words from, random source) → the altered text."""

LONGEST_WORD = 20
"""Mean length from which "words" are sentences of a script without spaces: letters are taken."""
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


def words(text: str) -> tuple[list[str], str]:
    """Words and the space to join them, or letters and nothing in a script without spaces."""
    found = text.split()
    if len(text) > LONGEST_WORD * len(found):
        return list("".join(found)), ""
    return found, " "


def other_wrapper(text: str, others: Sequence[str], draw: random.Random) -> str:
    """Verbatim, between another site's furniture."""
    return "\n".join([*draw.sample(ABOVE, 3), text, *draw.sample(BELOW, 3)])


def five_percent_edited(text: str, others: Sequence[str], draw: random.Random) -> str:
    """Every word is replaced with a chance of 5% by one of another text."""
    own, space = words(text)
    pool = draw.choice(others).split()
    return space.join(draw.choice(pool) if draw.random() < 0.05 else word for word in own)


def cut_off(text: str, others: Sequence[str], draw: random.Random) -> str:
    """The last 60% is gone."""
    own, space = words(text)
    return space.join(own[: len(own) * 2 // 5])


def embedded(text: str, others: Sequence[str], draw: random.Random) -> str:
    """Inside an unrelated article, together three times as long."""
    host = " ".join(draw.sample(others, min(40, len(others)))).split()
    size = len(words(text)[0])
    before = draw.randint(0, 2 * size)
    return "\n".join((" ".join(host[:before]), text, " ".join(host[before : 2 * size])))


def opening_rewritten(text: str, others: Sequence[str], draw: random.Random) -> str:
    """Another headline and first paragraph; a third of a text that hardly has more than those."""
    paragraphs = [line for line in text.split("\n") if line.strip()]
    opening = [line for line in draw.choice(others).split("\n") if line.strip()][:2]
    rest = "\n".join(paragraphs[2:])
    if len(rest) < len(text) / 2:
        own, space = words(text)
        rest = space.join(own[len(own) // 3 :])
    return "\n".join([*opening, rest])


ALTERATIONS: dict[str, Alteration] = {
    "verbatim, another wrapper": other_wrapper,
    "5% of the words edited": five_percent_edited,
    "last 60% cut off": cut_off,
    "embedded, three times as long": embedded,
    "headline and opening rewritten": opening_rewritten,
}
