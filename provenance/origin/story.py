"""The nodes of a story: its versions, and the hands and wires known only by their traces."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from functools import cached_property

from provenance.article import Article, Evidence, Party, WrapperKind
from provenance.attribution import Agencies
from provenance.attribution.wrapper.hints import hint_words
from provenance.compare import Words, block_words
from provenance.origin.model import Node, Version
from provenance.origin.parties import Trace, publisher, same_outlet, traces
from provenance.origin.texts import Texts

_LINE = 5
"""Words from which a wrapper block that two outlets share is taken for inherited, not generic."""
_STORY_LINE = 3
_STORY_KINDS = frozenset({
    WrapperKind.HEADLINE, WrapperKind.STANDFIRST, WrapperKind.BYLINE, WrapperKind.DATELINE,
    WrapperKind.CAPTION, WrapperKind.PHOTO_CREDIT, WrapperKind.CREDIT, WrapperKind.DISCLAIMER,
})  # fmt: skip
"""Kinds that are about this story, so that fewer words suffice."""
_TAKEN_KINDS = (_STORY_KINDS - {WrapperKind.HEADLINE}) | {WrapperKind.TIMESTAMP}
"""Kinds of lines in the article: who takes the page as it is takes them along."""
_ALIKE = 2.0
"""Log-odds by which a page may differ between agencies that it credits about alike."""
_NAMED = 0.5
"""Log-odds from which an agency named on a page is worth a node of its own."""


class Story:
    """All nodes of one story, in an order that does not hang on the order of the input.

    Nodes are numbered: versions at hand, then hands, then wires.

    Attributes:
        versions: The versions at hand, sorted by id; they are the first nodes.
        parties: The publisher of each node.
        traces: For each version the other outlets it names as hands.
        hands: Outlets named as hands whose own version is not at hand; the next nodes.
        wires: Agencies named as the source whose own version is not at hand; the last nodes. A
            node is several agencies where the same pages credit them about alike ("APA/dpa"):
            they share the text, they are no rivals.
    """

    def __init__(self, versions: Sequence[Version], agencies: Agencies) -> None:
        self.versions = sorted(versions, key=lambda version: version.article.id)
        publishers = [publisher(version, agencies) for version in self.versions]
        self.traces = [
            traces(version, own, [p for p in publishers if not same_outlet(p, own)])
            for version, own in zip(self.versions, publishers, strict=True)
        ]
        self.hands = _unknown([trace.party for found in self.traces for trace in found], publishers)
        present = {party.id for party in publishers if party.kind == "agency"}
        self.wires = self._wires(present)
        self.parties = [*publishers, *self.hands, *(agencies[0] for agencies in self.wires)]

    def __len__(self) -> int:
        """Number of nodes that can be taken from others: versions and hands, not wires."""
        return self.size + len(self.hands)

    @property
    def size(self) -> int:
        """Number of versions at hand."""
        return len(self.versions)

    def number(self, article: Article) -> int:
        """The node of a version at hand."""
        return next(i for i, v in enumerate(self.versions) if v.article.id == article.id)

    def node(self, number: int) -> Node:
        """A node as the outside sees it."""
        at_hand = number < self.size
        return Node(self.parties[number], self.versions[number].article.id if at_hand else None)

    def words(self, version: int) -> tuple[Words, ...]:
        """The words of each block of a version."""
        return self._words[version]

    @cached_property
    def _words(self) -> list[tuple[Words, ...]]:
        return [block_words(version.article) for version in self.versions]

    @cached_property
    def wrapper_shares(self) -> list[float]:
        """For each version the share of its words that are around the text, 0 to 1."""
        shares = []
        for version, blocks in zip(self.versions, self._words, strict=True):
            rows = list(zip(blocks, version.kinds, strict=True))
            total = sum(len(words.keys) for words, _ in rows)
            around = sum(len(words.keys) for words, kind in rows if kind)
            shares.append(around / total if total else 0.0)
        return shares

    def is_wire(self, number: int) -> bool:
        """Whether a node is an agency, at hand or not."""
        return self.parties[number].kind == "agency"

    def names(self, version: int, number: int) -> list[Trace]:
        """The traces of a node's outlet on a version's page."""
        party = self.parties[number]
        return [trace for trace in self.traces[version] if same_outlet(trace.party, party)]

    def agency_evidence(self, version: int, agency: Party) -> list[Evidence]:
        """What a version's page says for or against an agency."""
        return [
            evidence
            for evidence in self.versions[version].evidence
            if evidence.party is not None
            and evidence.party.kind == "agency"
            and evidence.party.id == agency.id
        ]

    def agency_weight(self, version: int, agency: Party) -> float:
        """Log-odds that a version's page gives for an agency: each kind of fact counts once."""
        strongest: dict[str, float] = {}
        for fact in self.agency_evidence(version, agency):
            before = strongest.get(fact.kind, 0.0)
            strongest[fact.kind] = max(before, fact.weight, key=abs)
        return sum(strongest.values())

    def own_evidence(self, version: int) -> list[Evidence]:
        """What a version's page says for its own outlet, or for staff of an outlet unnamed."""
        own = self.parties[version]
        return [
            evidence
            for evidence in self.versions[version].evidence
            if evidence.party is not None
            and evidence.party.kind == "outlet"
            and (not evidence.party.id or same_outlet(evidence.party, own))
        ]

    def own_weight(self, version: int) -> float:
        """Log-odds that a version's page gives for its own outlet; none beside an agency's credit.

        Staff who sign an agency's text have worked on it; they say nothing against the agency.
        """
        credited = any(
            fact.party is not None and fact.party.kind == "agency" and fact.weight > 0
            for fact in self.versions[version].evidence
        )
        return 0.0 if credited else sum(fact.weight for fact in self.own_evidence(version))

    @cached_property
    def texts(self) -> Texts:
        """The bodies, compared."""
        return Texts.of([
            [
                (index, words)
                for index, (words, kind) in enumerate(zip(self.words(number), v.kinds, strict=True))
                if kind is None
            ]
            for number, v in enumerate(self.versions)
        ])  # fmt: skip

    @cached_property
    def lines(self) -> dict[tuple[str, ...], dict[int, int]]:
        """Wrapper lines that versions of different outlets share: their versions and blocks."""
        holders: dict[tuple[str, ...], dict[int, int]] = defaultdict(dict)
        asking = hint_words()["consent"]
        for number, version in enumerate(self.versions):
            for block, (words, kind) in enumerate(
                zip(self.words(number), version.kinds, strict=True)
            ):
                least = _STORY_LINE if kind in _STORY_KINDS else _LINE
                # Banners about cookies are alike everywhere and taken from nobody.
                if kind and len(words.keys) >= least and asking.isdisjoint(words.keys):
                    holders[words.keys].setdefault(number, block)
        return {
            line: versions
            for line, versions in holders.items()
            if len({self.parties[number].id or number for number in versions}) > 1
        }

    @cached_property
    def story_lines(self) -> list[frozenset[tuple[str, ...]]]:
        """For each version the lines around its text that are about the story."""
        return [
            frozenset(
                words.keys
                for words, kind in zip(self.words(number), version.kinds, strict=True)
                if kind in _TAKEN_KINDS and len(words.keys) >= _STORY_LINE
            )
            for number, version in enumerate(self.versions)
        ]

    def _wires(self, present: set[str]) -> list[tuple[Party, ...]]:
        """The agencies that pages credit, without those whose own version is at hand."""
        named = [
            fact.party
            for version in self.versions
            for fact in version.evidence
            if fact.party is not None and fact.party.kind == "agency"
        ]
        groups: list[list[Party]] = []
        best = {p: self._credits(p) for p in dict.fromkeys(named) if p.id not in present}
        for party in sorted(best, key=lambda party: -max(best[party])):
            if max(best[party]) < _NAMED:
                continue
            for lead, *others in groups:
                if _alike(best[lead], best[party]):
                    groups[groups.index([lead, *others])].append(party)
                    break
            else:
                groups.append([party])
        return sorted((tuple(group) for group in groups), key=lambda group: group[0].id)

    def _credits(self, agency: Party) -> list[float]:
        return [self.agency_weight(version, agency) for version in range(self.size)]


def _alike(a: Sequence[float], b: Sequence[float]) -> bool:
    """Whether the same versions credit two agencies, with about the same weight."""
    return all((x > 0) == (y > 0) and abs(x - y) <= _ALIKE for x, y in zip(a, b, strict=True))


def _unknown(named: Sequence[Party], known: Sequence[Party]) -> list[Party]:
    """The named outlets that are none of the known, each once, the fullest form of each."""
    found: list[Party] = []
    for party in sorted(named, key=lambda p: (-len(p.id), p.id, p.name)):
        if party.kind == "outlet" and not any(same_outlet(party, p) for p in (*known, *found)):
            found.append(party)
    return sorted(found, key=lambda party: party.id)
