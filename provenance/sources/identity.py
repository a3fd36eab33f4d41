"""What an article and its outlet are called: canonical addresses, digests, registrable domains."""

from __future__ import annotations

from functools import lru_cache
from hashlib import blake2b
from typing import TYPE_CHECKING
from urllib.parse import parse_qsl, urlencode, urlsplit, urlunsplit

if TYPE_CHECKING:
    from tldextract import TLDExtract

TRACKING = ("utm_", "fb_", "mc_", "pk_", "at_", "ns_", "wt_", "hsa_", "mtm_", "oc_", "vero_")
TRACKING_NAMES = frozenset((
    "fbclid", "gclid", "dclid", "msclkid", "yclid", "igshid", "wtmc", "wt_mc", "cmpid",
    "cmp", "campid", "ito", "ref", "ref_src", "ref_url", "referrer", "source", "src",
    "sh", "share", "smid", "smtyp", "partner", "partnerid", "rss", "xtor", "cid", "ocid",
    "icid", "ncid", "mbid", "hp", "feed", "output", "amp", "campaign", "ftcamp", "ftag",
    "tag", "taid", "_ga", "_gl", "spm", "guccounter", "s_cid", "sref",
))  # fmt: skip


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


@lru_cache(maxsize=4096)
def domain_of(url: str) -> str:
    """Registrable domain (``bbc.co.uk``) of an address or host, by the public suffix list."""
    host = host_of(url)
    if "." not in host:
        return ""
    return _extractor()(host).top_domain_under_public_suffix


def canonical_address(url: str) -> str:
    """One spelling of an address: no fragment, tracking parameters, ``www.``, port or last slash.

    The scheme is https throughout, since a site answers alike on both.
    """
    try:
        parts = urlsplit(url.strip())
        host, port = parts.hostname or "", parts.port
    except ValueError:
        return url
    if not host or parts.scheme not in ("http", "https"):
        return url
    query = urlencode(
        [
            (name, value)
            for name, value in parse_qsl(parts.query, keep_blank_values=True, max_num_fields=100)
            if name.lower() not in TRACKING_NAMES and not name.lower().startswith(TRACKING)
        ]
    )
    host = host.removeprefix("www.")
    place = f"{host}:{port}" if port not in (None, 80, 443) else host
    return urlunsplit(("https", place, parts.path.rstrip("/") or "/", query, ""))


def text_digest(text: str) -> str:
    """Identity of a text that has no address: ``text:`` and 16 hexadecimal digits."""
    return f"text:{blake2b(text.encode('utf-8', 'surrogatepass'), digest_size=8).hexdigest()}"
