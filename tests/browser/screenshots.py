"""Pictures of every page at desktop and phone width.

``python -m tests.browser.screenshots FOLDER`` takes them.
"""

from __future__ import annotations

import sys
from pathlib import Path
from tempfile import TemporaryDirectory

from playwright.sync_api import Page

from provenance import demo
from tests.browser.served import PAGES, chromium, filled, served

WIDTHS = {"desktop": 1280, "phone": 390}


def audited(page: Page, address: str) -> None:
    """Start an audit and wait until it is done."""
    page.goto(f"{address}/audit")
    page.get_by_role("button", name="Start an audit").click()
    page.get_by_role("link", name="See the audit").wait_for(timeout=120_000)


def main(out: Path) -> None:
    """Take the pictures."""
    out.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as folder, chromium() as browser:
        (Path(folder) / "empty").mkdir()
        with served(str(Path(folder) / "empty" / "empty.db")) as address:
            for name, width in WIDTHS.items():
                page = browser.new_page(viewport={"width": width, "height": 900})
                for path in ("", "audit", "clusters", "status"):
                    page.goto(f"{address}/{path}")
                    page.screenshot(path=out / f"empty-{path or 'home'}-{name}.png", full_page=True)
        with served(filled(Path(folder))) as address:
            audited(browser.new_page(), address)
            for name, width in WIDTHS.items():
                page = browser.new_page(viewport={"width": width, "height": 900})
                for path in (
                    "audit",
                    "clusters",
                    "outlets",
                    "article?id=https://paper39.org/story",
                ):
                    page.goto(f"{address}/{path}")
                    shot = out / f"{path.partition('?')[0]}-{name}.png"
                    page.screenshot(path=shot, full_page=True)
                page.goto(address)
                page.get_by_label("Text or HTML").fill((PAGES / demo.CHECKED).read_text("utf-8"))
                page.get_by_role("button", name="Check").click()
                page.screenshot(path=out / f"seed-{name}.png", full_page=True)


if __name__ == "__main__":
    main(Path(sys.argv[1]))
