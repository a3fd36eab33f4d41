"""Why a fetch failed, in one line for people, and whether a later one may do better."""

from __future__ import annotations

from collections.abc import Iterator

from provenance.article import FetchError


class PassingError(FetchError):
    """A failure that may pass: no answer, a broken connection, a server that is busy or ill.

    Attributes:
        wait: Seconds the server asks to be left alone (``Retry-After``), or 0.
        whole_host: It says something of the host rather than of the one page.
    """

    def __init__(self, message: str, *, wait: float = 0.0, whole_host: bool = False) -> None:
        super().__init__(message)
        self.wait = wait
        self.whole_host = whole_host


class RetryError(Exception):
    """A failure within one attempt that may pass; its text says what happened."""


def explained(url: str, error: Exception) -> Exception:
    """A library's failure as one line for people, and whether it may pass."""
    from requests import exceptions as known
    from urllib3.exceptions import NameResolutionError

    from provenance.sources.guard import PrivateAddressError

    causes = list(_causes(error))
    if any(isinstance(cause, PrivateAddressError) for cause in causes):
        return FetchError(
            f"{url}: a private or reserved address; not fetched without --allow-private"
        )
    if any(isinstance(cause, NameResolutionError) for cause in causes):
        return PassingError(f"{url}: no such host, or no network", whole_host=True)
    if isinstance(error, known.SSLError):
        return FetchError(f"{url}: its certificate is not valid")
    if isinstance(error, known.Timeout):
        return RetryError("no answer in time")
    if isinstance(error, known.ChunkedEncodingError):
        return RetryError("the connection broke off before the end of the page")
    if isinstance(error, known.ContentDecodingError):
        return FetchError(f"{url}: damaged compression")
    if isinstance(error, known.ConnectionError):
        return RetryError("could not connect")
    return FetchError(f"{url}: cannot be fetched ({type(error).__name__})")


def _causes(error: BaseException) -> Iterator[BaseException]:
    """An exception and those it wraps, however a library hid them."""
    waiting: list[object] = [error]
    seen: set[int] = set()
    while waiting and len(seen) < 20:
        one = waiting.pop()
        if not isinstance(one, BaseException) or id(one) in seen:
            continue
        seen.add(id(one))
        yield one
        waiting += [*one.args, getattr(one, "reason", None), one.__cause__, one.__context__]
