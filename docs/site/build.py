"""The documentation as a site: `make docs`. Pages of docs/ are copied, their tables filled in, and the API is added.

In a page, a fenced block of a kind below is replaced by what it stands for; its content is YAML.
"""

import re
import shutil
import subprocess
import sys
from pathlib import Path

import yaml
from latex2mathml.converter import convert

import tables
from tables import ROOT, Wrong, modules

DOCS = ROOT / "docs"
BUILD = ROOT / "build/docs"
BLOCK = re.compile(r"^```(claims|answers|settings|math)\n(.*?)^```$", re.MULTILINE | re.DOTALL)
LINK = re.compile(r"\[([^\]]*)\]\((?!https?:|#|mailto:)([^)\s#]+)(#[^)\s]*)?\)")


def filled(page: Path) -> str:
    """A page with its blocks replaced. Links out of docs/ become plain text, since a site has only its own pages."""

    def block(found: re.Match) -> str:
        kind, content = found.groups()
        if kind == "math":
            return convert(content.strip(), display="block")
        return getattr(tables, kind)(yaml.safe_load(content) or {})

    def link(found: re.Match) -> str:
        text, target, _ = found.groups()
        path = (page.parent / target).resolve()
        if path.is_relative_to(DOCS / "api"):  # made below
            return found[0]
        if not path.exists():
            raise Wrong(f"{page.relative_to(ROOT)} links to {target}, which does not exist")
        inside = path.is_relative_to(DOCS) and path.suffix in (".md", ".png", ".gif", ".svg")
        return found[0] if inside else text

    return LINK.sub(link, BLOCK.sub(block, page.read_text()))


def pages(folder: Path) -> None:
    """Write all pages and pictures below a folder."""
    for path in sorted(DOCS.rglob("*")):
        target = folder / path.relative_to(DOCS)
        if path.suffix == ".md":
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_text(filled(path))
        elif path.suffix in (".png", ".gif", ".svg", ".css", ".js"):
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copy(path, target)


def api(folder: Path) -> list[dict[str, str]]:
    """Write a page for each room of the library; returns their entries in the menu."""
    entries = []
    (folder / "api").mkdir(parents=True)
    rooms = [
        path for path in sorted((ROOT / "workflow/rnn_replay").iterdir()) if path.is_dir() and any(path.glob("*.py"))
    ]
    for room in [*rooms, ROOT / "workflow/pipeline"]:
        found = modules(room)
        text = "\n\n".join([f"# {found[0]}", *(f"::: {name}" for name in found)])
        (folder / f"api/{room.name}.md").write_text(text + "\n")
        entries.append({room.name: f"api/{room.name}.md"})
    return entries


def main() -> None:
    """Build the site in build/docs/site."""
    shutil.rmtree(BUILD, ignore_errors=True)
    pages(BUILD / "pages")
    config = yaml.safe_load((ROOT / "mkdocs.yml").read_text())
    config["nav"].append({"API": api(BUILD / "pages")})
    config |= {"docs_dir": "pages", "site_dir": "site"}
    (BUILD / "mkdocs.yml").write_text(yaml.safe_dump(config, sort_keys=False, allow_unicode=True))
    command = [str(Path(sys.executable).with_name("zensical")), "build", "--strict"]
    if subprocess.run(command, cwd=BUILD).returncode:
        sys.exit("The site was not built; what is wrong stands above.")


if __name__ == "__main__":
    try:
        main()
    except Wrong as error:
        sys.exit(f"{error}.")
