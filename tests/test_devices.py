"""Training and replay on a GPU: the same code, the same random numbers, other rounding."""

from pathlib import Path

import numpy as np
import pytest
import torch
import yaml
from pipeline.configuration import Configuration, ConfigurationError
from rnn_replay import environments
from rnn_replay.environments import Pool
from rnn_replay.model import training
from rnn_replay.model.adam import Adam
from rnn_replay.model.devices import DeviceError, resolve
from rnn_replay.model.network import Network, initialise
from rnn_replay.model.replay import Sampling, Setting, Subject, replay
from rnn_replay.model.snapshots import restore, snapshot
from rnn_replay.model.training import Variant, train

VALUES = yaml.safe_load((Path(__file__).parents[1] / "config.yaml").read_text())
KEYS = {"seed": 101, "environment": "triangle", "name": "leak0.3_mask20"}
without_gpu = pytest.mark.skipif(torch.cuda.is_available(), reason="PyTorch finds a CUDA device here")
gpu = [
    pytest.mark.gpu,
    pytest.mark.skipif(not torch.cuda.is_available(), reason="PyTorch finds no CUDA device here"),
]


def variant(device: str) -> Variant:
    """A small network of the triangle."""
    settings = Configuration(VALUES).variants["triangle"][KEYS["name"]]
    return Variant(**settings).but(iterations=10, device=device)


def paths():
    """Map and a few held-out paths of the triangle."""
    environment = environments.load("triangle", VALUES["environments"]["triangle"])
    pool = environment.paths(40, np.random.default_rng(1))
    return environment.map(), Pool(*(part.astype(np.float32) for part in (pool.position, pool.tracked)))


@without_gpu
def test_auto_is_the_cpu_where_there_is_no_gpu():
    assert resolve("auto") == resolve("cpu") == torch.device("cpu")


@without_gpu
def test_cuda_without_a_gpu_is_refused_before_training():
    _, pool = paths()
    with pytest.raises(DeviceError, match=r"device is 'cuda'.*allowed: cpu, auto"):
        train(pool.tracked, variant("cuda"), **KEYS)


def test_unknown_device_is_named():
    values = yaml.safe_load(yaml.safe_dump(VALUES))
    values["training"]["device"] = "tpu"
    with pytest.raises(ConfigurationError, match=r'training.device is "tpu"; allowed: auto, cpu, cuda'):
        _ = Configuration(values).variants


@pytest.mark.parametrize("device", ["auto", pytest.param("cuda", marks=gpu)])
def test_devices_agree_in_training_and_replay(device):
    map, pool = paths()
    plain = Configuration(VALUES).sweeps["triangle"]["momentum"]["settings"][0]
    settings = Setting(**plain | {"friction": 0.6, "adaptation_strength": 0.1})
    results = []
    for where in ("cpu", device):
        trained = train(pool.tracked, variant(where), **KEYS)
        subject = Subject.wake(trained.network, trained.mean_activity, variant(where), pool, map, **KEYS)
        sampling = Sampling(starts="beginning", states=4, repeats=3, steps=20, record_states=True, device=where)
        results.append((trained, replay(subject, [settings], sampling)))
    (expected, replayed), (found, also) = results
    # Single precision, ten gradient steps and ten of replay: rounding has grown to no more than this.
    np.testing.assert_allclose(found.loss, expected.loss, rtol=1e-4)
    np.testing.assert_allclose(found.network.recurrent, expected.network.recurrent, atol=1e-4)
    np.testing.assert_allclose(also.state, replayed.state, atol=1e-3)


class OnADevice(torch.Tensor):
    """A stand-in for a tensor on a GPU: NumPy cannot have it before it has been copied to the CPU."""

    @classmethod
    def __torch_function__(cls, function, types, arguments=(), keywords=None):
        if function is torch.Tensor.numpy:
            raise TypeError("can't convert a device's tensor to numpy")
        if function is torch.Tensor.cpu:
            return arguments[0].as_subclass(torch.Tensor)
        return super().__torch_function__(function, types, arguments, keywords or {})


def test_a_snapshot_copies_what_lies_on_a_device():
    weights = initialise(5, 2, 0.3, 1, "triangle").weights()
    network = Network(**{key: weight.detach().as_subclass(OnADevice) for key, weight in weights.items()})
    with pytest.raises(TypeError, match="device"):
        network.recurrent.numpy()
    optimiser = Adam(network.weights().values())
    mean = torch.ones(5).as_subclass(OnADevice)
    arrays = snapshot(network, optimiser, (), torch.Generator(), np.zeros(3), mean)
    assert all(isinstance(values, np.ndarray) for values in arrays.values())
    np.testing.assert_array_equal(arrays["weight.recurrent"], weights["recurrent"].detach())


def test_the_mean_activity_of_a_snapshot_is_restored_onto_the_networks_device():
    network = initialise(5, 2, 0.3, 1, "triangle")
    optimiser, generator = Adam(network.weights().values()), torch.Generator()
    arrays = snapshot(network, optimiser, (), generator, np.zeros(3), torch.ones(5))
    elsewhere = Network(**{key: weight.detach().to("meta") for key, weight in network.weights().items()})
    _, mean = restore(arrays, elsewhere, Adam(elsewhere.weights().values()), (), generator, np.zeros(3))
    assert mean.device.type == "meta"


@pytest.mark.parametrize("device", ["cpu", pytest.param("cuda", marks=gpu)])
def test_training_on_a_device_goes_on_from_a_checkpoint(device, monkeypatch):
    monkeypatch.setattr(training, "CHECKPOINT_SECONDS", 0)
    _, pool = paths()
    kept = []
    whole = train(pool.tracked, variant(device), **KEYS, keep=kept.append)
    resumed = train(pool.tracked, variant(device), **KEYS, checkpoint=kept[4])
    np.testing.assert_allclose(resumed.loss, whole.loss, rtol=1e-6)
