"""How the tests of pages look at them: the browser, sizes, languages, and what must not be."""

from __future__ import annotations

import json
import shutil

import pytest

from tests.server.browser import Browser

PROGRAM = shutil.which("chromium") or shutil.which("chromium-browser") or ""
IN_A_BROWSER = [
    pytest.mark.skipif(not PROGRAM, reason="no Chromium on this machine"),
    pytest.mark.slow,
]
SIZES = {"desktop": (1366, 768), "phone": (390, 844)}
LOOKS = [
    ("desktop", "light", "en"),
    ("desktop", "dark", "zh_Hans"),
    ("desktop", "light", "ru"),
    ("phone", "dark", "ru"),
    ("phone", "light", "zh_Hans"),
    ("phone", "dark", "en"),
]


def sign_in(browser: Browser, url: str, name: str, pin: str, start: str = "/floor") -> None:
    """As one who types; their pages begin with ``start``."""
    browser.open(f"{url}/sign-in")
    browser.value(
        f"document.querySelector('[name=name]').value = {json.dumps(name)};"
        f"document.querySelector('[name=secret]').value = {json.dumps(pin)};"
        "document.querySelector('form[action=\"/sign-in\"]').requestSubmit()"
    )
    begins = f"location.pathname.startsWith({json.dumps(start)})"
    browser.until(f"{begins} && document.readyState === 'complete'")


def fits(browser: Browser) -> list[str]:
    """Texts that are cut off, and a page wider than its window."""
    found: list[str] = browser.value(
        "[...document.querySelectorAll('h2,h3,p,td,th,span,summary,button')]"
        ".filter(e => e.offsetParent && !e.closest('.unseen, .skip') "
        "  && e.scrollWidth > e.clientWidth + 1 && e.clientWidth > 0"
        "  && getComputedStyle(e).display !== 'inline' "
        "  && getComputedStyle(e).textOverflow !== 'ellipsis')"
        ".map(e => e.className + ': ' + e.textContent.trim().slice(0, 60))"
        ".concat(((page, width) => page.scrollWidth <= width ? [] :"
        "  [...page.querySelectorAll('body *')]"
        "  .filter(e => e.getBoundingClientRect().right > width)"
        "  .map(e => `too wide: ${e.tagName} ${e.getAttribute('class')}`))"
        "  (document.documentElement, document.documentElement.clientWidth))"
    )
    return found
