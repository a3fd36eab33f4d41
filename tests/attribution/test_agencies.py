"""Agencies are found where a text names them, in any script, and nowhere else."""

from __future__ import annotations

import sys
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from provenance.article import InputError
from provenance.attribution.agencies.agency import FormKind
from provenance.attribution.agencies.known import Agencies
from provenance.attribution.language.words import unify

AGENCIES = Agencies.load()


def ids(text: str, language: str = "") -> list[str]:
    return [mention.agency.id for mention in AGENCIES.find(text, language)]


@pytest.mark.parametrize(
    "text, expected",
    [
        ("INDIANAPOLIS (AP) — A messy state budget deal", ["ap"]),  # English
        ("The Associated Press contributed to this report.", ["ap"]),
        ("With files from The Canadian Press and Bloomberg News", ["cp", "bloomberg"]),
        ("NEW DELHI, Apr 4 (PTI) --IANS", ["pti", "ians"]),
        ("Quelle: ntv.de, ino/dpa", ["dpa"]),  # German
        ("von der Deutschen Presse-Agentur (dpa) übernommen", ["dpa", "dpa"]),
        ("© dpa-infocom, dpa:230428-99-483045/5", ["dpa", "dpa"]),
        ("SDA/sep", ["keystone-sda"]),
        ("(APA/dpa/Reuters)", ["apa", "dpa", "reuters"]),
        ("Der AFP-Korrespondent berichtet; sak/Reuters", ["afp", "reuters"]),
        ("Le Figaro avec AFP, l'AFP et Keystone-ATS", ["afp", "afp", "keystone-sda"]),  # French
        ("L’Agence France-Presse l’a confirmé", ["afp"]),
        ("Madrid, 3 may (EFE).- según Europa Press", ["efe", "europa-press"]),  # Spanish
        ("(ANSA) - ROMA, 5 MAG - Adnkronos/Askanews", ["ansa", "adnkronos", "askanews"]),  # Italian
        (
            "Com Agência Brasil e Estadão Conteúdo. Lusa/Fim",
            ["agencia-brasil", "estadao-conteudo", "lusa"],
        ),
        ("Bron: ANP, Belga", ["anp", "belga"]),  # Dutch
        ("/ritzau/ og Ritzau", ["ritzau", "ritzau"]),  # Danish
        ("(©NTB) NTB-AFP", ["ntb", "ntb", "afp"]),  # Norwegian
        ("TT-AFP, Nyhetsbyrån Direkt", ["tt", "direkt"]),  # Swedish
        ("STT–AFP, STT:n mukaan, Reutersin tietojen", ["stt", "stt", "reuters"]),  # Finnish
        ("Źródło: PAP, Polska Agencja Prasowa", ["pap", "pap"]),  # Polish
        ("ANKARA (AA) - Anadolu Ajansı'nın, AA'ya, DHA", ["aa", "aa", "aa", "dha"]),  # Turkish
        ("ANADOLU AJANSI, İhlas Haber Ajansı", ["aa", "iha"]),
        ("МОСКВА, 5 июня — РИА Новости. /ТАСС/ Интерфаксу", ["ria-novosti", "tass", "interfax"]),
        ("नयी दिल्ली, चार अप्रैल (भाषा) पीटीआई-भाषा, रॉयटर्स", ["pti", "pti", "reuters"]),  # Hindi
        (
            "【ワシントン共同】ロイター通信によると、AP通信は",
            ["kyodo", "reuters", "ap"],
        ),  # Japanese
        ("【AFP=時事】", ["afp"]),
        (
            "新华社北京5月1日电 据路透社报道，法新社和AP",
            ["xinhua", "reuters", "afp", "ap"],
        ),  # Chinese
        ("（中央社台北1日電）", ["cna"]),
        ("(서울=연합뉴스) 로이터통신은 AFP통신에", ["yonhap", "reuters", "afp"]),  # Korean
        ("[서울=뉴시스] (서울=뉴스1)", ["newsis", "news1"]),
        (
            "قال مصدر لرويترز وفرانس برس (أ ف ب) والأناضول",
            ["reuters", "afp", "afp", "aa"],
        ),  # Arabic
        ("לפי סוכנות רויטרס ולרויטרס", ["reuters", "reuters"]),  # Hebrew
        ("สำนักข่าวรอยเตอร์รายงาน", ["reuters"]),  # Thai
        ("ＡＦＰ、ロイター", ["afp", "reuters"]),  # wide letters
    ],
)
def test_credits_in_many_languages_are_found(text: str, expected: list[str]) -> None:
    assert ids(text) == expected


@pytest.mark.parametrize(
    "text",
    [
        "APART from the map, a nap on the tap in a spa; he said: see the past.",
        "Ap Reutersward tassel efendi stapa epdm",
        "Die Mehr News der Woche, mehr News",
        "Россия сегодня утром; тассовать",
        "プロイターズ",
        "국연합뉴스는",
        "ANSAldo, DPAs, AFPs",
        "एपीआई",
    ],
)
def test_words_that_only_contain_a_form_are_no_mention(text: str) -> None:
    assert ids(text) == []


def test_the_longest_form_wins_and_a_photo_credit_is_told_apart() -> None:
    (mention,) = AGENCIES.find("Brendan Smialowski/AFP via Getty Images")
    assert (mention.agency.id, mention.form, mention.photo) == ("afp", "AFP via Getty Images", True)
    assert [m.photo for m in AGENCIES.find("Getty Images, AFP, imago, AP Photo/Jo")] == [
        True,
        False,
        True,
        True,
    ]
    assert ids("picture alliance/dpa, dpa-AFX") == ["dpa", "dpa-afx"]


def test_forms_that_mean_other_things_say_so() -> None:
    ambiguous = {
        m.form: m.ambiguous for m in AGENCIES.find("AA PA NA CP ANI SID PTI AP AFP dpa Reuters")
    }
    assert {form for form, flag in ambiguous.items() if flag} == {
        "AA",
        "PA",
        "NA",
        "CP",
        "ANI",
        "SID",
        "PTI",
    }


def test_the_language_decides_between_agencies_that_share_a_form() -> None:
    assert ids("(KNA)") == ids("(KNA)", "de") == ["kna"]
    assert ids("(KNA)", "sw") == ["kenya-news-agency"]
    assert ids("(APA)", "az") == ["apa-az"]


def test_abbreviations_keep_their_case_and_names_do_not() -> None:
    assert ids("dpa DPA Dpa dPa") == ["dpa"] * 3
    assert ids("REUTERS reuters associated PRESS") == ["reuters", "reuters", "ap"]
    assert ids("the press association of tanners") == []


@pytest.mark.parametrize(
    "text, id",
    [
        ("Reuters", "reuters"),
        ("The Associated Press", "ap"),
        ("afp", "afp"),
        ("(dpa)", "dpa"),
        ("Agence France-Presse (AFP)", "afp"),
        ("– Ansa.", "ansa"),
        ("भाषा", "pti"),
        ("Keystone-SDA", "keystone-sda"),
        ("AA", "aa"),
        ("dpa/AFP", None),
        ("Ani", None),
        ("AP Photo", None),
        ("Jo Reuter", None),
        ("Reuters Staffer", None),
        ("", None),
        ("AP " * 1000, None),
    ],
)
def test_a_whole_string_names_an_agency_or_not(text: str, id: str | None) -> None:
    agency = AGENCIES.by_name(text)
    assert (agency and agency.id) == id


@pytest.mark.parametrize(
    "host, id",
    [
        ("apnews.com", "ap"),
        ("www.APNews.com.", "ap"),
        ("faktencheck.afp.com", "afp"),
        ("notafp.com", None),
        ("com", None),
        ("", None),
        ("a." * 5000 + "afp.com", "afp"),
    ],
)
def test_a_host_belongs_to_an_agency_or_not(host: str, id: str | None) -> None:
    agency = AGENCIES.by_domain(host)
    assert (agency and agency.id) == id


SCRAPS = (
    "AP|dpa|Reuters| |/|(|)|-|ロイター|共同|新华社|연합뉴스|رويترز|و|भाषा|İ|ß|\u0301|x|1|©|2024|"
    "Agence France-|Presse|=時事|﷽|ﬁ|\n"
)


@given(
    st.lists(st.one_of(st.sampled_from(SCRAPS.split("|")), st.text(max_size=4)), max_size=40).map(
        "".join
    )
)
def test_mentions_are_slices_of_the_text_in_order(text: str) -> None:
    mentions = AGENCIES.find(text)
    ends = [0, *(mention.end for mention in mentions)]
    for mention, previous in zip(mentions, ends, strict=False):
        assert previous <= mention.start < mention.end <= len(text)
        assert text[mention.start : mention.end] == mention.form
        assert mention.agency is AGENCIES.by_id(mention.agency.id)


@pytest.mark.parametrize(
    "page, host, expected",
    [
        ("Rain fell on Taipei. (CNA)", "", ["cna"]),
        ("Rain fell on Nicosia. (CNA)", "", ["cna-cyprus"]),
        ("Rain fell on the diocese. (CNA)", "", ["cna-catholic"]),
        ("Rain fell on the hills. (CNA)", "example.tw", ["cna"]),
        ("Rain fell on the hills. (CNA)", "example.com", []),
        ("Rain fell on the hills. (ANI)", "example.com", ["ani"]),
    ],
)
def test_a_page_s_places_tell_which_of_several_a_short_form_means(
    page: str, host: str, expected: list[str]
) -> None:
    found = AGENCIES.as_meant_by(page, host).find(page, "en")
    assert [mention.agency.id for mention in found] == expected


def test_a_wire_for_press_releases_is_no_agency_nor_a_part_of_its_name_another() -> None:
    assert ids("TORONTO, Nov. 18 (GLOBE NEWSWIRE) -- Example Inc.", "en") == []
    assert ids("SYDNEY (NewsWire) -", "en") == ["nca-newswire"]


def test_folding_keeps_every_character_s_length() -> None:
    everything = "".join(map(chr, range(sys.maxunicode + 1)))
    assert [c for c in everything if len(unify(c).lower()) != 1] == []


def test_hostile_text_is_read_to_its_end() -> None:
    assert ids("ag " * 100_000 + "AP") == ["ap"]
    assert ids("ا" * 100_000 + "و" * 100_000 + " رويترز") == ["reuters"]
    assert ids("A" * 300_000) == []


def write(folder: Path, text: str) -> Path:
    file = folder / "mine.toml"
    file.write_text(text, encoding="utf-8")
    return file


def test_a_user_s_file_adds_agencies_and_forms(tmp_path: Path) -> None:
    mine = write(
        tmp_path,
        """
        [hillside]
        name = "Hillside Wire"
        kind = "agency"
        country = "IE"
        languages = ["en"]
        domains = ["hillside.example"]
        names = ["Hillside Wire"]
        short = ["AP"]
        partners = ["pa"]

        [pa]
        name = "PA"
        short = ["PA-Wire"]
        """,
    )
    agencies = Agencies.load(mine)
    assert len(agencies) == len(AGENCIES) + 1
    found = agencies.find("hillside wire, PA-Wire, PA Media, AP")
    assert [m.agency.id for m in found] == ["hillside", "pa", "pa", "hillside"]
    assert [m.kind for m in found][:2] == [FormKind.NAMES, FormKind.SHORT]
    own, extended = agencies.by_domain("www.hillside.example"), agencies.by_id("pa")
    assert own and own.partners == ("pa",)
    assert extended and extended.name == "PA" and extended.short == ("PA News", "PA-Wire")


@pytest.mark.parametrize(
    "text, complaint",
    [
        ("[x", "not TOML"),
        ("[x]\nname = 'X Wire'", "lacks kind, country, languages"),
        ("[Bad_Id]\nname = 'X Wire'", "lower-case"),
        ("ap = 1", "must be a table"),
        ("[ap]\nnmaes = ['AP']", "'nmaes'"),
        ("[ap]\nnames = 'AP'", "'names'"),
        ("[ap]\nshort = ['A']", "'short'"),
        ("[ap]\nkind = 'wire'", "'wire'"),
        ("[ap]\nparents = ['nobody']", "'nobody'"),
    ],
)
def test_a_wrong_file_is_told_what_is_wrong(tmp_path: Path, text: str, complaint: str) -> None:
    with pytest.raises(InputError, match=complaint):
        Agencies.load(write(tmp_path, text))


def test_a_missing_file_is_told() -> None:
    with pytest.raises(InputError, match="cannot read"):
        Agencies.load(Path("no-such-file.toml"))
