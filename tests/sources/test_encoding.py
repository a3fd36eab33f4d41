"""Encodings: whatever is declared, the text comes out as it was written."""

from __future__ import annotations

import orjson
import pytest

from provenance.sources import article_from_html
from provenance.sources.encoding import WINDOW, decode, mend
from provenance.sources.tables import not_json

TEXTS = {
    "cp1251": "Президент подписал указ о новых мерах поддержки семей, сообщает издание.",
    "shift_jis": "気象庁は調査終了を受けた記者会見で備えを呼びかけた。東京の天気は晴れです。",
    "euc-kr": "국민의힘은 조만간 인재영입위원회를 발족하는 등 전환할 방침이다.",
    "big5": "中央氣象署表示，颱風外圍環流影響，各地將有大雨發生。",
    "gb18030": "中国气象局表示，受台风外围环流影响，各地将有大雨发生。",
    "windows-1252": "Grüße aus Köln: „Das wäre schön“, sagte der Bürgermeister – très bien.",
    "utf-8": "Grüße aus Köln: „Das wäre schön“, sagte der Bürgermeister – très bien.",
}


def html(text: str, encoding: str, declared: str) -> bytes:
    head = f'<html><head><meta charset="{declared}"></head><body>'
    return (head + f"<p>{text * 5}</p></body></html>").encode(encoding)


@pytest.mark.parametrize("encoding", TEXTS)
def test_declared_encodings(encoding: str) -> None:
    assert TEXTS[encoding] in decode(html(TEXTS[encoding], encoding, encoding))


@pytest.mark.parametrize("encoding", ["cp1251", "shift_jis", "euc-kr", "windows-1252"])
def test_a_wrong_declaration_of_utf8_makes_no_mojibake(encoding: str) -> None:
    assert TEXTS[encoding][:20] in decode(html(TEXTS[encoding], encoding, "utf-8"))


def test_utf8_declared_as_latin1_by_page_and_server() -> None:
    page = html(TEXTS["utf-8"], "utf-8", "iso-8859-1")
    assert TEXTS["utf-8"] in article_from_html(page, charset="ISO-8859-1").blocks[0].text


def test_the_servers_charset_is_believed_where_it_fits() -> None:
    assert decode("Дом и сад".encode("koi8-r"), "koi8-r") == "Дом и сад"


@pytest.mark.parametrize("encoding", ["utf-8-sig", "utf-16", "utf-32"])
def test_byte_order_marks(encoding: str) -> None:
    assert decode("Ein Satz mit ß.".encode(encoding)) == "Ein Satz mit ß."


def test_double_encoded_text_is_mended_and_sound_text_left_alone() -> None:
    sound = "Château à Paris – « voilà », “quoted”, São Paulo, ÂNGELA É Ä°"
    assert mend(sound) == sound
    damaged = "It’s a test – café".encode().decode("windows-1252")
    assert mend(damaged) == "It’s a test – café"
    assert mend("Привет, мир".encode().decode("latin-1")) == "Привет, мир"


def test_one_stray_byte_does_not_change_the_encoding() -> None:
    data = ("Größe und Übermut, " * 200).encode() + b"\xff" + "schöne Grüße".encode()
    assert decode(data).endswith("schöne Grüße")


@pytest.mark.parametrize("before", range(WINDOW - 3, WINDOW + 3))
def test_damage_is_found_wherever_it_stands(before: int) -> None:
    assert mend("x" * before + "donâ€™t") == "x" * before + "don’t"


@pytest.mark.parametrize(
    ("line", "reason"),
    [
        ('{"text": "café"}'.encode("latin-1"), "not UTF-8 (byte 14: e9): save the file in that"),
        ('{"text": "x"}\n'.encode("utf-16"), "not UTF-8 (byte 1: ff): save the file in that"),
        (b'{"text": "the rest is', "not JSON: it ends too early; is the file cut off?"),
        (b"{text: 1}", "not JSON: character 2: "),
    ],
)
def test_a_line_that_is_no_json_says_why_in_plain_words(line: bytes, reason: str) -> None:
    with pytest.raises(orjson.JSONDecodeError) as caught:
        orjson.loads(line)
    assert not_json(line, caught.value).startswith(reason)
