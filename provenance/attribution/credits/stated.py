"""A line that states its source, without what a page puts before and behind it."""

from __future__ import annotations

import re

from provenance.attribution.language.phrases import PhraseKind, find_phrases

_DATE = re.compile(r"(?:19|20)\d\d.{1,3}\d")
_COLONS = (":", "：")
_BUTTONS = frozenset({PhraseKind.NAVIGATION, PhraseKind.COMMENT})
_LABELS = frozenset({PhraseKind.BYLINE, PhraseKind.TIMESTAMP})
_APART = " |·•/[【(（"
"""What may stand between a source and the first button or label behind it."""


def stated(text: str) -> str:
    """The source that a line states with a colon; all of the line where nothing is to be cut.

    In a script without capitals a name would run on into the words of buttons and of what stands
    before: "海港网 2024-01-03 来源：新华社 打印 关闭", "来源：新华社 作者：张三".
    """
    hits = find_phrases(text)
    label = next((h for h in hits if h.kind is PhraseKind.SOURCE and _closed(text, h.end)), None)
    if label is None:
        return text
    head = text[: label.start]
    dated = _DATE.search(head) and head.upper() == head.lower()
    start = head.rfind(" ") + 1 if dated else 0
    for hit in hits:
        before, word = text[label.end : hit.start], text[hit.start : hit.end]
        apart = before[-1:] in tuple(_APART) and before.strip(_APART + "".join(_COLONS))
        behind = hit.kind in _BUTTONS or (hit.kind in _LABELS and _closed(text, hit.end))
        if apart and behind and word.upper() == word.lower():
            return text[start : hit.start].rstrip(_APART)
    return text[start:]


def _closed(text: str, end: int) -> bool:
    """Whether a colon stands behind a word."""
    return text[end:].lstrip()[:1] in _COLONS
