"""What a reader does on the pages, and what a hostile page must not do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page

from provenance import audit, demo
from provenance.report.audit import audit_html
from tests.browser.screenshots import audited
from tests.browser.served import AXE, PAGES, chromium, filled, served
from tests.report.results import SENTENCES

HOSTILE = """<html><head><title></title><script>window.ran=1</script></title>
<script>window.ran=1</script><meta name=author content='"><img src=x onerror="window.ran=1">'>
<link rel=canonical href='javascript:window.ran=1'>
<script type="application/ld+json">{"@type":"NewsArticle","headline":
"<img src=x onerror=window.ran=1>","author":{"name":"<svg onload=window.ran=1>"}}</script>
</head><body><h1>&lt;script&gt;window.ran=1&lt;/script&gt;</h1>"""


@pytest.fixture(scope="module")
def browser() -> Iterator[Browser]:
    with chromium() as opened:
        yield opened


@pytest.fixture(scope="module")
def address(tmp_path_factory: pytest.TempPathFactory, browser: Browser) -> Iterator[str]:
    with served(filled(tmp_path_factory.mktemp("browser"))) as address:
        audited(browser.new_page(), address)
        yield address


@pytest.fixture
def page(browser: Browser) -> Iterator[Page]:
    opened = browser.new_page()
    yield opened
    opened.close()


def checked(page: Page, address: str) -> None:
    page.goto(address)
    page.get_by_label("Text or HTML").fill((PAGES / demo.CHECKED).read_text("utf-8"))
    page.get_by_role("button", name="Check").click()


def test_paste_submit_and_follow_a_quote(page: Page, address: str) -> None:
    checked(page, address)
    assert "Associated Press wrote this text" in page.locator(".verdict").inner_text()
    page.locator("section:has(#credit) a").first.click()
    target = page.locator(page.evaluate("location.hash"))
    assert "syndicated news agency feed" in target.inner_text()
    assert target.locator("mark").count() > 0
    assert target.is_visible()


def test_a_quote_in_another_version_opens_it(page: Page, address: str) -> None:
    checked(page, address)
    links = page.locator("section:has(#origin) a[href*='-b']")
    for number in range(links.count()):
        links.nth(number).click()
        assert page.locator(page.evaluate("location.hash")).is_visible()


def test_a_story_opens_by_keyboard(page: Page, address: str) -> None:
    page.goto(f"{address}/clusters")
    story = page.locator("details.story").first
    assert not story.locator("table").is_visible()
    story.locator("summary").focus()
    page.keyboard.press("Enter")
    assert story.locator("tbody tr").count() == 40
    assert story.locator("table").is_visible()


def test_an_uploaded_hostile_page_runs_nothing(page: Page, address: str, tmp_path: Path) -> None:
    file = tmp_path / "hostile.html"
    file.write_text(HOSTILE + "<p>Some words of a story that goes on. " * 30)
    page.goto(address)
    page.get_by_label("File").set_input_files(file)
    page.get_by_role("button", name="Check").click()
    page.locator(".verdict").wait_for()
    assert page.evaluate("window.ran") is None
    assert page.locator("main script, main img").count() == 0


@pytest.mark.parametrize(
    "url", ['https://e.example/"><img src=x onerror=window.ran=1>', "javascript:window.ran=1"]
)
def test_a_pasted_hostile_page_with_a_hostile_address_runs_nothing(
    page: Page, address: str, url: str
) -> None:
    page.goto(address)
    page.get_by_label("Address").fill(url)
    page.get_by_label("Text or HTML").fill(HOSTILE + "<p>Some words of a story that go on. " * 30)
    page.get_by_role("button", name="Check").click()
    page.locator(".verdict").wait_for()
    assert page.evaluate("window.ran") is None
    assert page.locator("main script, main img, main a[href^=javascript]").count() == 0


def test_an_audit_of_a_hostile_corpus_runs_nothing(page: Page, tmp_path: Path) -> None:
    run = "<img src=x onerror=window.ran=1><script>window.ran=1</script>"
    common = {"text": " ".join(SENTENCES), "byline": f"By {run}", "credit": run}
    result = audit([
        {**common, "id": run, "title": run, "outlet_name": run, "url": "javascript:window.ran=1"},
        {**common, "id": "2", "title": f"' {run}", "outlet": "a.org", "source": f'"{run}',
         "url": f'https://a.org/"><svg onload=window.ran=1>{run}'},
        {**common, "id": "3", "text": f"(AP) {run} " + common["text"], "outlet_name": "</table>"},
    ])  # fmt: skip
    (tmp_path / "audit.html").write_text(audit_html(result))
    page.goto((tmp_path / "audit.html").as_uri())
    for row in page.locator("tbody th a").all():
        row.click()
    assert page.evaluate("window.ran") is None
    assert run in page.locator("#outlets-1, #outlets-2, #outlets-3").first.inner_text()
    assert page.locator("script, img, a[href^=javascript], [onload], [onerror]").count() == 0


def test_a_row_of_the_audit_opens_what_it_rests_on(page: Page, address: str) -> None:
    page.goto(f"{address}/audit")
    link = page.locator("section:has(#agencies) tbody a").first
    ground = page.locator(str(link.get_attribute("href")))
    assert not ground.is_visible()
    link.click()
    ground.wait_for()
    assert "Uncredited" in ground.inner_text() and ground.locator("q").count() > 0


@pytest.mark.parametrize("path", ["", "audit", "clusters", "outlets", "status", "seed"])
@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_axe_finds_no_serious_violation(
    browser: Browser, address: str, path: str, scheme: str
) -> None:
    assert AXE.exists(), "axe-core is needed: make browser installs it"
    # axe is put in by the test; the page's own policy lets no script in.
    context = browser.new_context(bypass_csp=True)
    page = context.new_page()
    page.emulate_media(color_scheme="dark" if scheme == "dark" else "light")
    if path == "seed":
        checked(page, address)
    else:
        page.goto(f"{address}/{path}")
    page.evaluate(AXE.read_text("utf-8"))
    found = page.evaluate("axe.run().then(result => result.violations)")
    serious = [
        (each["id"], [node["html"][:200] for node in each["nodes"][:3]])
        for each in found
        if each["impact"] in ("serious", "critical")
    ]
    context.close()
    assert serious == []


@pytest.mark.parametrize("path", ["", "audit", "clusters", "outlets", "status", "seed"])
def test_no_page_is_wider_than_a_phone(browser: Browser, address: str, path: str) -> None:
    page = browser.new_page(viewport={"width": 360, "height": 800})
    if path == "seed":
        checked(page, address)
    else:
        page.goto(f"{address}/{path}")
    assert page.evaluate("document.documentElement.scrollWidth") <= 360
    page.close()
