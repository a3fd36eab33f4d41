"""One request and its answer, within limits."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

from provenance.article import FetchError
from provenance.sources.answers import Marks
from provenance.sources.failures import explained

if TYPE_CHECKING:
    from requests import Response, Session

REDIRECTS = (301, 302, 303, 307, 308)
NOT_MODIFIED = 304
CHUNK = 65_536


@dataclass(frozen=True, slots=True)
class Answer:
    """What a server answered to one request, redirects not followed.

    Attributes:
        status: The HTTP status.
        reason: What it says of it.
        location: Where a redirect leads, or empty.
        retry_after: The header of that name, or empty.
        content_type: The same, with its parameters.
        marks: What tells whether the page has changed.
        data: The body, decompressed; empty for a redirect.
    """

    status: int
    reason: str
    location: str
    retry_after: str
    content_type: str
    marks: Marks
    data: bytes


def ask(
    session: Session,
    url: str,
    conditions: dict[str, str],
    timeouts: tuple[float, float],
    largest: int,
) -> Answer:
    """Ask an address once.

    Args:
        session: The session to ask with.
        url: The address.
        conditions: Headers that say when to be answered.
        timeouts: Seconds to wait for a connection, and for the next bytes.
        largest: Most bytes of the body, decompressed.

    Raises:
        RetryError: It failed, and another attempt may do better.
        FetchError: It failed for good.
        PassingError: It failed, and a later fetch may do better.
    """
    from requests import RequestException

    try:
        with session.get(
            url, headers=conditions, stream=True, allow_redirects=False, timeout=timeouts
        ) as response:
            headers = response.headers
            return Answer(
                status=response.status_code,
                reason=response.reason or "",
                location=headers.get("Location", ""),
                retry_after=headers.get("Retry-After", ""),
                content_type=headers.get("Content-Type", ""),
                marks=Marks(headers.get("ETag", ""), headers.get("Last-Modified", "")),
                data=b"" if response.status_code in REDIRECTS else _body(response, largest),
            )
    except RequestException as error:
        raise explained(url, error) from error


def _body(response: Response, largest: int) -> bytes:
    """The decompressed body, never more than `largest` bytes of it in memory."""
    parts: list[bytes] = []
    size = 0
    for chunk in response.iter_content(CHUNK):
        size += len(chunk)
        if size > largest:
            raise FetchError(f"{response.url}: larger than {largest / 1e6:g} MB; not read")
        parts.append(chunk)
    return b"".join(parts)
