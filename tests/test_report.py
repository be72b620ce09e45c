"""The report, as a reader opens it: in a browser, from a file, without a network."""

import re
import zipfile

import pandas as pd
import pytest
from browsing import needs_browser
from checkout import ROOT, TINY, snakemake
from selenium.common.exceptions import (
    ElementClickInterceptedException,
    JavascriptException,
    StaleElementReferenceException,
)
from selenium.webdriver.common.by import By
from selenium.webdriver.support.wait import WebDriverWait

# Warnings of every report of Snakemake's: it carries a style sheet's compiler, and run times in an older format.
SNAKEMAKES_OWN = ("cdn.tailwindcss.com should not be used", "uses Vega-Lite v3")

STYLE = re.search(r"^STYLE := (.*)$", (ROOT / "Makefile").read_text(), re.MULTILINE)[1].split()

pytestmark = [pytest.mark.browser, needs_browser]


@pytest.fixture(scope="module")
def report(finished):
    """The report of the tiny run, as a page and as an archive."""
    for name in ("report.html", "report.zip"):
        done = snakemake(finished, *TINY, "--report", name, *STYLE)
        assert done.returncode == 0, done.stderr[-3000:]
    return finished


@pytest.fixture(scope="module", params=["html", "zip"])
def page(request, report, tmp_path_factory) -> str:
    """Address of the report: the page itself, or the archive unpacked elsewhere."""
    path = report / "report.html"
    if request.param == "zip":
        folder = tmp_path_factory.mktemp("unpacked")
        with zipfile.ZipFile(report / "report.zip") as archive:
            archive.extractall(folder)
        path = folder / "report" / "report.html"
    return path.as_uri()


def found(browser, where, what=By.XPATH):
    """All elements of the page at a place, once there are any."""
    return WebDriverWait(browser, 60).until(lambda b: b.find_elements(what, where))


def texts(browser, where) -> list[str]:
    """Texts of all elements at a place, also of those that the page is still fading in."""
    return [element.get_attribute("textContent").strip() for element in found(browser, where)]


# Menus slide in, so that a click may hit the entry beside: whether an element stays where it is for ten frames.
RESTS = """
const [element, done] = arguments, begin = element.getBoundingClientRect();
let frames = 0;
const look = () => {
    const now = element.getBoundingClientRect();
    if (now.x !== begin.x || now.y !== begin.y || now.width === 0) done(false);
    else if (++frames === 10) done(true);
    else requestAnimationFrame(look);
};
requestAnimationFrame(look);
"""


def click(browser, where):
    """Click the first element at a place, once it has come to rest and nothing lies over it."""

    def clicked(browser):
        element = next(iter(browser.find_elements(By.XPATH, where)), None)
        if element is None or not browser.execute_async_script(RESTS, element):
            return False
        element.click()
        return True

    in_motion = [ElementClickInterceptedException, StaleElementReferenceException, JavascriptException]
    WebDriverWait(browser, 60, ignored_exceptions=in_motion).until(clicked)


def open_category(browser, page, name):
    """Load the report and click a category in its menu."""
    browser.get(page)
    click(browser, f"//nav//a[contains(normalize-space(.), '{name}')]")
    found(browser, "//nav//tbody/tr")


def view(browser, label):
    """Click the eye beside the result that bears a label, in the category shown."""
    click(browser, f"//nav//tr[td[normalize-space(.)='{label}']]//a")


def text_of_frame(browser) -> str:
    """Text of the table in the page."""
    browser.switch_to.frame(found(browser, "iframe", By.TAG_NAME)[0])
    found(browser, "body > *", By.CSS_SELECTOR)
    text = browser.find_element(By.TAG_NAME, "body").text
    browser.switch_to.default_content()
    return text


def test_categories_follow_the_paper(browser, page):
    browser.get(page)
    menu = [text for text in texts(browser, "//nav//a") if text]
    assert [name[2:] for name in menu if name[:1].isdigit()][:3] == ["Claims", "Environments", "Leakage"]
    assert menu[-1] == "Configuration"
    assert "demonstration" in browser.find_element(By.ID, "app").text


def test_the_front_page_has_its_words_over_the_whole_width_and_the_graph_of_rules_below(browser, page):
    browser.get(page)
    graph = found(browser, "rulegraph", By.ID)[0].rect
    words = found(browser, "//h1[contains(., 'Leakage, adaptation and momentum')]/parent::*")[0].rect
    assert words["width"] > 800 and words["y"] >= 0
    assert graph["y"] >= words["y"] + words["height"]


def test_the_claims_table_shows_its_verdicts(browser, page, report):
    open_category(browser, page, "0 Claims")
    view(browser, "claims")
    text = text_of_frame(browser)
    table = pd.read_csv(report / "results/tables/claims.csv")
    assert "A1: Adaptation raises exploration" in text
    assert len(re.findall(r"\bdemo\b", text)) >= len(table)


def width_of(browser, image) -> int:
    """Width of a picture of the page in pixels, once it is there; 0 if it cannot be read."""
    width = "i && i.complete !== false ? [i.naturalWidth ?? i.width] : null"
    script = f"const i = document.querySelector('{image}'); return {width}"
    return WebDriverWait(browser, 60).until(lambda b: b.execute_script(script))[0]


def test_every_figure_loads(browser, page, report):
    browser.get(page)
    categories = [text for text in texts(browser, "//nav//a") if re.match(r"[1-9] ", text)]
    seen = set()
    for category in categories:
        open_category(browser, page, category)
        for label in texts(browser, "//nav//tbody/tr/td[1]"):
            view(browser, label)
            if label in ("animation", "explorer"):
                browser.switch_to.frame(found(browser, "iframe", By.TAG_NAME)[0])
                drawn = {"animation": "img", "explorer": "#map canvas"}[label]
                found(browser, drawn, By.CSS_SELECTOR)
                assert width_of(browser, drawn) > 500
                browser.switch_to.default_content()
            else:
                assert width_of(browser, "#app div.p-3 > img") > 500
            seen.add(label)
    drawn = {path.stem.replace("_", " ") for path in (report / "results/figures").glob("*.csv")}
    assert seen == drawn | {"explorer"}


def test_configuration_rules_and_run_times_are_shown(browser, page):
    open_category(browser, page, "Configuration")
    view(browser, "of this run")
    assert "leak{leak}_mask{mask_hidden}" in text_of_frame(browser)
    for name in ("Workflow", "Statistics"):
        browser.get(page)
        click(browser, f"//nav//a[contains(normalize-space(.), '{name}')]")
        drawing = found(browser, "canvas, svg.marks", By.CSS_SELECTOR)[0]
        assert drawing.size["width"] > 100


def test_nothing_is_wrong_on_the_console(browser, page):
    browser.get(page)
    found(browser, "//nav//a")
    said = [entry for entry in browser.get_log("browser") if entry["level"] in ("SEVERE", "WARNING")]
    assert not [entry for entry in said if not any(words in entry["message"] for words in SNAKEMAKES_OWN)]
