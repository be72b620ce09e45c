"""Estimates: fitted to what was measured, scaled by the configuration, and a refusal of what cannot be held."""

import copy

import pandas as pd
import pytest
import yaml
from checkout import ROOT, one_environment, snakemake
from pipeline import estimates
from pipeline.configuration import Configuration
from pipeline.estimates import Job, endless, excess, expected, finished, fitted, kind, wall
from snakemake.utils import update_config

DEFAULT = yaml.safe_load((ROOT / "config.yaml").read_text())
TABLE = pd.read_csv(ROOT / "reference/benchmarks.csv")
NETWORK = "networks/tmaze/leak0.3_mask10/1"


def configured(**overlay) -> Configuration:
    """The default configuration under an overlay."""
    values = copy.deepcopy(DEFAULT)
    update_config(values, overlay)
    return Configuration(values)


def seconds(configuration: Configuration, place: str = NETWORK) -> float:
    """Expected time of a job."""
    return expected([place], [configuration], TABLE)[0].seconds


def places(configuration: Configuration) -> list[str]:
    """Jobs of all stages of which a configuration makes many."""
    runs = [(e, v, s) for e, v, s in configuration.measurements]
    return [
        *(f"environments/{e}/{seed}" for e in configuration.environments for seed in configuration.seeds),
        *(f"networks/{e}/{v}/{seed}" for e, v in configuration.networks for seed in configuration.seeds_of(e, v)),
        *(f"replays/{e}/{v}/{s}" for e, v, s in runs),
        *(f"metrics/{e}/{v}/{s}" for e, v, s in runs),
        *(line for line in TABLE["kind"] if "/" in line),
    ]


def test_the_table_is_what_the_jobs_of_a_run_say():
    configuration = configured()
    jobs = [
        Job(place, 2.0 + 1e-9 * estimates.work(place, configuration)[0], 400.0)
        for place in places(configuration)
        if kind(place) == "networks"
    ]
    jobs[5] = Job(jobs[5].place, 1000.0, 400.0)  # one was disturbed
    table = fitted(jobs, configuration).set_index("kind")
    assert float(table.loc["networks", "start"]) == pytest.approx(2.0, abs=0.01)
    assert float(table.loc["networks", "rate"]) == pytest.approx(1e-9, rel=0.01)


def test_jobs_of_another_configuration_are_left_out():
    table = fitted([Job("networks/tmaze/nothing/1", 5.0, 400.0), Job("figures/front", 3.0, 400.0)], configured())
    assert list(table["kind"]) == ["figures/front"]


def test_times_grow_with_the_configuration():
    start = TABLE.set_index("kind").loc["networks", "start"]
    base = seconds(configured()) - start
    doubled = seconds(configured(training={"iterations": 2000})) - start
    assert doubled == pytest.approx(2 * base, rel=0.02)  # but for the errors, which are measured once
    assert seconds(configured(training={"units": 128})) - start > 2 * base
    replays = "replays/tmaze/leak0.3_mask10/momentum"
    assert seconds(configured(replay={"repeats": 80}), replays) > seconds(configured(), replays)


# CPU time of an iteration (ms) by units, place cells, batch and steps, of this code on one core.
ITERATIONS = {
    (64, 64, 64, 70): 8.30,
    (64, 256, 64, 70): 19.24,
    (64, 484, 64, 70): 34.14,
    (256, 256, 64, 70): 67.56,
    (256, 256, 64, 35): 33.95,
    (512, 64, 64, 70): 117.4,
    (64, 64, 256, 70): 29.41,
    (512, 484, 200, 100): 1028.3,
}


def iteration(units: int, cells: int, batch: int, steps: int) -> float:
    """Work of an iteration of a network in the box, in multiplications."""
    works = []
    for iterations in (100, 200):
        training = {"units": units, "batch": batch, "iterations": iterations}
        rat = {"environments": {"rat": {"cells": cells, "steps": steps}}, "training": training}
        works.append(estimates.work("networks/rat/leak0.2_mask30/1", configured(**rat))[0])
    return (works[1] - works[0]) / 100


@pytest.mark.parametrize("size", ITERATIONS)
def test_cost_grows_with_units_cells_batch_and_steps_as_measured(size):
    first = next(iter(ITERATIONS))
    assert iteration(*size) / iteration(*first) == pytest.approx(ITERATIONS[size] / ITERATIONS[first], rel=0.15)


def test_place_cells_cost_in_every_stage():
    some, many = (configured(environments={"rat": {"cells": cells}}) for cells in (64, 256))
    for place, ratio in {"environments/rat/1": 1.1, "replays/rat/leak0.2_mask30/momentum": 1.5}.items():
        assert estimates.work(place, many)[0] > ratio * estimates.work(place, some)[0]
        assert estimates.work(place, many)[1] > 3 * estimates.work(place, some)[1]


# Measured on two cores: the demo, and the default run of 16 seeds.
@pytest.mark.parametrize(("overlay", "measured"), [("scenarios/demo.yaml", 191), (None, 64.5 * 60)])
def test_estimates_are_within_a_factor_of_one_and_a_half(overlay, measured):
    configuration = configured(**(yaml.safe_load((ROOT / overlay).read_text()) if overlay else {}))
    estimate = wall(expected(places(configuration), [configuration], TABLE), 2)
    assert measured / 1.5 < estimate < measured * 1.5


def test_what_the_machine_cannot_hold_is_named():
    huge = configured(environments={"triangle": {"training_paths": 10**8}})
    jobs = expected(["environments/triangle/1", "figures/learning"], [huge], TABLE)
    said = excess(jobs, 24_000.0, [huge])
    assert said.startswith("environments/triangle/1 needs about ")
    assert "lower what it is made of: environments.triangle.training_paths 1e+08, " in said
    assert excess(jobs[1:], 24_000.0, [huge]) is None


@pytest.mark.parametrize(
    ("place", "key", "overlay"),
    [
        ("networks/rat/adapted0.1/1", "training.iterations 1e+12", {"training": {"iterations": 10**12}}),
        ("networks/rat/adapted0.1/1", "training.units 1e+09", {"training": {"units": 10**9}}),
        ("networks/rat/adapted0.1/1", "training.batch 1e+09", {"training": {"batch": 10**9}}),
        ("networks/rat/adapted0.1/1", "environments.rat.cells 1e+12", {"environments": {"rat": {"cells": 10**12}}}),
        (NETWORK, "environments.tmaze.steps 1e+10", {"environments": {"tmaze": {"steps": 10**10}}}),
        ("environments/rat/1", "environments.rat.runs 1e+09", {"environments": {"rat": {"runs": 10**9}}}),
        ("replays/tmaze/leak0.3_mask10/momentum", "replay.steps 1e+10", {"replay": {"steps": 10**10}}),
        ("replays/tmaze/leak0.3_mask10/momentum", "replay.repeats 1e+10", {"replay": {"repeats": 10**10}}),
        ("metrics/tmaze/leak0.3_mask10/momentum", "replay.states 1e+10", {"replay": {"states": 10**10}}),
        (
            "theory/linear",
            "theory.linear.sampling.replays 1e+09",
            {"theory": {"linear": {"sampling": {"replays": 10**9}}}},
        ),
        ("theory/linear", "theory.linear.phases.steps 1e+12", {"theory": {"linear": {"phases": {"steps": 10**12}}}}),
        ("theory/ring", "theory.potentials.ring.steps 1e+12", {"theory": {"potentials": {"ring": {"steps": 10**12}}}}),
        ("theory/gaussian", "theory.gaussian.replays 1e+12", {"theory": {"gaussian": {"replays": 10**12}}}),
        ("theory/gaussian", "theory.gaussian.dimensions 1e+06", {"theory": {"gaussian": {"dimensions": [2, 10**6]}}}),
    ],
)
def test_a_job_that_would_never_end_is_refused_by_the_key_that_makes_it_long(place, key, overlay):
    long = configured(**overlay)
    said = endless(expected([place, "figures/learning"], [long], TABLE), [long])
    assert said.startswith(f"{place} would take about ")
    assert f" days; allowed: 30 days a job, our choice; lower what it is made of: {key}, " in said


def test_the_configurations_that_are_shipped_end():
    for overlay in (None, *(ROOT / "scenarios").glob("*.yaml")):
        configuration = configured(**(yaml.safe_load(overlay.read_text()) if overlay else {}))
        both = [configuration, configuration.extended]
        found = [place for one in both for place in places(one)]
        assert endless(expected(found, both, TABLE), both) is None


@pytest.mark.parametrize(
    ("overlay", "sentence"),
    [
        ("environments: {triangle: {training_paths: 100000000}}", "GB of memory, and this machine has"),
        (
            "training: {iterations: 1000000000000}",
            "allowed: 30 days a job, our choice; lower what it is made of: training.it",
        ),
    ],
)
def test_a_run_without_bound_is_refused_before_any_job(tmp_path, overlay, sentence):
    folder = one_environment(tmp_path)
    (folder / "huge.yaml").write_text(overlay)
    done = snakemake(folder, "--cores", "1", "--configfile", "huge.yaml")
    assert done.returncode != 0
    assert sentence in done.stdout + done.stderr and "Traceback" not in done.stdout + done.stderr
    assert not (folder / "results").exists()


def test_a_dry_run_tells_the_estimate_by_stage(tmp_path):
    folder = one_environment(tmp_path)
    done = snakemake(folder, "--cores", "2", "--dry-run")
    said = done.stdout + done.stderr
    assert "on one core" in said and "networks " in said
    assert "on 2 cores." in said
    assert finished(folder / "results") == []
