"""Training that was cut off goes on to the result of training that was not."""

from types import SimpleNamespace

import numpy as np
import pytest
import torch
import xarray as xr
from pipeline import checkpoints, provenance
from rnn_replay import artifacts
from rnn_replay.model import training
from rnn_replay.model.training import Variant, train

VARIANT = Variant(
    units=12,
    leak=0.3,
    nonlinearity="relu",
    noise=0.05,
    adaptation_strength=0.1,
    adaptation_time=10.0,
    adaptation_form="centred",
    mask_hidden=2,
    mask_shown=3,
    mask_lead=2,
    input_gain=10.0,
    initial_scale="leak",
    learning_rate=0.01,
    warm_up=3,
    iterations=9,
    batch=4,
    gradient_clip=1.0,
    activity_penalty=0.01,
)


class Killed(Exception):
    pass


@pytest.fixture
def job(tmp_path):
    """What a script sees of its job."""
    source = tmp_path / "results/environments/triangle/1.nc"
    paths = np.random.default_rng(0).normal(0, 0.05, (20, 11, 2)).cumsum(1)
    tracked = artifacts.variable("path time feature", paths, "m", "paths")
    artifacts.write(xr.Dataset({"tracked": tracked}), source, {})
    return SimpleNamespace(
        input=[str(source)],
        output=[str(tmp_path / "results/networks/triangle/leak0.3/1.nc")],
        recipe={"settings": {"leak": 0.3}, "code": {"training": "a"}},
        root=str(tmp_path / "results"),
    )


def network(job):
    """Its path and provenance."""
    return job.output[0], provenance.made(job.output, job.input, job.recipe, job.root)


def run(job, **arguments):
    paths = artifacts.read(job.input[0])["tracked"].values
    return train(paths, VARIANT, 1, "triangle", "leak0.3", report=lambda line: None, **arguments)


def cut_off(job, iterations):
    """Train until a checkpoint has been kept after so many iterations, then die."""
    keep = checkpoints.keeper(*network(job))

    def die(arrays):
        keep(arrays)
        if len(arrays["losses"]) == iterations:
            raise Killed

    with pytest.raises(Killed):
        run(job, keep=die, checkpoint=checkpoints.resume(*network(job)))


def test_training_resumes_to_the_same_bits(job, monkeypatch):
    monkeypatch.setattr(training, "CHECKPOINT_SECONDS", 0)
    undisturbed = run(job)
    cut_off(job, 2)
    cut_off(job, 7)
    checkpoint = checkpoints.resume(*network(job))
    assert len(checkpoint["losses"]) == 7
    resumed = run(job, checkpoint=checkpoint)
    assert np.array_equal(resumed.loss, undisturbed.loss)
    assert torch.equal(resumed.mean_activity, undisturbed.mean_activity)
    for name, weight in undisturbed.network.weights().items():
        assert torch.equal(resumed.network.weights()[name], weight)
    checkpoints.discard(job.output[0])
    assert checkpoints.resume(*network(job)) is None


def test_a_checkpoint_of_other_settings_or_a_damaged_one_is_not_used(job, monkeypatch, capsys):
    monkeypatch.setattr(training, "CHECKPOINT_SECONDS", 0)
    cut_off(job, 2)
    job.recipe["settings"]["leak"] = 0.2
    assert checkpoints.resume(*network(job)) is None
    assert "was made from other settings, code or inputs: training begins anew" in capsys.readouterr().out
    job.recipe["settings"]["leak"] = 0.3
    assert checkpoints.resume(*network(job)) is not None
    path = checkpoints.location(job.output[0])
    path.write_bytes(path.read_bytes()[:1000])
    assert checkpoints.resume(*network(job)) is None
    assert "cannot be read as netCDF" in capsys.readouterr().out
