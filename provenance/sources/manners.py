"""How hosts are treated when many addresses are fetched."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Manners:
    """How hosts are treated.

    Attributes:
        concurrent: Most fetches at once, over all hosts.
        per_host: Most fetches at once from one host.
        delay: Least seconds between an answer of a host and the next fetch from it; robots.txt
            may ask for more.
        patience: Most seconds a host may make us wait (``Retry-After``, ``Crawl-delay``).
        attempts: How often one address is tried when the failure may pass.
        backoff: Seconds before the second attempt; doubled each time.
        strikes: Failures in a row, of any of its addresses, after which a host is left alone
            for `patience`.
    """

    concurrent: int = 16
    per_host: int = 1
    delay: float = 1.0
    patience: float = 300.0
    attempts: int = 3
    backoff: float = 2.0
    strikes: int = 6
