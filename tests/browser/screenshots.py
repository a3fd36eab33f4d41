"""Pictures of every page at desktop and phone width, by day and in the dark, and one on paper.

``python -m tests.browser.screenshots FOLDER`` takes them.
"""

from __future__ import annotations

import sys
from collections.abc import Iterable
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from playwright.sync_api import Page

from provenance import demo
from tests.browser.served import PAGES, chromium, filled, served

LOOKS: dict[str, dict[str, Any]] = {
    "desktop": {"viewport": {"width": 1280, "height": 900}},
    "desktop-dark": {"viewport": {"width": 1280, "height": 900}, "color_scheme": "dark"},
    "phone": {"viewport": {"width": 390, "height": 844}},
    "phone-dark": {"viewport": {"width": 390, "height": 844}, "color_scheme": "dark"},
}
EMPTY = ("", "audit", "clusters", "outlets", "status")
FULL = ("audit", "clusters", "outlets", "status", "article?id=https://paper39.org/story")


def audited(page: Page, address: str) -> None:
    """Start an audit and wait until it is done."""
    page.goto(f"{address}/audit")
    page.get_by_role("button", name="Start an audit").click()
    page.get_by_role("link", name="See the audit").wait_for(timeout=120_000)


def shoot(page: Page, address: str, paths: Iterable[str], name: str) -> None:
    """Take pictures of pages; `name` is the file with a place for the page's."""
    for path in paths:
        page.goto(f"{address}/{path}")
        page.screenshot(path=name.format(path.partition("?")[0] or "home"), full_page=True)


def main(out: Path) -> None:
    """Take the pictures, and print the seed article's report on paper."""
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, chromium() as browser:
        (Path(folder) / "empty").mkdir()
        with (
            served(str(Path(folder) / "empty" / "empty.db")) as empty,
            served(filled(Path(folder))) as full,
        ):
            audited(browser.new_page(), full)
            for look, options in LOOKS.items():
                page = browser.new_page(**options)
                shoot(page, empty, EMPTY, f"{out}/empty-{{}}-{look}.png")
                shoot(page, full, FULL, f"{out}/{{}}-{look}.png")
                page.goto(full)
                page.get_by_label("Text or HTML").fill((PAGES / demo.CHECKED).read_text("utf-8"))
                page.get_by_role("button", name="Check").click()
                page.locator(".verdict").wait_for()
                page.screenshot(path=out / f"seed-{look}.png", full_page=True)
            page.pdf(path=out / "seed.pdf", format="A4")


if __name__ == "__main__":
    main(Path(sys.argv[1]))
