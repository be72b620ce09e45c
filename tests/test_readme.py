"""The README: short, in short sentences, and its links lead somewhere."""

import re

from checkout import ROOT

README = (ROOT / "README.md").read_text()
# What is read as words: without code, comments, pictures' names and addresses of links.
TEXT = re.sub(r"```.*?```|<!--.*?-->|^    .*?$|!\[[^\]]*\]\([^)]*\)", "", README, flags=re.DOTALL | re.MULTILINE)
TEXT = re.sub(r"\]\([^)]*\)", "]", TEXT)


def test_what_the_readme_links_to_exists():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target


def test_the_readme_has_at_most_900_words():
    assert len(re.findall(r"[\w’'-]+", TEXT)) <= 900


def test_no_sentence_of_the_readme_is_longer_than_30_words():
    prose = "\n".join(line for line in TEXT.splitlines() if not line.startswith(("|", "#")))
    for paragraph in re.split(r"\n\s*\n|\n- ", prose):
        for sentence in re.split(r"(?<=[.!?])\s+", " ".join(paragraph.split())):
            assert len(sentence.split()) <= 30, sentence
