"""The language of a text that declares none, or one that its script contradicts."""

from __future__ import annotations

import pytest

from provenance.sources.languages import language_of

SAID = {
    "en": "The minister said on Tuesday that the government would not change the law this year.",
    "de": "Der Minister sagte am Dienstag, dass die Regierung das Gesetz nicht ändern werde.",
    "fr": "Le ministre a dit mardi que le gouvernement ne changerait pas la loi cette année.",
    "es": "El ministro dijo el martes que el gobierno no va a cambiar la ley este año.",
    "it": "Il ministro ha detto martedì che il governo non cambierà la legge di quest'anno.",
    "nl": "De minister zei dinsdag dat de regering de wet dit jaar niet zal veranderen.",
    "sv": "Ministern sade på tisdagen att regeringen inte ska ändra lagen i år, men att den kan.",
    "pl": "Minister powiedział we wtorek, że rząd nie zmieni tego prawa w tym roku, bo nie może.",
    "hr": "Ministar je u srijedu rekao da vlada neće mijenjati zakon prije kraja ove godine.",
    "sr": "Ministar je u sredu rekao da vlada neće menjati zakon pre kraja ove godine.",
    "fa": "وزیر روز سه‌شنبه گفت که دولت امسال این قانون را تغییر نخواهد داد و چنین طرحی ندارد.",
    "ur": "وزیر نے منگل کو کہا کہ حکومت اس سال قانون میں تبدیلی نہیں کرے گی، ایسا ارادہ نہیں ڈالا۔",
    "ar": "قال الوزير يوم الثلاثاء إن الحكومة لن تغير القانون هذا العام في أي حال من الأحوال.",
    "uk": "Міністр сказав у вівторок, що її уряд не змінить закон цього року, бо має інші плани.",
    "ru": "Министр сказал во вторник, что правительство не изменит закон в этом году.",
    "ja": "大臣は火曜日、政府は今年この法律を変えないと述べた。",
}


@pytest.mark.parametrize("code", SAID)
def test_a_text_that_declares_nothing_is_told_by_its_words_or_script(code: str) -> None:
    assert language_of([], SAID[code]) == code


def test_what_is_declared_stands_where_the_script_allows_it() -> None:
    assert language_of(["en-GB"], SAID["de"]) == "en"
    assert language_of(["en"], SAID["ru"]) == "ru"
    assert language_of([], "Министар је рекао да ће о томе обавестити грађане у среду.") == "sr"
    assert language_of(["en", "es-NI"], SAID["es"]) == "es"
    assert language_of(["en", "es-NI"], SAID["de"]) == "en"


def test_names_and_numbers_are_no_language() -> None:
    assert language_of([], "Novak Djokovic 6-4 6-3 Carlos Alcaraz") == ""
    assert language_of([], "") == ""
