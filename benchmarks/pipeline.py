"""Where the time of a finished run went, from what Snakemake noted for each job in `results/benchmarks/`.

Snakemake notes the exact time that a job took (`s`) and its CPU time as last sampled (`cpu_time`), which misses the
end: up to 0.5 s in the first 15 s of a job, up to 30 s later. Jobs have one thread, so the one is an upper and the
other a lower bound of a job's CPU time. A job ended when its file was written.
"""

import ast
import json
import os
import resource
import tempfile
from functools import cache
from pathlib import Path

import netCDF4
import pandas as pd
from pipeline.fingerprints import THREADS
from pipeline.fork_server import ForkServer
from pipeline.provenance import provenance
from rnn_replay.environments import kind

ROOT = Path(__file__).parents[1]
SERVER = ForkServer()
# As the Snakefile has it, so that the server has one thread.
os.environ |= dict.fromkeys([*THREADS, "POT_BACKEND_DISABLE_PYTORCH"], "1")
# What Snakemake puts before a script, and as much of a job as scripts read when they start.
PREAMBLE = [
    "import pickle",
    "from snakemake.iocontainers import Snakemake",
    "from snakemake.logging import logger",
    "from types import SimpleNamespace as Some",
    "snakemake = Some(log=['/dev/null'], output={}, params=Some(recipe={'settings': {}}))",
]
USED = "use = resource.getrusage(resource.RUSAGE_SELF); open({path!r}, 'w').write(str(use.ru_utime + use.ru_stime))"
SIMULTANEOUS = 0.1  # s by which jobs that follow each other may seem to overlap


@cache
def start_up(script: str, *modules: str) -> float:
    """CPU seconds of a job that begins, imports what a script imports and ends.

    Args:
        script: its name in `workflow/scripts/`.
        modules: what it imports besides, once it runs.
    """
    tree = ast.parse((ROOT / "workflow/scripts" / script).read_text())
    imports = [ast.unparse(node) for node in tree.body if isinstance(node, ast.Import | ast.ImportFrom)]
    lines = [*PREAMBLE, *imports, *(f"import {module}" for module in modules)]
    with tempfile.TemporaryDirectory() as folder:
        job, used = Path(folder, "job.py"), Path(folder, "used")
        job.write_text("\n".join([*lines, "import resource", USED.format(path=str(used))]))
        if SERVER.start(str(job), {}).wait():
            raise RuntimeError(f"what {script} imports could not be imported")
        return float(used.read_text())


def children() -> float:
    """CPU seconds of the processes that this one has started and that have ended."""
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime


def environment_module(results: Path, name: str) -> str:
    """Module of an environment of a run, which may have a name of its own, from the settings in its artifacts."""
    with netCDF4.Dataset(next((results / "environments" / name).glob("*.nc"))) as artifact:
        return kind(name, json.loads(artifact.recipe)["settings"])


def jobs(results: Path) -> pd.DataFrame:
    """All jobs of a run: stage, start and end [s], time on a core `seconds`, CPU time as `sampled`, and `start_up`.

    Raises:
        FileNotFoundError: nothing was run there, or what a job made is gone.
    """
    folder, rows = results / "benchmarks", []
    for path in sorted(folder.rglob("*.tsv")):
        name = path.relative_to(folder).as_posix()
        artifact = (results / name).with_suffix(".nc")
        holder = artifact if artifact.exists() else artifact.with_suffix(".provenance.json")
        script = next(part for part in provenance(holder)["recipe"]["code"] if part.endswith(".py"))
        modules = ()
        if script == "make_environment.py":
            module = environment_module(results, name.split("/")[1])
            modules = (f"rnn_replay.environments.{module}", *(("ratinabox.Agent",) if module == "rat" else ()))
        elif script == "draw.py":
            modules = (f"rnn_replay.figures.{path.stem}",)
        record = pd.read_csv(path, sep="\t").iloc[0]
        end = path.stat().st_mtime
        rows.append(
            {
                "stage": name.split("/")[0].removesuffix(".tsv"),
                "start": end - record["s"],
                "end": end,
                "seconds": record["s"],
                "sampled": 0.0 if pd.isna(record["cpu_time"]) else float(record["cpu_time"]),
                "start_up": start_up(script, *modules),
            }
        )
    if not rows:
        raise FileNotFoundError(f"{folder} holds no run; make one with `make figures`")
    return pd.DataFrame(rows)


def cores(table: pd.DataFrame) -> int:
    """Largest number of jobs that ran at once."""
    changes = pd.concat([pd.Series(1, table["start"] + SIMULTANEOUS), pd.Series(-1, table["end"])]).sort_index(
        kind="stable"
    )
    return max(1, int(changes.cumsum().max()))


def summary(results: Path) -> dict:
    """Stages and totals of a run, in seconds; shares are of all its cores between first start and last end."""
    table = jobs(results)
    table["science"] = (table["seconds"] - table["start_up"]).clip(lower=0)
    table["science_sampled"] = (table["sampled"] - table["start_up"]).clip(lower=0)
    stages = table.groupby("stage", sort=False)[["seconds", "sampled", "start_up", "science", "science_sampled"]].sum()
    stages.insert(0, "jobs", table.groupby("stage", sort=False).size())
    wall, most = table["end"].max() - table["start"].min(), cores(table)
    return {
        "stages": stages.reset_index().to_dict("records"),
        "jobs": len(table),
        "cores": most,
        "wall": wall,
        "busy": table["seconds"].sum() / (most * wall),
        "science": table["science"].sum() / (most * wall),
        "science_sampled": table["science_sampled"].sum() / (most * wall),
    }
