"""What others read to use and to change this project is valid: citation, GitHub's files, hooks, catalogue entry."""

import shutil
import subprocess
import sys
import tomllib

import pytest
import yaml
from checkout import ROOT

WORKFLOW = ROOT / ".github/workflows/ci.yml"


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


@pytest.mark.skipif(shutil.which("actionlint") is None, reason="actionlint is not installed")
def test_the_workflow_passes_actionlint():
    done = subprocess.run(["actionlint", WORKFLOW], capture_output=True, text=True)
    assert done.returncode == 0, done.stdout


def test_github_runs_what_runs_here():
    steps = yaml.safe_load(WORKFLOW.read_text())["jobs"]["ci"]["steps"]
    assert steps[-1] == {"run": ".ci/run"}


def test_versions_agree():
    version = tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["version"]
    assert yaml.safe_load((ROOT / "CITATION.cff").read_text())["version"] == version


def test_hooks_are_the_tools_of_make_install():
    hooks = [
        hook
        for repo in yaml.safe_load((ROOT / ".pre-commit-config.yaml").read_text())["repos"]
        for hook in repo["hooks"]
    ]
    tools = {hook["entry"].split()[0].removeprefix(".venv/bin/") for hook in hooks}
    assert {"ruff", "snakefmt"} <= tools
    dev = " ".join(tomllib.loads((ROOT / "pyproject.toml").read_text())["project"]["optional-dependencies"]["dev"])
    assert all(tool in dev or tool == "python" for tool in tools)


def test_the_catalogue_finds_what_it_asks_for():
    usage = yaml.safe_load((ROOT / ".snakemake-workflow-catalog.yml").read_text())["usage"]
    assert usage["software-stack-deployment"]["conda"] is True
    assert (ROOT / "config/README.md").exists()
    assert (ROOT / "config/config.yaml").read_text() == (ROOT / "config.yaml").read_text()
