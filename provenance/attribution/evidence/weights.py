"""How much each kind of evidence says, as log-odds: one table, with the reason for each figure.

The order of the figures is from how news is credited; their scale was set on half of the labelled
pages (sites apart) and checked on the other half: see ``benchmarks/attribution.py``.
"""

from __future__ import annotations

from types import MappingProxyType

PRIOR = -3.0
"""Log-odds that a page's text is a given agency's when nothing on the page says so."""

WEIGHTS = MappingProxyType({
    # The agency's own site: nothing says more.
    "self": 9.0,
    # The agency's own feed, as whoever added it says: as sure as its site.
    "agency-feed": 9.0,
    # The agency stands where authors stand.
    "byline": 5.5,
    "metadata-author": 5.5,
    # Its name alone above the text, unmarked: mostly the author, but pictures are credited so, too.
    "lone-name": 5.0,
    # "with AP", "mit dpa": says at once whose material it is and that the outlet worked on it.
    "with-agency": 5.5,
    # "INDIANAPOLIS (AP) —"; weak: the same with a sign missing, so that it may be a sentence.
    "dateline": 5.5,
    "weak-dateline": 2.5,
    # "Quelle: dpa" after or before the text.
    "source-line": 5.0,
    # "(SDA/sep)", "--IANS".
    "sign-off": 5.0,
    # "published from a syndicated feed – Associated Press": the text is not even edited.
    "disclaimer": 6.0,
    # A notice that names an agency without saying that all of the text is its own.
    "weak-disclaimer": 1.5,
    # "© dpa-infocom, dpa:230428-99-483045/5", "Copyright 2024 The Associated Press. …"
    "copyright": 5.0,
    # "with files from AFP", "The Associated Press contributed to this report."
    "with-files": 5.0,
    "contribution": 4.5,
    # Agency reporters who contributed: an agency's report says so of its own people.
    "own-contribution": 4.0,
    # "Agencies": somebody's text, but whose? It speaks for no party, and against the page's own.
    "unnamed-agencies": 2.0,
    # The page asks news searches to leave it out, as copies are asked to: nobody's name again.
    "noindex-news": 0.5,
    # "Source: Example Times", "This story was provided by Example Times".
    "outlet-credit": 4.0,
    # Metadata that names a source, a provider or the holder of rights.
    "metadata-source": 4.5,
    "metadata-rights": 2.5,
    "metadata-publisher": 1.0,
    # Addresses: where the text is said to be from.
    "syndication-source": 5.0,
    "off-site-canonical": 2.5,
    "first-appeared-on": 4.5,
    "source-link": 3.0,
    # The outlet's own people. For its own reporting, or its part in a joint one.
    "staff-byline": 3.0,
    "own-byline": 1.0,
    "staff-initials": 1.0,
})  # fmt: skip
"""For each kind of evidence, its weight for the party it speaks for."""

JOINT_PRIOR = -2.0
"""Log-odds that staff worked on a text which an agency is credited with, when nothing says so."""

JOINT = MappingProxyType({
    # Said in so many words.
    "with-agency": 6.0,
    "with-files": 6.0,
    "contribution": 5.0,
    # The outlet signs beside the agency: "WELT/dpa", "sak/Reuters".
    "staff-initials": 4.0,
    # Named staff above a text that an agency is credited with.
    "staff-byline": 3.5,
    "own-byline": 0.0,
    # These say that the text is the agency's as it came.
    "dateline": -4.0,
    "disclaimer": -5.0,
    "copyright": -2.0,
    "byline": -1.0,
    "lone-name": -1.0,
    "own-contribution": -3.0,
})  # fmt: skip
"""For each kind of evidence, what it says for staff and agency having written jointly."""
