"""The README and the documentation: the README is short, all are in short sentences, and links lead somewhere."""

import re

import pytest
import yaml
from checkout import ROOT

README = (ROOT / "README.md").read_text()
PAGES = ["README.md", "CONTRIBUTING.md", *sorted(str(p.relative_to(ROOT)) for p in (ROOT / "docs").rglob("*.md"))]


def words_of(text: str) -> str:
    """What is read as words: without code, comments, pictures' names and addresses of links."""
    text = re.sub(r"```.*?```|<!--.*?-->|^    .*?$|!\[[^\]]*\]\([^)]*\)", "", text, flags=re.DOTALL | re.MULTILINE)
    return re.sub(r"\]\([^)]*\)", "]", text)


def test_what_the_readme_links_to_exists():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_readme_has_at_most_900_words():
    assert len(re.findall(r"[\w’'-]+", words_of(README))) <= 900


@pytest.mark.parametrize("page", PAGES)
def test_no_sentence_is_longer_than_30_words(page):
    lines = words_of((ROOT / page).read_text()).splitlines()
    prose = "\n".join(line for line in lines if not line.startswith(("|", "#")))
    for paragraph in re.split(r"\n\s*\n|\n\s*(?:-|\d+\.) |\n:   ", prose):
        for sentence in re.split(r"(?<=[.!?])\)?\s+", " ".join(paragraph.split())):
            assert len(sentence.split()) <= 30, sentence


def test_numbers_of_seeds_are_those_of_the_configuration():
    seeds = len(yaml.safe_load((ROOT / "config.yaml").read_text())["seeds"])
    assert f"The default run has {seeds}." in (ROOT / "docs/concepts.md").read_text()
    assert f"the paper, {seeds} seeds" in (ROOT / "docs/index.md").read_text()
