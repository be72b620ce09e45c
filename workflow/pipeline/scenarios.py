"""Scenarios: small files laid over config.yaml, each for a purpose that its head comment tells in its first sentence.

python -m pipeline.scenarios [cores]     what each would run, and the estimated time and memory
"""

import re
import subprocess
import sys
import tempfile
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).parents[2]
QUIET = ("--quiet", "progress", "rules", "reason", "host")


class ScenarioError(ValueError):
    """A scenario that cannot be run; the message is Snakemake's."""


@dataclass(frozen=True)
class Plan:
    """What a scenario would run, from nothing.

    Attributes:
        jobs: number of jobs.
        work: time of all jobs on one core, in words.
        memory: of the largest job, in words.
        wall: time on the cores that were asked about, in words.
    """

    jobs: int
    work: str
    memory: str
    wall: str


def scenarios(root: Path = ROOT) -> list[Path]:
    """Files of all scenarios, by name."""
    return sorted((root / "scenarios").glob("*.yaml"))


def purpose(path: Path) -> str:
    """First paragraph of a scenario's head comment."""
    lines = []
    for line in path.read_text(encoding="utf-8").splitlines():
        if not line.startswith("#") or line == "#":
            break
        lines.append(line.removeprefix("#").strip())
    return " ".join(lines)


def plan(path: Path, cores: int, root: Path = ROOT) -> Plan:
    """A dry run of a scenario in a folder of results of its own.

    Args:
        path: file of the scenario.
        cores: to estimate the time on.
        root: folder of the Snakefile.

    Raises:
        ScenarioError: the configuration is not allowed.
    """
    with tempfile.TemporaryDirectory() as folder:
        command = [sys.executable, "-m", "snakemake", "--dry-run", "--nocolor", *QUIET, "--cores", str(cores)]
        command += ["--configfile", str(path), "--config", f"results={folder}/results"]
        done = subprocess.run(command, cwd=root, capture_output=True, text=True)
    found = re.search(
        r"^all +(\d+)  +(.+?)  +(\S.*)\nAbout (.+) on \d+ cores?\.", done.stdout + done.stderr, re.MULTILINE
    )
    if done.returncode or not found:
        raise ScenarioError(done.stdout[-3000:] + done.stderr[-3000:])
    return Plan(int(found[1]), found[2], found[3], found[4])


def main(cores: int) -> None:
    """Print all scenarios."""
    for path in scenarios():
        planned = plan(path, cores)
        print(f"{path.relative_to(ROOT)}: {purpose(path)}")
        print(
            f"    {planned.jobs} jobs, about {planned.wall} on {cores} cores, largest job {planned.memory}", flush=True
        )


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 2)
