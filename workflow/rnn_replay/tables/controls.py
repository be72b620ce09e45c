"""What metrics read where there is no replay: a metric that reads as well there tells nothing of replay.

The controls are hidden states of noise, white or of the awake states' correlation in time, with their mean and
covariance; the same network untrained; the replays' own states in random order; the same decoded by a map whose bins
are permuted; and positions of uniform density, as in the predecessor (Krishna et al. 2024).
"""

from collections.abc import Iterator

import numpy as np
import pandas as pd
import torch
import xarray as xr
from scipy.spatial import KDTree

from rnn_replay.artifacts.environments import to_map, to_pool
from rnn_replay.artifacts.networks import from_dataset
from rnn_replay.environments import Map
from rnn_replay.measures import METRICS, AwakePaths, Recording, States
from rnn_replay.measures.prediction import HISTORY, HORIZONS
from rnn_replay.measures.speed import mean_defined
from rnn_replay.model.decoding import DECODERS
from rnn_replay.model.network import initial_scale, initialise
from rnn_replay.model.replay import Replays, Sampling, Setting, Subject, replay
from rnn_replay.seeds import named_seed, stream
from rnn_replay.tables.gate import BETTER, CONTROLS, MEMORY

AXES = ["environment", "seed", "decoder", "metric", "control"]


def noise_states(awake: torch.Tensor, shape: tuple[int, int], seed: int, correlated: bool) -> torch.Tensor:
    """Gaussian states of the mean and covariance of awake ones (time, path, unit), shape (replay, time, unit).

    If correlated, each is an AR(1) series of the awake states' correlation from one step to the next.
    """
    flat = awake.reshape(-1, awake.shape[-1]).double()
    centred = awake.double() - flat.mean(0)
    correlation = float((centred[1:] * centred[:-1]).sum() / centred[:-1].square().sum()) if correlated else 0.0
    variance, axes = torch.linalg.eigh(torch.cov(flat.T))
    generator = torch.Generator().manual_seed(named_seed(seed, "controls", "noise"))
    drawn = torch.randn(*shape, flat.shape[1], generator=generator, dtype=torch.double)
    for t in range(1, shape[1]):
        drawn[:, t] = correlation * drawn[:, t - 1] + (1 - correlation**2) ** 0.5 * drawn[:, t]
    return (flat.mean(0) + (drawn * variance.clamp_min(0).sqrt()) @ axes.T).float()


Decoded = tuple[np.ndarray, np.ndarray, np.ndarray, np.ndarray]  # position and similarity of replay, and of awake


def recordings(subject: Subject, replays: Replays, map: Map, untrained: Decoded) -> Iterator[tuple[str, Decoded]]:
    """Replays, named `replay`, and each control: decoded positions (decoder, path, time, 2) and their similarity."""
    position, similarity, awake = replays.position[:, 0], replays.similarity[0], subject.awake_position()
    yield "replay", (position, similarity, *awake)
    for name in CONTROLS[:2]:
        states = noise_states(subject.awake.r, similarity.shape, subject.seed, name == "AR noise")
        noise, like = subject.template(states)
        decoded = np.stack([noise.numpy(), subject.readout(subject.network.decode(states)).numpy()])
        yield name, (decoded, like.numpy(), *awake)
    yield "untrained", untrained
    random = stream(subject.seed, "controls", "order")
    order = random.random(similarity.shape).argsort(1)
    mixed = np.take_along_axis(position, order[None, ..., None], axis=2)
    yield "shuffled", (mixed, np.take_along_axis(similarity, order, axis=1), *awake)
    bins, elsewhere = KDTree(map.bins), random.permutation(len(map.bins))
    wrong, wrong_awake = (map.bins[elsewhere[bins.query(part)[1]]] for part in (position, awake[0]))
    yield "wrong map", (wrong, similarity, wrong_awake, awake[1])
    uniform = map.bins[random.integers(len(map.bins), size=position.shape[:-1])]
    yield "uniform", (uniform, np.ones_like(similarity), *awake)


def hidden(subject: Subject, replays: Replays, nascent: Replays, start: np.ndarray) -> Iterator[tuple[str, States]]:
    """States of adapted replays, named `replay`, and of each control that has hidden states, on the components."""
    components = subject.components()[0].numpy()
    yield "replay", States(replays.state[0], replays.adaptation[0], start)
    for name in CONTROLS[:2]:
        states = noise_states(subject.awake.r, replays.state.shape[1:3], subject.seed, name == "AR noise").numpy()
        yield name, States(states @ components, np.zeros_like(replays.adaptation[0]), start)
    yield "untrained", States(nascent.state[0], nascent.adaptation[0], start)
    order = stream(subject.seed, "controls", "order").random(replays.state.shape[1:3]).argsort(1)[..., None]
    yield (
        "shuffled",
        States(*(np.take_along_axis(each[0], order, 1) for each in (replays.state, replays.adaptation)), start),
    )


@torch.inference_mode()
def controls_of_seed(
    environment: xr.Dataset, network: xr.Dataset, setting: Setting, adapted: Setting | None, sampling: Sampling
) -> list[tuple]:
    """Rows (seed, decoder, metric, control, value) of one network; the control `replay` is its replay itself.

    Metrics of memory are those of replay with adaptation, which they are to show, where it is given and long enough.
    """
    map, pool = to_map(environment), to_pool(environment, "test")
    trained, mean_activity, variant = from_dataset(network)
    keys = {"seed": int(network.attrs["seed"]), "environment": environment.attrs["environment"]}
    fresh = initialise(
        variant.units,
        pool.tracked.shape[2],
        initial_scale(variant.initial_scale, variant.leak),
        cell=variant.cell,
        leak_logit=variant.leak_logit(),
        **keys,
    )
    fresh = type(fresh)(**{name: weight.detach() for name, weight in fresh.weights().items()})
    subjects = [
        Subject.wake(of, mean_activity, variant, pool, map, name=network.attrs["name"], **keys)
        for of in (trained, fresh)
    ]
    replays, nascent = (replay(subject, [setting], sampling) for subject in subjects)
    untrained = (nascent.position[:, 0], nascent.similarity[0], *subjects[1].awake_position())
    points = np.stack([replays.start_path, replays.start_time])
    start = np.unique(points, axis=1, return_inverse=True)[1].reshape(-1)
    rows = []
    for control, (position, similarity, awake, awake_similarity) in recordings(subjects[0], replays, map, untrained):
        for d, decoder in enumerate(DECODERS):
            recording = Recording(
                position=position[d],
                awake=AwakePaths(awake[d], pool.position, awake_similarity, map, float(environment["time_step"])),
                similarity=similarity,
                start=start,
                seed=keys["seed"],
            )
            for metric in BETTER.keys() - {MEMORY}:
                value = mean_defined(np.asarray(METRICS[metric].compute(recording), dtype=float))
                rows.append((keys["seed"], decoder, metric, control, value))
    if adapted is None or sampling.steps < HISTORY + max(HORIZONS):
        return rows
    states = [replay(subject, [adapted], sampling.but(record_states=True)) for subject in subjects]
    for control, known in hidden(subjects[0], *states, start):
        value = known.gains["", max(HORIZONS)]
        rows += [(keys["seed"], decoder, MEMORY, control, value) for decoder in DECODERS]
    return rows


def controls_dataset(
    environments: list[xr.Dataset],
    networks: list[xr.Dataset],
    setting: Setting,
    adapted: Setting | None,
    sampling: Sampling,
) -> xr.Dataset:
    """Values of all seeds of one environment, with the dimensions seed, decoder, metric and control."""
    pairs = zip(environments, networks, strict=True)
    rows = [row for pair in pairs for row in controls_of_seed(*pair, setting, adapted, sampling)]
    data = pd.DataFrame(rows, columns=[*AXES[1:], "value"]).set_index(AXES[1:]).to_xarray()
    data["value"].attrs.update(units="1", long_name="value of the metric, in its own unit; mean of replays")
    for axis in AXES[1:]:
        data[axis].attrs.update(units="1", long_name=axis)
    return data
