"""Real pages whose every block was read and labelled by hand (``wrapper_labels.json``).

The file has no text of the pages, only a hash of each block's: ``labels`` gives the kinds of
wrapper that are right for each label (the likeliest first, none for ``core``), ``pages`` the runs
of blocks of one label, in page order. A page's half was decided by a hash of its site's name
before it was read; rules and weights may be made while looking at ``dev`` only. What could be held
for either text or wrapper is ``unsure`` and not scored.
"""

from __future__ import annotations

import csv
import gzip
import json
from collections import defaultdict, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path

from benchmarks.shared import shared
from provenance.article import Article, Block, BlockKind, Outlet
from provenance.sources import article_from_html, article_from_text

LABELS = Path(__file__).parent / "wrapper_labels.json"
UNSURE = "unsure"
_KEPT = 0.8
"""Share of the core that the second version has: papers cut from the end."""


@dataclass(frozen=True, slots=True)
class Labelled:
    """One page as it is and as a reader would paste it, with a second version of its story.

    Attributes:
        name: The page's name.
        half: ``dev`` or ``held-out``.
        html: As its site serves it.
        text: Its visible lines, pasted.
        copy: Headline and first 80% of its core, as another outlet would have them.
    """

    name: str
    half: str
    html: Article
    text: Article
    copy: Article


class Labels:
    """The labels by the hash of a block's text, page by page."""

    def __init__(self) -> None:
        stored = json.loads(LABELS.read_text(encoding="utf-8"))
        self.kinds: dict[str, tuple[str, ...]] = {
            label: tuple(kinds) for label, kinds in stored["labels"].items()
        }
        self.pages: dict[str, dict[str, str]] = {
            name: {"half": page["half"], "language": page["language"]}
            for name, page in stored["pages"].items()
        }
        self._blocks = {name: page["blocks"] for name, page in stored["pages"].items()}

    def of(self, name: str, article: Article) -> list[str]:
        """The label of each block; `UNSURE` for those that a reader split or joined anew."""
        runs = self._blocks[name]
        known = [(key, label) for label, keys in runs for key in keys.split()]
        return carry(known, [_key(block.text) for block in article.blocks])


def carry(known: Iterable[tuple[str, str]], keys: Iterable[str]) -> list[str]:
    """Labels for keys in the order of the labelled ones, each used once; `UNSURE` without one."""
    waiting: dict[str, deque[str]] = defaultdict(deque)
    for key, label in known:
        waiting[key].append(label)
    return [waiting[key].popleft() if waiting[key] else UNSURE for key in keys]


def _key(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:8]


def labelled(labels: Labels, half: str) -> Iterator[Labelled]:
    """Read the labelled pages of a half (or of both, when it is empty)."""
    with shared("pages/labels.csv").open(encoding="utf-8") as rows:
        addresses = {row["page"]: row["url"] for row in csv.DictReader(rows)}
    for name, page in labels.pages.items():
        if half in ("", page["half"]):
            data = gzip.decompress((shared("pages") / f"{name}.html.gz").read_bytes())
            html = article_from_html(data, url=addresses[name])
            lines = "\n".join(block.text for block in html.blocks)
            text = replace(article_from_text(lines), id=name)
            copy = _copy(html, labels.of(name, html))
            yield Labelled(name, page["half"], replace(html, id=name), text, copy)


def _copy(article: Article, given: list[str]) -> Article:
    core = [b for b, label in zip(article.blocks, given, strict=True) if label == "core"]
    kept = [block.text for block in core[: max(3, int(_KEPT * len(core)))]]
    blocks = (
        Block(0, article.title, BlockKind.TITLE, main=False),
        *(Block(index, text) for index, text in enumerate(kept, 1)),
    )
    return Article("copy", blocks, outlet=Outlet("copy.example", "Copy"), title=article.title)
