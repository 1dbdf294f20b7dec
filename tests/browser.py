"""Debian's Chromium, headless, for tests that read pages as people do: from the disk, with the network watched."""

import shutil
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

CHROMIUM = shutil.which("chromium")
MISSING = "there is no chromium here: apt-get install chromium"
QUIET = [
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]


@contextmanager
def chromium() -> Iterator[Browser]:
    """The browser. Without it a test is skipped and says so."""
    if CHROMIUM is None:
        pytest.skip(MISSING)
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=CHROMIUM, args=QUIET, chromium_sandbox=False)
        yield browser
        browser.close()


class Watched:
    """A page, and what it complained of or asked for beyond its own folder."""

    def __init__(self, page: Page):
        self.page = page
        self.complaints: list[str] = []
        self.requests: list[str] = []
        page.on("console", lambda message: self.complaints.append(message.text))
        page.on("pageerror", lambda error: self.complaints.append(str(error)))
        page.on("request", lambda request: self.requests.append(request.url))
        page.on("requestfailed", lambda request: self.complaints.append(f"{request.url} {request.failure}"))

    def open(self, path: Path) -> Page:
        self.page.goto(path.as_uri())
        return self.page


@contextmanager
def watched(browser: Browser, **how: object) -> Iterator[Watched]:
    """A new page in a context of its own (`how`: viewport, color_scheme, forced_colors, java_script_enabled, ...)."""
    context = browser.new_context(**how)
    yield Watched(context.new_page())
    context.close()
