"""A finished run as one zip that another machine can check, compare and go on with: a Workflow Run RO-Crate.

    python -m pipeline.archive archive.zip [configuration file …]

It holds the results without logs and notes of runs, the report if there is one, the code, the whole configuration and
the versions of the packages that the artifacts name. Unpacked, it is a checkout whose results are up to date.
"""

import json
import shutil
import sys
import tempfile
from collections.abc import Sequence
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from typing import Any

import yaml
from rocrate.model.contextentity import ContextEntity
from rocrate.rocrate import ROCrate
from snakemake.common.configfile import load_configfile
from snakemake.utils import update_config

from pipeline.configuration import Configuration
from pipeline.provenance import provenance

ROOT = Path(__file__).parents[2]
CODE = ("Snakefile", "Makefile", "pyproject.toml", "README.md", "LICENSE", "CITATION.cff")
FOLDERS = ("workflow", "profiles", "envs", "scenarios", "reference")
LEFT_OUT = shutil.ignore_patterns(".*", "__pycache__", "*.egg-info", "logs")
REPORTS = ("report.html", "report.zip")
PROFILES = {
    "https://w3id.org/ro/wfrun/process/0.5": "Process Run Crate",
    "https://w3id.org/ro/wfrun/workflow/0.5": "Workflow Run Crate",
    "https://w3id.org/workflowhub/workflow-ro-crate/1.0": "Workflow RO-Crate",
}
UNRELATED = ("results", "notes", "extended", "rats")  # keys that results/configuration.yaml leaves out


class ArchiveError(ValueError):
    """A run that cannot be archived, said in one sentence."""


def configured(root: Path, overlays: Sequence[Path]) -> dict[str, Any]:
    """The checked configuration of a run: config.yaml under the files that were laid over it."""
    values = load_configfile(root / "config.yaml")
    for path in overlays:
        update_config(values, load_configfile(path))
    return Configuration(values).values


def check(results: Path, values: dict[str, Any]) -> None:
    """Refuse results that are not there or were made with another configuration.

    Raises:
        ArchiveError: naming the folder, and what to do.
    """
    path = results / "configuration.yaml"
    if not path.exists():
        raise ArchiveError(f"{path} is not there; run the pipeline first")
    asked = {key: value for key, value in values.items() if key not in UNRELATED}
    if yaml.safe_load(path.read_text("utf-8")) != json.loads(json.dumps(asked)):
        raise ArchiveError(f"{results} was made with another configuration; name its file, as for the run")


def stage(root: Path, results: Path, values: dict[str, Any], folder: Path) -> None:
    """Lay out what the archive holds in a folder."""
    for name in CODE:
        shutil.copy(root / name, folder / name)
    for name in FOLDERS:
        shutil.copytree(root / name, folder / name, ignore=LEFT_OUT)
    for name in REPORTS:
        if (root / name).exists():
            shutil.copy(root / name, folder / name)
    shutil.copytree(results, folder / "results", ignore=LEFT_OUT)
    text = yaml.safe_dump(json.loads(json.dumps(values | {"results": "results"})), sort_keys=False, allow_unicode=True)
    (folder / "config.yaml").write_text(f"# The whole configuration of this run.\n{text}", "utf-8")


def packages(results: Path) -> dict[str, str]:
    """Versions of packages that the artifacts of a run name, with those of Python and Snakemake."""
    found = {"snakemake": version("snakemake")}
    for path in sorted(results.rglob("*.nc")):
        made = provenance(path)
        found |= made["recipe"].get("packages", {}) | ({"python": made["python"]} if "python" in made else {})
    return dict(sorted(found.items()))


def described(folder: Path) -> ROCrate:
    """The crate of a folder that was laid out: workflow, configuration, software, results and the run itself."""
    crate = ROCrate(version="1.1")  # on which the profiles below are based
    project = yaml.safe_load((folder / "CITATION.cff").read_text("utf-8"))
    latest = max(path.stat().st_mtime for path in (folder / "results").rglob("*") if path.is_file())
    ended = datetime.fromtimestamp(latest, UTC).isoformat(timespec="seconds")
    crate.name = f"A run of {project['title']}"
    crate.description = (
        "Results, report, configuration and code of one run. README.md says how to read and continue it."
    )
    crate.datePublished = ended
    licence = {"@type": "CreativeWork", "name": "MIT License", "url": "https://spdx.org/licenses/MIT"}
    crate.license = crate.add(ContextEntity(crate, "https://spdx.org/licenses/MIT", licence))
    crate.root_dataset["conformsTo"] = [
        crate.add(ContextEntity(crate, identifier, {"@type": "CreativeWork", "name": name}))
        for identifier, name in PROFILES.items()
    ]
    workflow = crate.add_workflow(
        folder / "Snakefile",
        "Snakefile",
        main=True,
        lang="snakemake",
        lang_version=version("snakemake"),
        properties={"name": project["title"], "version": str(project["version"])},
    )
    workflow["license"] = crate.license
    workflow["softwareRequirements"] = [
        crate.add(
            ContextEntity(crate, f"#{name}", {"@type": "SoftwareApplication", "name": name, "softwareVersion": number})
        )
        for name, number in packages(folder / "results").items()
    ]
    parameter = crate.add_formal_parameter("configuration", "File", identifier="#configuration", valueRequired=True)
    workflow["input"] = [parameter]
    configuration = crate.add_file(
        folder / "config.yaml",
        "config.yaml",
        properties={"name": "Configuration", "encodingFormat": "application/yaml"},
    )
    configuration["exampleOfWork"] = parameter
    for path in sorted(folder.iterdir()):
        if path.name in ("Snakefile", "config.yaml", "results"):
            continue
        (crate.add_directory if path.is_dir() else crate.add_file)(path, path.name, properties={"name": path.name})
    made = [
        (crate.add_directory if path.is_dir() else crate.add_file)(
            path, f"results/{path.name}{'/' * path.is_dir()}", properties={"name": path.stem}
        )
        for path in sorted((folder / "results").iterdir())
    ]
    agent = crate.add(ContextEntity(crate, "#user", {"@type": "Person", "name": "The user who ran this"}))
    crate.add_action(
        workflow,
        "#run",
        object=[configuration],
        result=made,
        properties={"name": "The run", "endTime": ended, "agent": {"@id": agent.id}},
    )
    return crate


def archive(target: Path, overlays: Sequence[Path] = (), root: Path = ROOT) -> None:
    """Write the archive of a run.

    Args:
        target: the zip.
        overlays: configuration files that were laid over config.yaml.
        root: folder of the Snakefile.

    Raises:
        ArchiveError: there is no such run.
    """
    values = configured(root, overlays)
    results = root / values["results"]
    check(results, values)
    with tempfile.TemporaryDirectory() as name:
        stage(root, results, values, Path(name))
        described(Path(name)).write_zip(target)


def main(target: str, *overlays: str) -> None:
    """Write the archive, or say in one sentence why not."""
    try:
        archive(Path(target), [Path(path) for path in overlays])
    except ArchiveError as error:
        sys.exit(f"{error}.")


if __name__ == "__main__":
    main(*sys.argv[1:])
