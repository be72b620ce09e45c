"""What the README links to."""

import re

from checkout import ROOT

README = (ROOT / "README.md").read_text()


def test_what_the_readme_links_to_exists():
    for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", README):
        assert (ROOT / target).exists(), target
