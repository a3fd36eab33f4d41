"""Pages that carry no story: a banner, a wall, a check for robots, pictures with captions."""

from __future__ import annotations

import tomllib
from collections import Counter
from collections.abc import Sequence
from functools import cache
from importlib.resources import files

from provenance.article import Block, BlockKind

CONSENT = frozenset((
    "cookie", "cookies", "consent", "gdpr", "cookiebanner", "cookieconsent", "onetrust", "didomi",
    "usercentrics", "cybotcookiebotdialog", "cookielaw",
))  # fmt: skip
"""Words of markup around what asks for leave to keep cookies: never the story."""
NEAR_HINTS = 6
LONGEST = 4000
"""Characters of main text from which a page is more than a notice, whatever it says."""
SAID = {
    "consent": "asks for consent to cookies and shows no article",
    "subscription": "asks to subscribe or log in and shows no article",
    "scripts": "asks for JavaScript and shows no article",
    "robots": "asks whether a person reads it and shows no article",
    "missing": "says that there is no such page",
}
"""What is told of each kind of ``storyless.toml``."""


def why_no_story(blocks: Sequence[Block]) -> str:
    """Why a page is no article, in words that follow "page"; empty when it is one.

    A page is none when it has no main text but headings, or when two thirds of its main text are
    notices, by the words of ``storyless.toml``; a paragraph of teaser beside them makes it one.

    Args:
        blocks: Its blocks, `main` set.
    """
    main = [block for block in blocks if block.main and block.kind is not BlockKind.HEADING]
    if sum(len(block.text) for block in main) > LONGEST:
        return ""
    letters: Counter[str] = Counter()
    for block in main or blocks:
        letters[notice_kind(block)] += len(block.text)
    story = letters.pop("", 0)
    if main and 2 * story > letters.total():
        return ""
    if letters:
        return SAID[letters.most_common(1)[0][0]]
    if any(block.kind is BlockKind.CAPTION for block in blocks):
        return "shows pictures with captions and no article"
    return f"has no running text, only {len(blocks)} headings, links and other short lines"


def notice_kind(block: Block) -> str:
    """The kind of notice that a block is, or empty."""
    if is_consent(block):
        return "consent"
    text = " ".join(block.text.casefold().replace("’", "'").split())
    return next((k for k, phrases in _phrases().items() if any(p in text for p in phrases)), "")


def is_consent(block: Block) -> bool:
    """Whether the markup says that a block asks for leave to keep cookies."""
    return not CONSENT.isdisjoint(block.hints[:NEAR_HINTS])


@cache
def _phrases() -> dict[str, tuple[str, ...]]:
    text = files("provenance.sources").joinpath("storyless.toml").read_text(encoding="utf-8")
    return {
        kind: tuple(phrase for phrases in languages.values() for phrase in phrases)
        for kind, languages in tomllib.loads(text).items()
    }
