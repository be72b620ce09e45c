"""Estimated time and memory of a run, before it starts: the benchmarks of a finished run, scaled by the configuration.

    python -m pipeline.estimates results reference/benchmarks.csv     make the table anew from a run

A job is known by its place below `benchmarks/`: `networks/triangle/leak0.3_mask20/1` is of kind `networks`,
`figures/learning` a kind of its own. The table has one line for each kind: jobs take `start + rate × work` seconds and
at most `memory` MB more than the arrays that the configuration decides.
"""

import sys
from collections import defaultdict
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from pathlib import Path
from statistics import median
from typing import TypeVar

import pandas as pd
import psutil
import yaml
from rnn_replay import environments

from pipeline.configuration import Configuration

T = TypeVar("T")
TABLE = Path(__file__).parents[2] / "reference/benchmarks.csv"
# Kinds of which a configuration makes many jobs; those of other places are kinds of their own.
MANY = ("environments", "networks", "replays", "metrics", "biology")
START = 0.2  # s until a job has imported what it uses, where all jobs of a kind did the same work
LATEST = 3.0  # s of it at most: where large jobs take less for each unit of work, a line begins too high
UNKNOWN = 5.0  # s of a job of a kind that the table does not know
LONGEST = 30.0  # days that a job may take, our choice: no cluster gives more
# In multiplications of a product of matrices: a step of training; a replayed state; a unit and a cell, per path and
# step. Fitted to how training grows with units, cells and batch (tests/test_estimates.py), and to how replay does.
STEP, STATE, UNIT, CELL = 2.5e5, 2e4, 73, 98
VALUE = 1.5e-4  # making and writing one value of a path, in steps of RatInABox's agent
HELD_OUT = 2  # passes of training over the held-out paths cost as much as measuring a network's errors
GAUSSIAN = 8.5e9  # operations of the shipped theory's Gaussian paths, which are a unit of that job's work
# A step of a gated network, and of one that learns its leak, over a step of another; their gradients are autograd's.
GATED, LEARNED = 7, 3


@dataclass(frozen=True)
class Job:
    """A job: its place below `benchmarks/`, without suffix, and the time (s) and memory (MB) that it takes."""

    place: str
    seconds: float
    memory: float

    @property
    def stage(self) -> str:
        """First folder of the place."""
        return self.place.split("/")[0]


def kind(place: str) -> str:
    """The kind of a job; see the module."""
    stage = place.split("/")[0]
    return stage if stage in MANY else place


def work(place: str, configuration: Configuration) -> tuple[float, float]:
    """Work of a job, in units of its kind, and bytes of the arrays that it holds.

    Args:
        place: of the job below `benchmarks/`.
        configuration: that names its environment, variant and sweep.

    Raises:
        KeyError: the configuration does not name them.
    """
    stage, *parts = place.split("/")
    if stage not in MANY:
        seeds = 1 if "theory" in place or stage == "configuration" else len(configuration.values["seeds"])
        return seeds * theory_work(place, configuration.values["theory"]), 0.0
    name = parts[0]
    environment = configuration.loaded[name]
    features = getattr(environment, "cells", 2)
    pools = (environment.training_paths + environment.test_paths) * (environment.steps + 1) * (features + 2) * 8.0
    if stage == "environments":
        return agent_steps(environment) + VALUE * pools / 8, 3 * pools
    variants = configuration.variants[name]
    # Readings train networks of their own.
    variant = variants[parts[1]] if parts[1] in variants else configuration.readings[name].networks[parts[1]]
    units = variant["units"]
    products = units * (units + features + UNIT) + CELL * features  # for one path and step
    if stage == "networks":
        gates = GATED if variant.get("cell") == "gru" else LEARNED if variant.get("learned_leak") else 1
        batches = 4.0 * environment.steps * variant["batch"] * (5 * units + 4 * features)
        awake = 4.0 * environment.steps * environment.test_paths * (5 * units + features)
        iterations = variant["iterations"] + HELD_OUT * environment.test_paths / variant["batch"]
        training = iterations * environment.steps * (STEP + variant["batch"] * products)
        weights = 16.0 * units**2  # with gradient, and Adam's two means
        return training * gates, 2 * pools + weights + max(batches, awake)
    sweep = configuration.sweeps[name][parts[-1]]
    sampling, settings = sweep["sampling"], len(sweep["settings"])
    states = settings * sampling["states"] * sampling["repeats"] * (sampling["steps"] + 1.0)
    kept, seeds = states * (5 + 48 * sampling["record_states"]) * 4.0, len(configuration.seeds_of(name, parts[1]))
    others = (seeds - 1) * states * (5 + 20 * sampling["record_states"]) * 4.0  # what is written of the other seeds
    if stage == "replays":
        awake = environment.test_paths * environment.steps
        return seeds * (states + awake) * (STATE + products), 2 * pools + 2 * kept + others
    return seeds * states, pools + 3 * kept + others


def known(find: Callable, place: str, configurations: Sequence[Configuration], otherwise: T) -> T:
    """What is found of a job by the first configuration that names what it is about."""
    for configuration in configurations:
        try:
            return find(place, configuration)
        except KeyError:
            continue
    return otherwise


def agent_steps(environment: environments.BaseEnvironment) -> float:
    """Steps of RatInABox's agent that an environment takes; other environments take no time to speak of."""
    if not hasattr(environment, "agent_time_step"):
        return 0.0
    paths = (environment.training_paths + environment.test_paths) / environment.overlap
    windows = max(paths, 2.0 * environment.runs)  # each of the two pools has so many runs of at least one path
    return windows * environment.steps * environment.time_step / environment.agent_time_step


def theory_work(place: str, theory: dict) -> float:
    """Work of a job without environment: simulated states for the theory's, 1 for all others."""
    name = place.removeprefix("theory/")
    if name == "linear":
        linear, sampling, phases = theory["linear"], theory["linear"]["sampling"], theory["linear"]["phases"]
        points = len(linear["frictions"]) * len(linear["adaptation_strengths"])
        memory, batches = linear["memory"]["points"], linear["memory"]["sampling"]
        return (
            points * sampling["replays"] * float(sampling["steps"] + sampling["burn_in"])
            + len(memory) * batches["batches"] * batches["replays"] * float(batches["steps"] + batches["burn_in"])
            + phases["frictions"] * float(phases["adaptation_strengths"] + phases["halvings"]) * phases["steps"]
        )
    if name in theory["potentials"]:
        settings = theory["potentials"][name]
        points = len(settings["frictions"]) + len(settings["adaptation_strengths"])
        return points * settings["replays"] * float(settings["steps"])
    if name == "gaussian":
        settings, network = theory["gaussian"], theory["gaussian"]["network"]
        paths = 100.0 * settings["replays"] * settings["steps"]  # random numbers cost as much as many products
        scores = float(settings["repeats"]) * sum(settings["samples"]) * sum(n * n for n in settings["dimensions"])
        products = network["batch"] * network["units"] * float(network["units"] + UNIT)
        return (paths + scores + network["iterations"] * settings["steps"] * products) / GAUSSIAN
    return 1.0


def fitted(measured: list[Job], configuration: Configuration) -> pd.DataFrame:
    """The table of a finished run: kind, jobs, start (s), rate (s per unit of work), memory (MB)."""
    from scipy.stats import theilslopes  # half a second, which each start of Snakemake would pay

    kinds = defaultdict(list)
    for job in measured:
        try:
            found = work(job.place, configuration)
        except KeyError:  # of the extended run, or of an earlier configuration
            continue
        kinds[kind(job.place)].append((job, *found))
    lines = []
    for name, jobs in sorted(kinds.items()):
        works, seconds = [work for _, work, _ in jobs], [job.seconds for job, _, _ in jobs]
        if len(set(works)) > 1:
            # A line through medians: some jobs of any run were disturbed by something else.
            slope, start, *_ = theilslopes(seconds, works)
            rate, start = max(slope, 0.0), max(start, 0.0) if slope > 0 else median(seconds)
            if start > LATEST:
                start = LATEST
                rate = median(max(took - start, 0.0) / done for took, done in zip(seconds, works, strict=True) if done)
        else:
            start = min(START, median(seconds))
            rate = (median(seconds) - start) / works[0] if works[0] else 0.0
        memory = max(job.memory - held / 1e6 for job, _, held in jobs)
        lines.append((name, len(jobs), f"{start:.2f}", f"{rate:.3g}", round(max(memory, 100))))
    return pd.DataFrame(lines, columns=["kind", "jobs", "start", "rate", "memory"])


def finished(results: Path) -> list[Job]:
    """Time and memory of all jobs of a finished run, as Snakemake noted them."""
    folder, found = results / "benchmarks", []
    for path in sorted(folder.rglob("*.tsv")):
        record = pd.read_csv(path, sep="\t").iloc[0]
        found.append(Job(str(path.relative_to(folder).with_suffix("").as_posix()), record["s"], record["max_rss"]))
    return found


def expected(places: Iterable[str], configurations: Sequence[Configuration], table: pd.DataFrame) -> list[Job]:
    """Time and memory of jobs that are to be run.

    Args:
        places: of the jobs, below `benchmarks/`.
        configurations: the first that names a job's environment, variant and sweep decides its work.
        table: as :func:`fitted` makes it.
    """
    table = table.set_index("kind")
    jobs = []
    for place in places:
        amount, held = known(work, place, configurations, (0.0, 0.0))
        if kind(place) in table.index:
            line = table.loc[kind(place)]
            seconds, memory = line["start"] + line["rate"] * amount, line["memory"]
        else:
            seconds, memory = UNKNOWN, table["memory"].median()
        jobs.append(Job(place, seconds, memory + held / 1e6))
    return jobs


def wall(jobs: list[Job], cores: int) -> float:
    """Seconds that jobs take on some cores: never less than the longest of them."""
    return max(sum(job.seconds for job in jobs) / cores, max((job.seconds for job in jobs), default=0.0))


def said(jobs: list[Job], cores: int | None) -> list[str]:
    """The estimate in words, one line a stage, one for all, and the time on some cores; None stands for a cluster."""
    stages = defaultdict(list)
    for job in jobs:
        stages[job.stage].append(job)
    lines = [f"{'stage':<14}{'jobs':>7}{'on one core':>14}{'largest job':>14}"]
    for stage, own in [*sorted(stages.items(), key=lambda item: -sum(job.seconds for job in item[1])), ("all", jobs)]:
        largest = max(job.memory for job in own)
        lines.append(f"{stage:<14}{len(own):>7}{duration(sum(j.seconds for j in own)):>14}{f'{largest:,.0f} MB':>14}")
    if cores is None:
        return [*lines, "How long that takes depends on the cluster's queue."]
    return [*lines, f"About {duration(wall(jobs, cores))} on {cores} core{'s' * (cores > 1)}."]


def duration(seconds: float) -> str:
    """A time in two units at most."""
    minutes = round(seconds / 60)
    if minutes < 2:
        return f"{seconds:.0f} s"
    return f"{minutes // 60} h {minutes % 60:02d} min" if minutes >= 60 else f"{minutes} min"


def excess(jobs: list[Job], memory: float, configurations: Sequence[Configuration]) -> str | None:
    """One sentence where a job needs more memory (MB) than there is."""
    job = max(jobs, key=lambda job: job.memory, default=None)
    if job is None or job.memory <= memory:
        return None
    return (
        f"{job.place} needs about {job.memory / 1000:,.1f} GB of memory, and this machine has {memory / 1000:,.1f}; "
        f"lower what it is made of: {most(job.place, configurations)}"
    )


def endless(jobs: list[Job], configurations: Sequence[Configuration]) -> str | None:
    """One sentence where a job would take longer than any may."""
    job = max(jobs, key=lambda job: job.seconds, default=None)
    if job is None or job.seconds <= LONGEST * 86_400:
        return None
    return (
        f"{job.place} would take about {job.seconds / 86_400:,.0f} days; allowed: {LONGEST:.0f} days a job, our "
        f"choice; lower what it is made of: {most(job.place, configurations)}"
    )


def most(place: str, configurations: Sequence[Configuration]) -> str:
    """The three largest numbers that decide how much a job has to do, by their keys."""
    found = numbers(known(made_of, place, configurations, {}))
    return ", ".join(f"{key} {value:g}" for key, value in sorted(found.items(), key=lambda item: -item[1])[:3])


def made_of(place: str, configuration: Configuration) -> dict:
    """Settings that decide how much a job has to do; KeyError as of :func:`work`."""
    stage, *parts = place.split("/")
    if stage not in MANY:
        theory, name = configuration.values["theory"], parts[-1]
        return {f"theory.{name}": theory.get(name)} if name in theory else {"theory.potentials": theory["potentials"]}
    found = {"environments": {parts[0]: configuration.values["environments"][parts[0]]}}
    if stage != "environments":
        found["training"] = configuration.variants[parts[0]][parts[1]]
    if stage not in ("environments", "networks"):
        sweep = configuration.sweeps[parts[0]][parts[-1]]
        found |= {"replay": sweep["sampling"], "seeds": len(configuration.seeds_of(*parts[:2]))}
        found[f"settings of sweeps.{parts[-1]}"] = len(sweep["settings"])
    return found


def numbers(values: dict, where: str = "") -> dict[str, float]:
    """Numbers in nested settings by their whole key, of a list the largest."""
    found = {}
    for key, value in values.items():
        if isinstance(value, dict):
            found |= numbers(value, f"{where}{key}.")
        else:
            listed = [item for item in (value if isinstance(value, list) else [value]) if isinstance(item, int | float)]
            found |= {f"{where}{key}": max(listed)} if listed else {}
    return found


def machine() -> float:
    """Memory of this machine, MB."""
    return psutil.virtual_memory().total / 1e6


def main(results: Path, table: Path) -> None:
    """Make the table anew from a finished run."""
    configuration = Configuration(
        yaml.safe_load((results / "configuration.yaml").read_text()) | {"results": str(results)}
    )
    fitted(finished(results), configuration).to_csv(table, index=False)


if __name__ == "__main__":
    main(*map(Path, sys.argv[1:3]))
