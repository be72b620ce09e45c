"""The documentation: its commands tried, its site built and read in a browser."""

import re
import shlex
import subprocess
import sys
from html.parser import HTMLParser

import pytest
from browsing import complaints, needs_browser
from checkout import ROOT, checkout, environment
from selenium.webdriver.support.wait import WebDriverWait

PAGES = [
    ROOT / "README.md",
    ROOT / "CONTRIBUTING.md",
    ROOT / "config/README.md",
    *sorted((ROOT / "docs").rglob("*.md")),
]
# Before a block of commands that no test gives as they stand: what it needs, or what does the same here.
MARK = r"<!-- ((?:needs|done) .*?) -->\n+"
FENCE = re.compile(rf"^(?:{MARK})?```(\w*)\n(.*?)^```", re.MULTILINE | re.DOTALL)
SHELL = ("", "bash", "sh")


def blocks() -> list[tuple[str, str, str]]:
    """Page, mark and commands of each block of a shell."""
    return [
        (page.name, mark, code)
        for page in PAGES
        for mark, kind, code in FENCE.findall(page.read_text())
        if kind in SHELL
    ]


def commands() -> list[str]:
    """Commands of the documents, in blocks and in sentences, but those in marked blocks."""
    found = [line.split("#")[0] for _, mark, code in blocks() if not mark for line in code.splitlines()]
    found = [part.strip() for line in found for part in line.split("&&")]
    for page in PAGES:
        found += re.findall(r"`((?:make|snakemake) [^`]*)`", FENCE.sub("", page.read_text()))
    return sorted({" ".join(command.split()) for command in found if command})


def test_marks_of_commands_say_what_does_the_same():
    marks = {mark for _, mark, _ in blocks() if mark}
    assert marks == {
        "needs a cluster",
        "needs Apptainer",
        "done by make test-slurm",
        "done with buildah by tests/test_image.py",
    }


NAMES = {
    "NAME": "demo",
    "RULE": "metrics_table",
    "FILE": "mine.yaml",
}  # what stands in commands for a name of one's own
# Jobs that start elsewhere, or in containers; and what only a finished run can be given, which the tests of reruns do.
ELSEWHERE = r"--executor|--set-resources|--group-components|apptainer|--touch"


@pytest.fixture(scope="module")
def copy(tmp_path_factory):
    """A checkout with all that the documents' commands read."""
    folder = checkout(tmp_path_factory.mktemp("copy"))
    for name in ("mine.yaml", "damping.yaml", "line.yaml", "tracking.yaml"):
        (folder / name).write_text("notes: none\n")
    return folder


@pytest.mark.parametrize("command", [command for command in commands() if not re.search(ELSEWHERE, command)])
def test_commands_of_the_documents_can_be_given(command, copy):
    words = shlex.split(re.sub(r"\b(NAME|RULE|FILE)\b", lambda found: NAMES[found[0]], command))
    if words[0] == "make":
        done = subprocess.run([*words, "--dry-run"], cwd=ROOT, capture_output=True, text=True)
    elif words[0] == "cd":
        assert (ROOT / words[1] / "Snakefile").exists()  # the command after it is run by tests/test_module.py
        return
    elif words[0] == ".":
        if not (ROOT / ".venv").exists():
            pytest.skip("needs the environment that `make install` makes")
        done = subprocess.run(
            f"{command} && command -v snakemake", cwd=ROOT, shell=True, capture_output=True, text=True
        )
    else:
        assert words[0] == "snakemake", command
        words = [sys.executable, "-m", *words, *(() if "--unlock" in words else ("--dry-run", "--quiet=all"))]
        words += () if "--cores" in words else ("--cores", "1")
        done = subprocess.run(words, cwd=copy, env=environment(copy), capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-2000:] + done.stderr[-2000:]


@pytest.fixture(scope="module")
def site():
    """The documentation as a site."""
    pytest.importorskip("zensical", reason="needs the documentation's tools: pip install -e '.[docs]'")
    done = subprocess.run([sys.executable, "docs/site/build.py"], cwd=ROOT, capture_output=True, text=True, timeout=300)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return ROOT / "build/docs/site"


class Links(HTMLParser):
    """Targets and names of a page."""

    def __init__(self):
        super().__init__()
        self.targets, self.names = [], set()

    def handle_starttag(self, tag, attributes):
        given = dict(attributes)
        self.names.update(given[key] for key in ("id", "name") if given.get(key))
        if target := given.get("href" if tag in ("a", "link") else "src"):
            self.targets.append(target)


def test_every_link_of_the_site_leads_somewhere(site):
    pages = {}
    for path in site.rglob("*.html"):
        pages[path.resolve()] = Links()
        pages[path.resolve()].feed(path.read_text())
    assert len(pages) > 20
    for path, page in pages.items():
        if path.name == "404.html":
            continue
        for target in page.targets:
            if re.match(r"https?:|mailto:|data:|javascript:", target):
                continue
            place, _, name = target.partition("#")
            file = (path.parent / place).resolve() if place else path
            assert file.exists(), f"{path.name}: {target}"
            if name and file in pages:
                assert name in pages[file].names or name == "__skip", f"{path.name}: {target}"


def test_a_link_or_a_table_that_leads_nowhere_is_refused(tmp_path, monkeypatch):
    pytest.importorskip("latex2mathml", reason="needs the documentation's tools: pip install -e '.[docs]'")
    monkeypatch.syspath_prepend(str(ROOT / "docs/site"))
    import build
    import tables

    page = ROOT / "docs/not_there.md"
    monkeypatch.setattr(type(page), "read_text", lambda path: text)
    text = "[a page](missing.md)"
    with pytest.raises(tables.Wrong, match=r"docs/not_there.md links to missing.md, which does not exist"):
        build.filled(page)
    monkeypatch.undo()
    with pytest.raises(tables.Wrong, match="of which the reference run has no numbers"):
        tables.answers({"question": "R3", "columns": {"a": {"quantity": "nothing"}}})


@pytest.fixture
def reader(browser, site):
    """The browser, and the site's address on this machine: opened from a folder, as a reader does."""
    complaints(browser)
    yield lambda page: browser.get((site / page).as_uri())
    assert not complaints(browser)


@pytest.mark.browser
@needs_browser
def test_equations_are_drawn(browser, reader):
    reader("concepts.html")
    size = "const e = document.querySelector('math[display=block]').getBoundingClientRect(); return [e.width, e.height]"
    width, height = browser.execute_script(size)
    assert width > 150 and height > 60  # four lines
    assert "λ" in browser.find_element("css selector", "math").text


@pytest.mark.browser
@needs_browser
def test_search_finds_a_word(browser, reader):
    reader("index.html")
    wait = WebDriverWait(browser, 30)
    wait.until(lambda b: b.find_elements("css selector", ".md-search__button"))[0].click()
    # The field is within a shadow root and has the focus.
    wait.until(lambda b: b.switch_to.active_element.tag_name == "div")
    browser.switch_to.active_element.send_keys("Wasserstein")
    wait.until(lambda b: "Glossary" in b.execute_script(SEARCH))


SEARCH = "return [...document.querySelectorAll('*')].map(e => e.shadowRoot?.textContent ?? '').join(' ')"
