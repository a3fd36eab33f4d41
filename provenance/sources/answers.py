"""What an address answered, as the rest of the program sees it."""

from __future__ import annotations

import re
from dataclasses import dataclass

CHARSET = re.compile(r"""charset\s{0,5}=\s{0,5}["']?([\w.:-]{2,40})""", re.I)


@dataclass(frozen=True, slots=True)
class Marks:
    """By what a server tells whether a page has changed; empty where it does not say."""

    etag: str = ""
    last_modified: str = ""


NO_MARKS = Marks()


@dataclass(frozen=True, slots=True)
class Fetched:
    """What an address answered.

    Attributes:
        url: The address asked for.
        final_url: The address that answered, after redirects.
        data: The body, decompressed.
        content_type: Its media type, lower case, without parameters.
        charset: The charset the server declared, or empty.
        marks: What to send to be answered only when the page has changed.
        unchanged: The page has not changed since the marks that were sent; `data` is empty.
    """

    url: str
    final_url: str
    data: bytes
    content_type: str
    charset: str
    marks: Marks = NO_MARKS
    unchanged: bool = False
