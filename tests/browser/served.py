"""A server on a small index in a thread, and chromium pages to look at it with."""

from __future__ import annotations

import shutil
import threading
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from socket import socket

import uvicorn
from playwright.sync_api import Browser, sync_playwright

from provenance import demo
from provenance.index import Index
from provenance.jobs.add import add
from provenance.web import create_app
from tests.report.results import many

PAGES = Path(demo.__file__).parent
AXE = Path(__file__).parents[2] / "build/npm/node_modules/axe-core/axe.min.js"


def filled(folder: Path) -> str:
    """An index with a story in forty versions and the demo's pages."""
    many(40, folder)
    place = str(folder / "many.db")
    with Index.open(place) as index:
        add([str(PAGES / name) for name in demo.INDEXED], index)
    return place


@contextmanager
def served(place: str) -> Iterator[str]:
    """The address of a server on an index."""
    with socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]
    server = uvicorn.Server(
        uvicorn.Config(create_app(place), port=port, log_config=None, access_log=False)
    )
    thread = threading.Thread(target=server.run)
    thread.start()
    while not server.started:
        time.sleep(0.05)
    try:
        yield f"http://127.0.0.1:{port}"
    finally:
        server.should_exit = True
        thread.join()


@contextmanager
def chromium() -> Iterator[Browser]:
    """Debian's chromium, headless."""
    path = shutil.which("chromium")
    assert path, "chromium is needed: apt-get install chromium"
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield browser
        browser.close()
