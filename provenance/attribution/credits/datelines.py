"""Credits inside running text: the dateline before the first sentence, the sign-off after the last.

Both are credits by the grammar of `lines`, cut out of a paragraph by the signs that set them off:
``INDIANAPOLIS (AP) —``, ``【ワシントン共同】``, ``… sagte er. (SDA/sep)``, ``… he said. --IANS``.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from provenance.attribution.agencies.agency import Agency, FormKind, Mention
from provenance.attribution.agencies.known import Agencies
from provenance.attribution.credits.line import CreditLine
from provenance.attribution.credits.lines import read_credit
from provenance.attribution.credits.parts import parts
from provenance.attribution.credits.stretches import Part, Stretch
from provenance.attribution.language.words import unify

_HEAD = 160
"""Characters at the start of a paragraph that a dateline may take."""
_TAIL = 140
"""Characters at the end of a paragraph that a sign-off may take."""
_BEFORE_AGENCY = 90
_OPENERS = "([{【〔（［〈"
_CLOSERS = ")]}】〕）］〉"
_TAIL_OPENERS, _TAIL_CLOSERS = "([（【/<", ")]）】/>"
_BREAK = re.compile(r"\s{0,3}[,.]{0,2}\s{0,3}[-_:|/.~।]")
_PLACE_BREAK = re.compile(r"[ \d]{0,4}日?\s{0,2}(?:[.।:]\s{0,2}-?\s|-{1,2}\s)\s{0,2}")
_STATE = re.compile(r"[^\W\d_], $")
"""A place and a comma: what follows in two letters is its state, "HARRISBURG, PA"."""
_JOINED = re.compile(r"\s?[/,&+=\-]?\s?")
_IN_DATELINE = {Part.NAME, Part.DATE, Part.JOINT, Part.JOB, Part.INITIALS, Part.BYLINE, Part.AGENCY}
_IN_DATELINE |= {Part.AFTER_NAME, Part.OWN}
_SENTENCE_END = re.compile(r"[.!?…。！？।॥؟۔\"”»“』」)\]](?=[^\d]|$)")
_SHORTENED = re.compile(r"\b(?:[^\W\d_]|[^\W\d_aeiouAEIOU]{2,4})\.$")
"""An initial or a title behind which a name goes on: "Mr. Bloomberg", "Michael R. Bloomberg"."""
_QUOTES = tuple('"“”„«»「」')
_WIRE_WORDS = ("电", "電", "讯", "訊")


@dataclass(frozen=True, slots=True)
class Dateline:
    """A dateline that names an agency.

    Attributes:
        quote: The dateline as the text has it.
        mentions: The agencies it names.
        strong: It is set off by signs that nothing but a dateline has.
    """

    quote: str
    mentions: tuple[Mention, ...]
    strong: bool


def read_dateline(
    text: str, agencies: Agencies, language: str = "", own: Sequence[str] = ()
) -> Dateline | None:
    """Read the dateline at the start of a paragraph, when it names an agency.

    Args:
        text: A paragraph.
        agencies: The known agencies.
        language: ISO 639-1 code of the text; an ambiguous form counts only for an agency that
            writes in it.
        own: Names of the outlet itself, in lower case.
    """
    head = text[:_HEAD]
    if not agencies.find(head, language):
        return None  # most paragraphs; the rest costs far more
    stretches = parts(head, agencies, language, own)
    for run in _agency_runs(head, stretches):
        before = [one for one in stretches if one.start < run[0].start]
        mentions = tuple(one.mention for one in run if one.mention)
        if any(one.part not in _IN_DATELINE for one in before):
            return None
        if any(one.mention and one.mention.agency not in _agencies(run) for one in before):
            return None
        if any(mention.photo for mention in mentions):
            return None
        named = [one for one in before[-1:] if one.mention]
        if named and head[named[0].end : run[0].start].strip() in tuple(_OPENERS):
            return None  # "Press Trust of India (PTI) said" only abbreviates the name
        if len(run) == 1 and mentions[0].ambiguous and _STATE.search(head[: run[0].start]):
            continue
        end, strong = _set_off(head, stretches, run)
        if end is None or not head[end:].strip():
            continue
        sure = any(not mention.ambiguous for mention in mentions)
        known = not language or any(language in agency.languages for agency in _agencies(run))
        if sure or (strong and known):
            return Dateline(head[:end].strip(), mentions, strong)
    return None


def _agencies(run: Sequence[Stretch]) -> list[Agency]:
    return [one.mention.agency for one in run if one.mention]


def _agency_runs(head: str, stretches: Sequence[Stretch]) -> list[list[Stretch]]:
    """Agencies, each with those joined to it: ``dpa``, ``AP/dpa``, ``AFP, Reuters``."""
    runs: list[list[Stretch]] = []
    open_run = False
    for one in stretches:
        if one.mention is None:
            open_run = open_run and one.part is Part.INITIALS
        elif open_run and re.fullmatch(_JOINED, head[runs[-1][-1].end : one.start]):
            runs[-1].append(one)
        elif one.start <= _BEFORE_AGENCY:
            runs.append([one])
            open_run = True
    return runs


def _set_off(
    head: str, stretches: Sequence[Stretch], run: Sequence[Stretch]
) -> tuple[int | None, bool]:
    """Where the dateline ends (None: it is none), and whether its signs leave no doubt."""
    start, end = run[0].start, run[-1].end
    last = run[-1].mention
    if last and last.kind is FormKind.SIGNOFFS and last.form[-1] in _CLOSERS:
        return end, True
    plain = unify(head)
    opener = max(head.rfind(sign, 0, start) for sign in _OPENERS)
    if opener >= 0 and not any(sign in head[opener:start] for sign in _CLOSERS):
        if last and last.ambiguous and _ends_name(head, stretches, opener, start):
            return None, False  # "(EXAMPLE NEWSWIRE)" is nobody's but its own
        return _bracketed(head, plain, stretches, opener, end)
    following = [one for one in stretches if one.start >= end]
    if not head[:start].strip():
        return _opening(plain, following, run)
    before = plain[:start].rstrip()
    found = _BREAK.match(plain, end)
    if not found or not (before[-1] in "-=,|/.:" or before.isupper()):
        return None, False
    dated = any(one.part is Part.DATE for one in stretches if one.end <= start)
    return found.end(), dated or before[-1] in "-=/|" or _in_capitals(before)


def _opening(
    plain: str, following: Sequence[Stretch], run: Sequence[Stretch]
) -> tuple[int | None, bool]:
    """A dateline that opens with the agency: ``AP —``, ``dpa Berlin.``, ``AFP, PARIS:``."""
    end = run[-1].end
    wired = _wired(plain, following, end)
    if wired:
        return wired, True
    dashed = re.match(r"\s{0,2}(?:\.-|-{1,2})\s", plain[end:])
    if dashed:
        return end + dashed.end(), plain[end + dashed.end() :][:1].isupper()
    placed = _placed(plain, following, end)
    if placed is None:
        return None, False
    dated = any(one.part is Part.DATE for one in following if one.end <= placed)
    comma = plain[end:].lstrip()[:1] in (",", "|", "-")
    return placed, dated or comma or plain[run[0].start].islower()


def _placed(plain: str, following: Sequence[Stretch], end: int) -> int | None:
    """Where a place, with or without a date, ends behind an agency."""
    first = end
    named = False
    for one in following:
        if one.part not in (Part.NAME, Part.DATE) or one.start - end > 3 or one.end - first > 40:
            return None
        least = 2 if plain[one.start].isupper() else 1
        named = named or (one.part is Part.NAME and one.end - one.start > least)
        found = _PLACE_BREAK.match(plain, one.end)
        behind = plain[found.end() :] if found else ""
        if found and named and behind and not behind[0].islower():
            return found.end()
        end = one.end
    return None


def _bracketed(
    head: str, plain: str, stretches: Sequence[Stretch], opener: int, end: int
) -> tuple[int | None, bool]:
    closer = next((at for at in range(end, len(head)) if head[at] in _CLOSERS), None)
    inside = [one for one in stretches if opener < one.start and (not closer or one.end <= closer)]
    if closer is None or closer - opener > 60 or any(i.part not in _IN_DATELINE for i in inside):
        return None, False
    after = plain[closer + 1 :].lstrip()
    found = _BREAK.match(plain, closer + 1)
    if found and plain[found.start() : found.end()].strip()[0] not in "/":
        return found.end(), True
    if head[opener] in "【〔〈" and not head[:opener].strip():
        return closer + 1, True
    placed = bool(head[:opener].strip()) or head[opener + 1 : end].strip() != ""
    starts_sentence = not after or after[0].isupper() or not after[0].islower()
    if not (placed and starts_sentence):
        return None, False
    place = head[:opener].strip()
    dated = any(one.part is Part.DATE for one in stretches if one.end <= opener)
    closed = place[-1:] in tuple(".:-–—")
    return closer + 1, dated or closed or not place or _in_capitals(place)


def _ends_name(head: str, stretches: Sequence[Stretch], opener: int, start: int) -> bool:
    """Whether what begins at `start` ends a name of several words that a bracket opens with."""
    inner = [one for one in stretches if opener < one.start < start][-1:]
    return bool(inner) and inner[0].part is Part.NAME and head[inner[0].end : start].isspace()


def _in_capitals(text: str) -> bool:
    """Whether a text has no small letter, as one in a script without capitals."""
    return text == text.upper()


def _wired(head: str, following: Sequence[Stretch], end: int) -> int | None:
    """End of the Chinese form: agency, place, date, and the sign for a wire."""
    for one in following:
        if one.start - end > 30 or one.part not in _IN_DATELINE | {Part.JOB}:
            return None
        if head[one.start : one.end].endswith(_WIRE_WORDS):
            return one.end
    return None


def read_signoff(
    text: str, agencies: Agencies, language: str = "", own: Sequence[str] = ()
) -> CreditLine | None:
    """Read the credit that ends a paragraph, when it names an agency.

    Args:
        text: A paragraph.
        agencies: The known agencies.
        language: ISO 639-1 code of the text; an ambiguous form counts only for an agency that
            writes in it.
        own: Names of the outlet itself, in lower case.
    """
    tail = text[-_TAIL:].rstrip()
    for content, ended in _endings(tail):
        credit = read_credit(content, agencies, language, own)
        if not credit or credit.photo or content.startswith(","):
            continue  # '… is real", the Press Agency reports'
        if _names_speaker(text, content, credit):
            continue
        if credit.unnamed and ended:
            return credit
        if not credit.mentions:
            continue
        if credit.loose and not credit.signed_by_agency:
            continue
        if sum(len(name.split()) for name in credit.names) > 6:
            continue
        known = any(language in mention.agency.languages for mention in credit.mentions)
        if (credit.sure or (ended and known)) and not _is_expansion(
            tail, content, credit, agencies
        ):
            return credit
    return None


def read_endings(
    text: str, agencies: Agencies, language: str = "", own: Sequence[str] = ()
) -> Iterator[CreditLine]:
    """Read the ends of a paragraph, each behind the end of a sentence, as credits without agencies.

    Arguments as for `read_signoff`.
    """
    tail = text[-_TAIL:].rstrip()
    for content, ended in _endings(tail):
        credit = read_credit(content, agencies, language, tuple(own)) if ended else None
        if credit and not (credit.mentions or credit.photo):
            yield credit


def _names_speaker(text: str, content: str, credit: CreditLine) -> bool:
    """Whether it says whose words a paragraph is that is all quotation: “…” — Jane Doe, AP."""
    quoted = text[: text.rfind(content.lstrip('"“”»« –—-'))].rstrip(" -–—")
    marks = text.lstrip()[:1] in _QUOTES and quoted[-1:] in _QUOTES
    opens = credit.stretches[:1]
    return marks and bool(credit.names) and opens[0].part in (Part.AGENCY, Part.NAME, Part.JOB)


def _endings(tail: str) -> list[tuple[str, bool]]:
    """What may be a sign-off at the end, with whether a sentence ended before it."""
    ends = [end.end() for end in _SENTENCE_END.finditer(tail[:-2])]
    found = [(tail[end:].strip(), not _SHORTENED.search(tail[:end])) for end in ends[-3:]]
    body = tail.rstrip(' ."”»')
    if body and body[-1] in _TAIL_CLOSERS:
        opener = max(body.rfind(sign, 0, len(body) - 1) for sign in _TAIL_OPENERS)
        if body[-1] == "/":
            opener = body.rfind("/", 0, len(body) - 1)
        if opener > 0:
            ended = bool(_SENTENCE_END.match(body[:opener].rstrip()[-1:] or " "))
            found.append((body[opener + 1 : -1], ended))
    dash = max(tail.rfind(sign) for sign in ("–", "—", " - ", "--"))
    if dash > 0:
        ended = bool(_SENTENCE_END.match(tail[:dash].rstrip(" -")[-1:] or " "))
        found.append((tail[dash:].strip(" –—-"), ended))
    return found


def _is_expansion(tail: str, content: str, credit: CreditLine, agencies: Agencies) -> bool:
    """Whether the bracket only abbreviates the name before it: "Press Trust of India (PTI)"."""
    before = tail[: tail.rfind(content)].rstrip(" (（[")
    named = {mention.agency.id for mention in credit.mentions}
    return any(m.agency.id in named and m.end == len(before) for m in agencies.find(before))
