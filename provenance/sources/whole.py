"""Whether a page came whole, or was cut off: by a broken connection, by a program that failed."""

from __future__ import annotations

import re

DOCUMENT = re.compile(
    r"\ufeff?\s{0,1000}(?:<!--.{0,1000}?-->\s{0,99}|<\?[^>]{0,200}>\s{0,99}){0,9}<(?:!doctype|html|body)\b",
    re.I | re.S,
)
END = re.compile(r"</(?:html|body)\b", re.I)
PART = re.compile(
    r"<!--(?:.*?-->|(?P<comment>))"
    r"|<(?P<code>script|style|svg|noscript|textarea)\b(?:.*?</(?P=code)\b|(?P<torn>))"
    r"|<(?P<close>/?)(?:div|article|main|section|table|ul|ol|aside|nav|header|footer|figure|form|span)\b",
    re.I | re.S,
)
"""Comments, code, and the elements whose end may not be left out (HTML, 13.1.2.4)."""
TAIL = 10_000


def breaks_off(text: str) -> bool:
    """Whether a page ends before its end: in a tag, a comment, code or an element left open.

    HTML lets a page leave out ``</body>`` and ``</html>``, but not the ends of the elements in it.
    What has either is whole, however carelessly the rest is nested; what is no document (a part of
    a page, as tables and feeds hold it) is never judged.
    """
    if END.search(text, max(0, len(text) - TAIL)) or not DOCUMENT.match(text) or END.search(text):
        return False
    depth = 0
    for part in PART.finditer(text):
        if part["comment"] is not None or part["torn"] is not None:
            return True
        if not part["code"] and part["close"] is not None:
            # A stray end closes nothing that a later one could be missing for.
            depth = max(0, depth - 1) if part["close"] else depth + 1
    return depth > 0 or text.rfind("<") > text.rfind(">")
