"""Chromium, for the tests that read a page as a reader does."""

import shutil
from pathlib import Path

import pytest
from selenium import webdriver
from selenium.webdriver.chrome.service import Service

BROWSER = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
DRIVER = shutil.which("chromedriver")

needs_browser = pytest.mark.skipif(
    not (BROWSER and DRIVER), reason="needs a browser: apt-get install chromium chromium-driver, or see .ci/run"
)


def chromium(profile: Path) -> webdriver.Chrome:
    """A browser without a window and without a network, whose console is kept."""
    options = webdriver.ChromeOptions()
    options.binary_location = BROWSER
    # No sandbox, as root in a container; no network, so that whatever the page would fetch fails and is on the console.
    offline = "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE localhost"
    for argument in ("--headless=new", "--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", offline):
        options.add_argument(argument)
    options.add_argument(f"--user-data-dir={profile}")
    options.add_argument("--window-size=1600,1000")
    options.set_capability("goog:loggingPrefs", {"browser": "ALL"})
    return webdriver.Chrome(options=options, service=Service(DRIVER))


def complaints(driver: webdriver.Chrome) -> list[dict]:
    """Warnings and errors on the console since it was last asked."""
    return [entry for entry in driver.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
