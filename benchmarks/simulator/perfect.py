"""Simulated pages as a reader without fault would read them: what each line is and names.

Judging these tells faults of the chain from faults of the reading.
"""

from __future__ import annotations

from collections.abc import Iterator

from benchmarks.simulator.nouns import Copy, Line, Story
from benchmarks.simulator.render import truth_of
from provenance.article import Article, Block, Evidence, Party, WrapperKind
from provenance.attribution import Agencies, BlockJudgement
from provenance.attribution.evidence.weights import WEIGHTS
from provenance.origin import Version

_FIRST = (WrapperKind.DISCLAIMER, WrapperKind.CREDIT, WrapperKind.SOURCE_LINK, WrapperKind.BYLINE)
"""Of several kinds that are right for a line, the one taken."""
_SAYS = {
    None: "dateline",
    WrapperKind.BYLINE: "byline",
    WrapperKind.DISCLAIMER: "disclaimer",
}


def read_perfectly(article: Article, copy: Copy, story: Story, agencies: Agencies) -> Version:
    """What each block of a simulated page does, and what it says about the source."""
    judgements, evidence = [], []
    if "." not in copy.press.id:
        agency = _party(copy.press.id, story, agencies)
        evidence.append(_fact("self", article.url or "", None, article, agency))
    for block, line in zip(article.blocks, truth_of(article, copy), strict=True):
        kind = _kind(line)
        facts = list(_facts(line, block, kind, article, copy, story, agencies))
        evidence += facts
        named = [fact.party for fact in facts if fact.party and fact.party.id != copy.press.id]
        judgements.append(BlockJudgement(kind, named[-1] if named else _brand(line, copy)))
    return Version(article, tuple(judgements), tuple(evidence))


def _kind(line: Line | None) -> WrapperKind | None:
    if line is None or not line.kinds:
        return None
    return next((kind for kind in _FIRST if kind in line.kinds), sorted(line.kinds)[0])


def _facts(
    line: Line | None, block: Block, kind: WrapperKind | None, article: Article, copy: Copy,
    story: Story, agencies: Agencies,
) -> Iterator[Evidence]:  # fmt: skip
    for name in sorted(line.names) if line else ():
        party = _party(name, story, agencies)
        if name != copy.press.id:
            outlet = party.kind == "outlet"
            said = "first-appeared-on" if outlet else _SAYS.get(kind, "source-line")
            yield _fact(said, block.text, block, article, party)
        elif party.kind == "outlet":
            yield _fact("own-byline", block.text, block, article, party)
    own = _party(copy.press.id, story, agencies)
    if line and line.kinds == {WrapperKind.BYLINE} and not line.names and own.kind == "outlet":
        yield _fact("staff-byline", block.text, block, article, own)


def _brand(line: Line | None, copy: Copy) -> Party | None:
    """The outlet whose brand or name a wrapper line was left with."""
    press = copy.parent.press if copy.parent else None
    if line and line.kinds and press and "." in press.id and press.name in line.text:
        return Party("outlet", press.id, press.name)
    return None


def _party(name: str, story: Story, agencies: Agencies) -> Party:
    agency = agencies.by_id(name)
    if agency:
        return Party("agency", name, agency.name)
    return Party("outlet", name, next(c.press.name for c in story.copies if c.press.id == name))


def _fact(kind: str, quote: str, block: Block | None, article: Article, party: Party) -> Evidence:
    index = block.index if block else None
    return Evidence(kind, quote, index, WEIGHTS[kind], article.id, party)
