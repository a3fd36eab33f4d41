"""Whose page it is: the page's own host, from everything that points home, and the outlet's name.

A republisher's page often names the original as canonical, so no single tag decides. Each sign
casts a vote for a registrable domain; the links of a page's own navigation weigh most.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence

from lxml import etree

from provenance.article import Outlet
from provenance.sources.blocks import collapse
from provenance.sources.identity import domain_of, host_of
from provenance.sources.json_ld import Node, address_of, as_list, host_of_url, names, type_of

LINK_WEIGHT = 6.0
META_WEIGHTS = {
    "og:url": 2.0, "twitter:url": 1.0, "parsely-link": 1.0, "al:web:url": 1.0,
    "twitter:domain": 1.0, "identifier-url": 1.0, "dc.identifier": 0.5, "cxenseparse:url": 1.0,
}  # fmt: skip
LINK_REL_WEIGHTS = {
    "canonical": 1.5, "amphtml": 1.0, "shortlink": 1.0, "alternate": 1.5, "search": 1.0,
    "manifest": 0.5, "icon": 0.25, "shortcut icon": 0.25, "apple-touch-icon": 0.25,
    "stylesheet": 0.1, "https://api.w.org/": 1.5, "pingback": 1.0, "home": 1.0,
}  # fmt: skip
OWN_ALTERNATES = ("application/rss+xml", "application/atom+xml", "application/json+oembed")
OWN_SITES = ("WebSite", "WebPage", "NewsMediaOrganization", "Organization", "CollectionPage")
MOST_LINKS = 5000
OWN_LINKS = 3
"""Links to a site from which a page that says nothing else can be the site's own."""
LONGEST_NOTICE = 300
"""Characters that a line with a copyright may have."""
LETTERS_ONLY = re.compile(r"[^\w]|_")
TITLE_PARTS = re.compile(r"\s[|\-–—·•»:]\s|\s?[|ㅣ｜]\s?")


def own_domain(
    root: etree._Element, metas: dict[str, str], nodes: Sequence[Node], articles: Sequence[Node]
) -> str:
    """Registrable domain of a saved page, or empty when nothing tells.

    Args:
        root: The parsed page.
        metas: Its meta tags, by lower-case name.
        nodes: All objects of its JSON-LD.
        articles: Those that describe its article.
    """
    votes: Counter[str] = Counter()
    for value, weight in _votes(root, metas, nodes, articles):
        domain = domain_of(value) if host_of_url(value) or "/" not in value else ""
        if domain:
            votes[domain] += weight  # type: ignore[assignment]
    links = Counter(domain_of(host) if host else "" for host in _link_hosts(root))
    total = sum(links.values())
    for domain, count in links.items():
        # A page that says nothing of itself and links to a site once is not that site's.
        alone = domain not in votes and (count < OWN_LINKS or count <= links[""])
        if domain and not alone:
            votes[domain] += LINK_WEIGHT * count / total  # type: ignore[assignment]
    return max(votes, key=lambda domain: votes[domain], default="")


def _votes(
    root: etree._Element, metas: dict[str, str], nodes: Sequence[Node], articles: Sequence[Node]
) -> Iterator[tuple[str, float]]:
    for name, weight in META_WEIGHTS.items():
        yield metas.get(name, ""), weight
    for link in root.iter("link"):
        rel = (link.get("rel") or "").lower().strip()
        if rel == "alternate" and link.get("type") not in OWN_ALTERNATES:
            continue
        yield link.get("href") or "", LINK_REL_WEIGHTS.get(rel, 0.0)
    for node in articles:
        yield address_of(node.get("url")) or address_of(node.get("mainEntityOfPage")), 1.5
        yield address_of(node.get("publisher")), 1.5
    for node in nodes:
        if type_of(node) in OWN_SITES:
            yield address_of(node), 1.0


def _link_hosts(root: etree._Element) -> Iterator[str]:
    """Hosts of the page's links; relative links count too, as a host unknown."""
    for number, link in enumerate(root.iter("a")):
        if number >= MOST_LINKS:
            return
        address = (link.get("href") or "").strip()
        if host_of_url(address):
            yield host_of(address)
        elif address.startswith("/"):
            yield ""


def outlet_of(
    domain: str,
    metas: dict[str, str],
    nodes: Sequence[Node],
    articles: Sequence[Node],
    title: str,
    root: etree._Element,
) -> Outlet | None:
    """The outlet of a domain, under the name its page gives it.

    Pages put section names into ``og:site_name`` and companies into `publisher`; a name that
    resembles the domain is preferred to one that does not.

    Args:
        domain: Registrable domain, may be empty.
        metas: Meta tags, by lower-case name.
        nodes: All objects of the page's JSON-LD.
        articles: Those that describe its article.
        title: The page's ``<title>``, which often ends in the outlet's name.
        root: The parsed page. Where nothing states a name, an end of the title is one that the
            page's own link home shows, or that it holds a copyright under.
    """
    stated = [name for name in _stated_names(metas, nodes, articles) if name]
    stated = stated or [name for name in _title_ends(title) if _shows_as_own(root, name)]
    parts = [collapse(part) for part in TITLE_PARTS.split(title)][1:]
    label = domain.partition(".")[0]
    alike = [name for name in (*stated, *reversed(parts)) if resembles(name, label)]
    name = max(
        (*alike, *stated), key=lambda n: ("." not in n, n in alike, _written(n)), default=domain
    )
    return Outlet(domain, name) if domain or name else None


def _stated_names(
    metas: dict[str, str], nodes: Sequence[Node], articles: Iterable[Node]
) -> Iterator[str]:
    yield metas.get("og:site_name", "")
    for article in articles:
        for publisher in as_list(article.get("publisher")):
            yield from names(publisher)
    for name in ("application-name", "apple-mobile-web-app-title"):
        yield metas.get(name, "")
    for node in nodes:
        if type_of(node) in ("WebSite", "NewsMediaOrganization"):
            yield from names(node)


def _title_ends(title: str) -> Iterator[str]:
    """What a title may have of its outlet: its last part, and its first, before a colon too."""
    parts = [collapse(part) for part in TITLE_PARTS.split(title)]
    if len(parts) > 1:
        yield parts[-1]
        yield parts[0]
    before, colon, _ = title.partition(": ")
    if colon:
        yield collapse(before)


def _shows_as_own(root: etree._Element, name: str) -> bool:
    """Whether a page's link home has this text, or the page a copyright line with this name."""
    plain = name.casefold()
    for number, link in enumerate(root.iter("a")):
        if number >= MOST_LINKS:
            break
        address = (link.get("href") or "").strip()
        home = address == "/" or (host_of_url(address) and "/" not in address.rstrip("/")[8:])
        if home and collapse("".join(map(str, link.itertext()))).casefold() == plain:
            return True
    held = re.compile(rf"(?:©|\(c\)|copyright)[\s\d©,–-]{{0,16}}{re.escape(plain)}(?!\w)")
    lines = (line for line in map(str, root.itertext()) if len(line) <= LONGEST_NOTICE)
    return any(held.search(collapse(line).casefold()) for line in lines)


def resembles(name: str, label: str) -> bool:
    """Whether a display name and a domain's first label look like the same outlet.

    >>> resembles("Financial Post", "financialpost"), resembles("Los Angeles Times", "latimes")
    (True, True)
    """
    plain, label = _plain(name), _plain(label)
    if not plain or not label or len(plain) > 60:
        return False
    initials = "".join(word[0] for word in name.lower().split())
    without_tail = plain.removesuffix(_plain(name.rsplit(".", 1)[-1])) if "." in name else plain
    return (
        label in (plain, without_tail, initials)
        or (len(plain) > 2 and plain in label)
        or (len(label) > 2 and label in plain)
        or _abbreviates(label, name.lower().split())
    )


def _abbreviates(label: str, words: list[str]) -> bool:
    """Whether a label is made of beginnings of all the words, in order: la + times."""
    if len(words) < 2 or len(words) > 6:
        return False
    for word in words[:-1]:
        if not label or label[0] != word[0]:
            return False
        label = label[1:]
    return len(label) > 2 and words[-1].startswith(label)


def _plain(name: str) -> str:
    text = name.lower()
    for umlaut, letters in (("ä", "ae"), ("ö", "oe"), ("ü", "ue"), ("ß", "ss")):
        text = text.replace(umlaut, letters)
    return LETTERS_ONLY.sub("", text)


def _written(name: str) -> bool:
    """Whether a name is written for readers rather than as a handle."""
    return not name.isascii() or name != name.lower()
