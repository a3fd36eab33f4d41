"""The shipped agencies file holds what its header promises, and every form in it can be found."""

from __future__ import annotations

import re
from collections import defaultdict

import pytest

from provenance.attribution.agencies.agency import Agency, AgencyKind, FormKind
from provenance.attribution.agencies.known import Agencies

AGENCIES = Agencies.load()
CONTRACT_IDS = """
    ap reuters afp pti ani ians dpa pa upi efe ansa xinhua tass kyodo yonhap cp aap bloomberg
    apa keystone-sda sid aa
"""
COUNTRIES = """
    AE AF AL AM AO AR AT AU AZ BA BB BD BE BF BG BH BO BR BW BY CA CD CH CI CL CN CO CU CY CZ DE
    DK DZ EG ES ET FI FJ FR GB GE GH GR HR HU ID IL IN IQ IR IT JO JP KE KG KP KR KW KZ LB LK LT
    LV LY MA MD MK MN MW MX MY MZ NA NG NL NO NP NZ OM PE PH PK PL PS PT PY QA RO RS RU SA SD SE
    SI SK SN SO SY TH TN TR TW UA US UZ VE VN YE ZA ZM ZW
"""
LANGUAGES = """
    af am ar az be bg bn bs ca cs da de el en es et fa fi fr gu ha he hi hr hu hy id it ja ka kk
    ko ku ky lt lv mk mn mr ms nb ne nl no ny om pl ps pt ro ru si sk sl so sq sr sv sw ta th tl
    tn tr uk ur uz vi zh
"""
DOMAIN = re.compile(r"([a-z0-9]([a-z0-9-]*[a-z0-9])?\.)+[a-z]{2,}")


def forms(agency: Agency) -> list[tuple[FormKind, str]]:
    return [(kind, form) for kind in FormKind for form in getattr(agency, kind.value)]


def test_it_holds_the_world_s_agencies_and_the_contract_s_ids() -> None:
    counts = {kind: sum(agency.kind is kind for agency in AGENCIES) for kind in AgencyKind}
    assert counts[AgencyKind.AGENCY] >= 110
    assert counts[AgencyKind.SYNDICATOR] >= 20
    assert counts[AgencyKind.PHOTO] >= 10
    assert [id for id in CONTRACT_IDS.split() if AGENCIES.by_id(id) is None] == []


def test_countries_and_languages_are_iso_codes() -> None:
    assert {agency.country for agency in AGENCIES} <= set(COUNTRIES.split())
    assert {code for agency in AGENCIES for code in agency.languages} <= set(LANGUAGES.split())
    assert [agency.id for agency in AGENCIES if not agency.languages] == []


def test_domains_are_host_names_of_one_agency_each() -> None:
    domains = [domain for agency in AGENCIES for domain in agency.domains]
    assert [domain for domain in domains if not DOMAIN.fullmatch(domain)] == []
    assert len(domains) == len(set(domains))


def test_agencies_without_a_way_to_be_named_are_not_listed() -> None:
    assert [agency.id for agency in AGENCIES if not forms(agency)] == []


def test_no_agency_is_its_own_relative() -> None:
    assert [a.id for a in AGENCIES if a.id in (*a.parents, *a.partners)] == []


def test_only_ambiguous_forms_belong_to_several_agencies() -> None:
    users: dict[str, set[tuple[str, FormKind]]] = defaultdict(set)
    for agency in AGENCIES:
        for kind, form in forms(agency):
            key = form if kind in (FormKind.SHORT, FormKind.AMBIGUOUS) else form.lower()
            users[key].add((agency.id, kind))
    shared = {form: same for form, same in users.items() if len({id for id, _ in same}) > 1}
    assert {form for form, same in shared.items() if {k for _, k in same} != {"ambiguous"}} == set()
    assert {"KNA", "APA", "CNA", "ANA"} <= set(shared)


def test_no_agency_lists_a_form_twice() -> None:
    for agency in AGENCIES:
        listed = [form for _, form in forms(agency)]
        assert len(listed) == len(set(listed)), agency.id


@pytest.mark.parametrize(
    "before, after", [("", ""), ("x ", " x"), ("«", "»"), ("x|", "|x"), ("—", ",")]
)
def test_every_form_is_found_whole_wherever_credits_put_it(before: str, after: str) -> None:
    missed = []
    for agency in AGENCIES:
        for kind, form in forms(agency):
            written = form.replace("#", "7")
            text = before + written + after
            found = [m for m in AGENCIES.find(text) if m.form == written]
            if agency.kind is AgencyKind.RELEASE:
                missed += [(agency.id, form)] if found else []
                continue
            alone = [mention.agency.id for mention in found] == [agency.id]
            if not found or not (alone or kind is FormKind.AMBIGUOUS):
                missed.append((agency.id, form))
    assert missed == []
