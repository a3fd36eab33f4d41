"""Bytes to text: which encoding, and mending text that was decoded wrongly before it came here."""

from __future__ import annotations

import codecs
import re
from collections.abc import Iterator
from functools import lru_cache

BOMS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)
DECLARED = re.compile(rb"""charset\s{0,9}=\s{0,9}["']?\s{0,9}([A-Za-z0-9_:.-]{2,40})""", re.I)
XML_DECLARED = re.compile(rb"""<\?xml[^>]{0,200}?encoding\s{0,9}=\s{0,9}["']([\w.-]{2,40})""", re.I)
HEAD_SIZE = 4096
"""Browsers look for a declared encoding in the first 1,024 bytes; real pages are later."""
SAMPLE_SIZE = 64_000
SUPERSETS = {
    "iso8859-1": "windows-1252",
    "ascii": "windows-1252",
    "gb2312": "gb18030",
    "gbk": "gb18030",
    "shift_jis": "cp932",
    "euc_kr": "cp949",
    "big5": "big5hkscs",
    "iso8859-9": "windows-1254",
}
"""What browsers decode a label as (WHATWG Encoding Standard)."""
WEB_ENCODINGS = [
    "cp1252", "cp1250", "cp1251", "cp1253", "cp1254", "cp1255", "cp1256", "cp1257", "cp1258",
    "iso8859_2", "koi8_r", "cp932", "euc_jp", "iso2022_jp", "cp949", "big5", "gb18030", "cp874",
]  # fmt: skip
"""What pages are written in; without this, Mac and DOS code pages are guessed on the web."""
SUSPECT = re.compile("[Â-ôâÐÑРС][\x80-\xbf€‚ƒ„…†‡ˆ‰Š‹ŒŽ‘’“”•–—˜™š›œžŸ°±Ѐ-ЏѢѓ-џ№]")
"""A UTF-8 lead byte and a continuation byte, both read as Windows-1252 or Windows-1251."""
STRETCH = 2000
WINDOW = 256
DAMAGE = re.compile("�|[\x80-\x9f]")


def decode(data: bytes, charset: str = "") -> str:
    """Decode a page or file.

    In order: byte order mark; UTF-8 where the bytes are valid UTF-8 (other encodings almost never
    are by accident, and servers and pages often declare a wrong one); the HTTP charset; the
    charset the page declares; detection. A declared encoding that does not decode the bytes is
    passed over.

    Args:
        data: The bytes as they came, decompressed.
        charset: The charset of the HTTP header, or empty.
    """
    for mark, name in BOMS:
        if data.startswith(mark):
            return data.decode(name, "replace")
    try:
        return data.decode("utf-8")
    except UnicodeDecodeError as error:
        if _nearly_utf8(data, error):
            return data.decode("utf-8", "replace")
    for name in (charset, _declared(data)):
        text = _decode_as(data, name)
        if text is not None:
            return text
    return data.decode(_detected_name(data), "replace")


def declared_or_detected(head: bytes) -> str:
    """A codec's name for a stream of which only the head is known."""
    for mark, name in BOMS:
        if head.startswith(mark):
            return name
    try:
        head.decode("utf-8")
    except UnicodeDecodeError as error:
        if not _nearly_utf8(head, error):
            return _detected_name(head)
    return "utf-8"


def _declared(data: bytes) -> str:
    head = data[:HEAD_SIZE]
    found = DECLARED.search(head) or XML_DECLARED.search(head)
    return found.group(1).decode("ascii") if found else ""


def _decode_as(data: bytes, name: str) -> str | None:
    """The text, or None when the label is unknown or the bytes do not fit it."""
    try:
        known = codecs.lookup(name).name if name else "utf-8"
    except LookupError:
        return None
    if known.startswith(("utf", "base64", "hex", "rot", "zlib", "bz2", "uu", "quopri", "idna")):
        return None
    try:
        text = data.decode(SUPERSETS.get(known, known), "replace")
    except (LookupError, UnicodeError):
        return None
    damage = len(DAMAGE.findall(text))
    return text if damage <= len(text) // 1000 else None


def _nearly_utf8(data: bytes, error: UnicodeDecodeError) -> bool:
    """Whether a stray byte or a cut last character is all that keeps it from being UTF-8."""
    if error.start >= len(data) - 3 and error.start > 0:
        return True
    text = data.decode("utf-8", "replace")
    broken = text.count("�")
    beyond_ascii = sum(map(len, re.findall("[^\x00-\x7f]{1,1000}", text)))
    return broken * 20 <= beyond_ascii


def _detected_name(data: bytes) -> str:
    from charset_normalizer import from_bytes

    best = from_bytes(data[:SAMPLE_SIZE], cp_isolation=WEB_ENCODINGS).best()
    return SUPERSETS.get(best.encoding, best.encoding) if best else "windows-1252"


def mend(text: str) -> str:
    """Undo text that was decoded by the wrong encoding, once or more ("â€™" for "’").

    ftfy decides and only changes what is certain to be such damage. It sees just the stretches
    that hold a lead byte and a continuation byte read as letters, since it costs more than
    parsing the page does.
    """
    if text.isascii():
        return text
    parts: list[str] = []
    done = 0
    for match in _suspects(text):
        if match.start() < done:
            continue
        start = max(done, _stretch_start(text, match.start()))
        end = _stretch_end(text, match.end())
        parts += (text[done:start], _mended(text[start:end]))
        done = end
    parts.append(text[done:])
    return "".join(parts)


def _suspects(text: str) -> Iterator[re.Match[str]]:
    """Matches of `SUSPECT`; what is ASCII is passed over many times faster than by matching."""
    for start in range(0, len(text), WINDOW):
        end = start + WINDOW + 1  # a pair may lie across
        if not text[start:end].isascii():
            yield from SUSPECT.finditer(text, start, end)


def _stretch_start(text: str, position: int) -> int:
    floor = max(0, position - STRETCH)
    return max(text.rfind(mark, floor, position) + 1 for mark in "<>\n") or floor


def _stretch_end(text: str, position: int) -> int:
    ceiling = min(len(text), position + STRETCH)
    ends = (text.find(mark, position, ceiling) for mark in "<>\n")
    return min((end for end in ends if end >= 0), default=ceiling)


@lru_cache(maxsize=4096)
def _mended(stretch: str) -> str:
    import ftfy

    return ftfy.fix_encoding(stretch)
