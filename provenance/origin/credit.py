"""Whether the checked page tells its readers where the text comes from."""

from __future__ import annotations

from provenance.article import Evidence, Party
from provenance.origin.model import Credit, CreditVerdict, Origin
from provenance.origin.parties import Trace, same_outlet
from provenance.origin.story import Story

SURE = 0.5
"""Probability from which a source is taken for the true one."""


def credit(story: Story, subject: int, origins: tuple[Origin, ...]) -> Credit:
    """Judge the page's own words against the most likely source.

    - ``not-needed``: the page's own outlet, or the agency whose site it is, wrote the text.
    - ``credited``: the page names the true source as that of the text, in any place that readers
      see or in its metadata. A line inherited from another outlet's page counts, since it tells
      the reader; that the outlet in between is not named is told by the chain, not by the credit.
    - ``miscredited``: the page names somebody else, and not the true source; an outlet in between
      is somebody else.
    - ``self-claimed``: the page names nobody but claims the text for its own staff or outlet.
    - ``uncredited``: the page names nobody; agencies without a name ("Agencies") are its quote.
    - ``unknown``: no source is likely enough to judge by.

    A photo credit credits no text; it is no evidence of the page in the first place.
    """
    claims = [e for e in story.own_evidence(subject) if e.weight > 0]
    unnamed = [e for e in story.versions[subject].evidence if e.kind == "unnamed-agencies"]
    if not origins or origins[0].probability < SURE:
        return _credit(CreditVerdict.UNKNOWN, None, unnamed)
    source, own = origins[0].party, story.parties[subject]
    if same_outlet(source, own):
        return _credit(CreditVerdict.NOT_NEEDED, None, claims[:1])
    right, wrong = _named(story, subject, source)
    if right:
        return _credit(CreditVerdict.CREDITED, source, right)
    if wrong:
        return _credit(CreditVerdict.MISCREDITED, wrong[0].party, wrong)
    if claims:
        return _credit(CreditVerdict.SELF_CLAIMED, own, claims)
    return _credit(CreditVerdict.UNCREDITED, None, unnamed)


def _named(
    story: Story, subject: int, source: Party
) -> tuple[list[Evidence | Trace], list[Evidence | Trace]]:
    """What on the page names the source, and what names others, in each the strongest first."""
    own = story.parties[subject]
    found: list[tuple[float, Evidence | Trace, Party]] = [
        (evidence.weight, evidence, evidence.party)
        for evidence in story.versions[subject].evidence
        if evidence.party is not None and evidence.weight > 0
    ]
    found += [(t.strength, t, t.party) for t in story.traces[subject] if t.credits]
    found = [item for item in found if not same_outlet(item[2], own)]
    found.sort(key=lambda item: -item[0])
    right: list[Evidence | Trace] = [item for _, item, p in found if same_outlet(p, source)]
    wrong: list[Evidence | Trace] = [item for _, item, p in found if not same_outlet(p, source)]
    return right, wrong


def _credit(
    verdict: CreditVerdict, to: Party | None, words: list[Evidence] | list[Evidence | Trace]
) -> Credit:
    if not words:
        return Credit(verdict, to, "", None)
    return Credit(verdict, to, words[0].quote, words[0].block)
