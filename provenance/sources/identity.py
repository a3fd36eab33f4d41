"""What an article and its outlet are called: canonical addresses, digests, registrable domains."""

from __future__ import annotations

import re
from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import SplitResult, parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

TRACKING = (
    "utm_", "fb_", "mc_", "pk_", "at_", "ns_", "wt_", "hsa_", "mtm_", "oc_", "vero_", "amp_",
    "mkt_", "itm_", "stm_", "dm_",
)  # fmt: skip
"""Beginnings of names of query parameters that say how a reader came, never what is shown."""
TRACKING_NAMES = frozenset((
    "fbclid", "gclid", "dclid", "msclkid", "yclid", "twclid", "ttclid", "igshid", "igsh", "wtmc",
    "cmpid", "campid", "ito", "ref_src", "ref_url", "referrer", "smid", "smtyp", "partnerid",
    "xtor", "ocid", "icid", "ncid", "mbid", "ftcamp", "ftag", "taid", "_ga", "_gl", "spm",
    "guccounter", "guce_referrer", "guce_referrer_sig", "s_cid", "sref", "usqp", "outputtype",
    "sharedby", "__twitter_impression", "ceneo_spo", "srnd", "trk", "epik", "mibextid",
))  # fmt: skip
"""Whole names of such parameters."""
AMBIGUOUS_NAMES = frozenset((
    "amp", "campaign", "cid", "cmp", "feed", "hp", "output", "partner", "ref", "rss", "sh",
    "share", "source", "src", "tag",
))  # fmt: skip
"""Names that mean that on most sites, but where a script shows the articles may say which one."""
SCRIPT = re.compile(r"^/?$|\.(?:php\d?|aspx?|jsp|cgi|do|nhn|html?)/?$", re.I)
READERS = frozenset(("www", "m", "mobile", "mobil", "amp", "wap", "touch"))
"""Labels of hosts that serve the same pages to other readers."""
AMP_CACHE = ".cdn.ampproject.org"
AMP_VIEWERS = ("www.google.", "google.")
AMP_ENDS = (".amp", ".amp.html", ".amp.htm")


def is_address(source: str) -> bool:
    """Whether a source is an address rather than a path."""
    return "://" in source[:32]


@lru_cache(maxsize=1)
def _extractor() -> TLDExtract:
    from tldextract import TLDExtract

    return TLDExtract(suffix_list_urls=(), cache_dir=None)


def host_of(url: str) -> str:
    """Host of an address in lower case, or of a bare host; empty when there is none."""
    try:
        host = urlsplit(url if "//" in url else f"//{url}").hostname or ""
    except ValueError:
        return ""
    return host.rstrip(".")


def server_of(url: str) -> str:
    """Host and port of an address: what answers, or is dead, as one."""
    try:
        port = urlsplit(url).port
    except ValueError:
        port = None
    return f"{host_of(url)}:{port}" if port else host_of(url)


@lru_cache(maxsize=4096)
def domain_of(url: str) -> str:
    """Registrable domain (``bbc.co.uk``) of an address or host, by the public suffix list."""
    host = host_of(url)
    if "." not in host:
        return ""
    return _extractor()(host).top_domain_under_public_suffix


def canonical_address(url: str) -> str:
    """One spelling of the address of an article, whoever links to it and for whichever reader.

    Dropped are fragment, tracking parameters, port, last slash, the ``www.``, ``m.`` and ``amp.``
    of hosts, and AMP's caches and paths; the rest is spelled as RFC 3986 has it, parameters sorted
    (by `w3lib`). The scheme is https throughout, since a site answers alike on both.
    """
    from w3lib.url import canonicalize_url

    try:
        parts = _without_amp(urlsplit(canonicalize_url(url.replace("\\", "/"))))
        host, port = _plain_host(parts.hostname or ""), parts.port
        if not host or parts.scheme not in ("http", "https"):
            return url
        place = f"{host}:{port}" if port not in (None, 80, 443) else host
        path = _plain_path(parts.path)
        query = urlencode(_telling(parts.query, path))
    except ValueError:
        return url
    return urlunsplit(("https", place, path, query, ""))


def _telling(query: str, path: str) -> list[tuple[str, str]]:
    """The parameters that say what is shown."""
    dropped = TRACKING_NAMES if SCRIPT.search(path) else TRACKING_NAMES | AMBIGUOUS_NAMES
    pairs = parse_qsl(query, keep_blank_values=True, max_num_fields=100)
    return [
        (name, value)
        for name, value in pairs
        if name.lower() not in dropped
        and not name.lower().startswith(TRACKING)
        and not (name.lower() == "amp" and value in ("", "1", "true"))
    ]


def _without_amp(parts: SplitResult) -> SplitResult:
    """The address behind Google's AMP cache (``/c/s/host/path``) or viewer (``/amp/s/…``)."""
    host = parts.hostname or ""
    first, _, inner = parts.path.removeprefix("/").partition("/")
    cached = host.endswith(AMP_CACHE) and first in ("c", "v", "s")
    viewed = host.startswith(AMP_VIEWERS) and first == "amp"
    inner = inner.removeprefix("s/")
    place, _, rest = inner.partition("/")
    if not (cached or viewed) or "." not in place.strip(".") or not rest:
        return parts
    return urlsplit(f"https://{inner}?{parts.query}")


def _plain_path(path: str) -> str:
    """A path without what asks for its AMP version, and without its last slash."""
    steps = path.rstrip("/").split("/")[1:]
    while len(steps) > 1 and steps[0] == "amp" and steps[1]:
        del steps[0]
    while len(steps) > 1 and steps[-1] in ("amp", ""):
        del steps[-1]
    end = next((end for end in AMP_ENDS if steps and steps[-1].lower().endswith(end)), "")
    if end and len(steps[-1]) > len(end):
        steps[-1] = steps[-1][: -len(end)] + end[len(".amp") :]
    return "/" + "/".join(steps)


@lru_cache(maxsize=4096)
def _plain_host(host: str) -> str:
    """A host without the labels that only tell for which readers it is."""
    host = host.rstrip(".").removeprefix("www.")
    domain = domain_of(host)
    labels = host.removesuffix(domain).rstrip(".").split(".")
    if not domain or READERS.isdisjoint(labels):
        return host
    return ".".join((*(label for label in labels if label not in READERS), domain))


def text_digest(text: str) -> str:
    """Identity of a text that has no address: ``text:`` and 16 hexadecimal digits."""
    return f"text:{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"
