"""Real pages: read in place, none set aside, titles and outlets as a reader sees them."""

from __future__ import annotations

import os
from pathlib import Path

import pytest

from provenance.article import Article, BlockKind
from provenance.sources import read

SHARED = Path(os.environ.get("PROVENANCE_SHARED", Path(__file__).parents[3] / "shared"))
EXPECTED = {
    "APNews_2024_09_03": ("apnews.com", "The presidential campaigns brace for an intense sprint"),
    "Aftonbladet_2026_08_02": ("aftonbladet.se", "Zelenskyj vädjar efter nya attackerna"),
    "AnadoluAjansi_2025_04_05": ("aa.com.tr", "Türkiye'de elektrikli araç şarj istasyonu"),
    "BBC_2026_04_25": ("bbc.com", "What is Nato and which countries are in it?"),
    "BSZ_2025_11_06": ("braunschweiger-zeitung.de", "Haftbefehl: Streeck lobt Doku"),
    "BerlinerZeitung_2023_04_28": ("berliner-zeitung.de", "550 Kinder gezeugt: Gericht stoppt"),
    "ChunichiShimbun_2025_01_13": ("chunichi.co.jp", "南海トラフ、一時調査"),
    "CorriereDellaSera_2025_02_04": ("corriere.it", "Giorgia Meloni da Donald Trump"),
    "EyethuNews_2025_11_25": ("eyethunews.co.za", "Isihluku kubulawa isaguga eMbali"),
    "FinancialPost_2026_06_06": ("financialpost.com", "'Ends recession debate': economists"),
    "GlobalNews_2026_05_24": ("globalnews.ca", "Russia hits Kyiv with ballistic missile"),
    "HamburgerAbendblatt_2025_09_09": ("abendblatt.de", "Annalena Baerbock: Jetzt Top-Job"),
    "HankookIlbo_2026_01_29": ("hankookilbo.com", "장동혁, 한동훈 제명했지만"),
    "LaRepubblica_2025_01_05": ("repubblica.it", '"Laziale ebreo" e due svastiche'),
    "LeFigaro_2024_11_22": ("lefigaro.fr", "Guerre en Ukraine : la Russie affirme"),
    "MBN_2025_06_03": ("mk.co.kr", "‘흙수저’ 소년공이 쏘아올린 정치 신화"),
    "MainichiShimbun_2025_01_14": ("mainichi.jp", "イスラエルとハマスの停戦"),
    "MallorcaMagazin_2025_04_16": ("mallorcamagazin.com", "Literaturnobelpreisträger Vargas"),
    "Nikkei_2025_01_27": ("nikkei.com", "イオン銀行社長解任"),
    "Reuters_2024_03_07": ("reuters.com", "Israeli tank 'likely' fired machine gun"),
    "Rzeczpospolita_2025_02_02": ("rp.pl", "Niemcy. Stałe zamknięcie granic"),
    "TaipeiTimes_2024_10_15": ("taipeitimes.com", "US, Manila launch war games after"),
    "TheNation_2024_01_11": ("thenation.com", "Chris Christie’s Exit Marks the End"),
    "TimesOfIndia_2026_04_16": ("indiatimes.com", "Newborns left in dustbins, buses"),
    "WAZ_2025_09_10": ("waz.de", "Streit um Julia Klöckner eskaliert"),
    "ZwanzigMinuten_2024_12_17": ("20min.ch", "Tiktok: Brüssel untersucht"),
}
LANGUAGES = {
    "AnadoluAjansi_2025_04_05": "tr",
    "HankookIlbo_2026_01_29": "ko",
    "MainichiShimbun_2025_01_14": "ja",
    "Rzeczpospolita_2025_02_02": "pl",
    "LeFigaro_2024_11_22": "fr",
    "Reuters_2024_03_07": "en",
}


@pytest.fixture(scope="module")
def pages() -> dict[str, Article]:
    """All pages, read once."""
    found = {}
    for item in read(str(SHARED / "pages")):
        if not item.source.endswith(".html.gz"):
            continue
        assert isinstance(item, Article), item
        found[Path(item.source).name.removesuffix(".html.gz")] = item
    return found


def test_every_page_is_read(pages: dict[str, Article]) -> None:
    assert len(pages) == 128
    thin = [name for name, page in pages.items() if len(page.text) < 400]
    assert thin == []


def test_titles_and_outlets_are_those_a_reader_sees(pages: dict[str, Article]) -> None:
    wrong = {
        name: (page.outlet, page.title)
        for name, (domain, title) in EXPECTED.items()
        if (page := pages[name]).outlet is None
        or page.outlet.domain != domain
        or not page.title.startswith(title)
    }
    assert wrong == {}


def test_languages(pages: dict[str, Article]) -> None:
    assert {name: pages[name].language for name in LANGUAGES} == LANGUAGES


def test_nearly_every_page_says_when_it_was_published(pages: dict[str, Article]) -> None:
    dated = [page.published for page in pages.values() if page.published]
    assert len(dated) >= 120
    assert all(moment.earliest <= moment.latest for moment in dated)


def test_ids_are_distinct_and_menus_are_never_main(pages: dict[str, Article]) -> None:
    assert len({page.id for page in pages.values()}) == len(pages)
    for page in pages.values():
        assert [block.index for block in page.blocks] == list(range(len(page.blocks)))
        kinds = {block.kind for block in page.blocks if block.main}
        assert not kinds & {BlockKind.TITLE, BlockKind.CAPTION, BlockKind.LINK, BlockKind.TIME}


def test_a_stated_article_body_is_found_in_the_main_text(pages: dict[str, Article]) -> None:
    page = pages["MallorcaMagazin_2025_04_16"]
    assert "Enge Beziehung zu Mallorca" in page.text
    assert "Connolly’s dominance in the campaign" in pages["PoliticoEu_2025_10_23"].text


def test_the_seed_text_reads_well() -> None:
    (article,) = read(str(SHARED / "seed-article.txt"))
    assert isinstance(article, Article)
    assert article.title.startswith("North Korea’s Kim Jong Un, Russia’s Sergei Shoigu")
    kinds = [block.kind for block in article.blocks[:4]]
    assert kinds == [BlockKind.PARAGRAPH, BlockKind.TITLE, BlockKind.TITLE, BlockKind.PARAGRAPH]
    assert len(article.blocks) == 19
    assert article.outlet is None
    assert article.modified is not None
    hours = (article.modified.latest - article.modified.earliest).total_seconds() / 3600
    assert hours == pytest.approx(4.5)
