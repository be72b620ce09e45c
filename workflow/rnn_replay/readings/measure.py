"""Values of all conditions for one seed: replayed, measured and forgotten, so that no paths are kept."""

import json
from collections import defaultdict
from dataclasses import replace
from itertools import product

import numpy as np
import xarray as xr

from rnn_replay.artifacts.environments import to_map, to_pool
from rnn_replay.artifacts.netcdf import variable
from rnn_replay.artifacts.networks import from_dataset
from rnn_replay.claims.contrasts import DISTANCES, exploration, memory, speed
from rnn_replay.environments import Traits
from rnn_replay.measures import METRICS, AwakePaths, Recording, States
from rnn_replay.measures.biology.displacement import displacement_exponent_rms
from rnn_replay.measures.speed import mean_defined
from rnn_replay.model.decoding import DECODERS
from rnn_replay.model.replay import Sampling, Setting, Subject, replay
from rnn_replay.readings.design import Frame
from rnn_replay.readings.settings import CLAIMS, GATINGS

BATCH = 48  # settings that are replayed at a time, so that their states fit into memory
FEWEST = 8  # replays that a gated value is measured of at least (our choice)
# Ways of reading the error of path integration: of what, over which steps of a path, averaged how over paths.
SPANS = {"all": slice(None), "late": slice(-25, None), "last": slice(-1, None)}  # steps (our choice)
AVERAGES = {"mean": np.mean, "median": np.median}
ERRORS = {"_".join(names): names for names in product(("output", "position"), SPANS, AVERAGES)}
EXPONENT = "displacement_exponent"  # how far replay gets with time


def primary_metric(claim: str, traits: Traits) -> str:
    """The metric of a claim in the claims table."""
    return {
        "error": lambda: "output_all_mean",
        "fidelity": lambda: DISTANCES[0],
        "exploration": lambda: exploration(traits)[0],
        "memory": lambda: memory()[0],
        "speed": lambda: speed(traits)[0],
        "distance": lambda: EXPONENT,
    }[CLAIMS[claim].about]()


def is_replayed(metric: str) -> bool:
    """Whether a metric is one of replays.

    Raises:
        ValueError: there is no such metric.
    """
    if metric not in METRICS and metric not in ERRORS and metric != EXPONENT:
        known = ", ".join(sorted({*METRICS, *ERRORS, EXPONENT}))
        raise ValueError(f"readings.metrics names '{metric}'; allowed: {known}")
    return metric not in ERRORS


def decoders_of(metric: str, decoders: list[str]) -> list[str]:
    """Decoders that a metric depends on; one without a name where it depends on none."""
    decoded = METRICS[metric].decoded if metric in METRICS else not metric.startswith("output")
    return list(decoders) if decoded else [""]


def measured(frame: Frame, environment: xr.Dataset, networks: list[xr.Dataset], seed: int) -> xr.Dataset:
    """Every metric that readings ask for, of every condition, for one seed.

    Args:
        frame: of the environment.
        environment: its dataset, of the same seed.
        networks: datasets of the frame's networks.
        seed: configured seed.

    Returns:
        Values with the dimensions metric, condition, decoder and gating, NaN where they are not asked for or not
        defined; what does not depend on the decoder stands at the first.
    """
    table, conditions = frame.table, frame.conditions
    asked = defaultdict(set)
    for side in ("treatment", "baseline"):
        for (place, metric), _ in table.groupby([side, "metric"]):
            asked[place].add(metric)
    metrics = sorted(table["metric"].unique())
    values = np.full((len(metrics), len(conditions), len(DECODERS), len(GATINGS)), np.nan, np.float32)
    straying, diverged = np.full(len(conditions), np.nan, np.float32), np.zeros(len(conditions), np.float32)
    batches = defaultdict(list)
    for place, condition in enumerate(conditions):
        batches[condition.variant, condition.sampling].append(place)
    known, map, pool = {dataset.attrs["name"]: dataset for dataset in networks}, to_map(environment), None
    pool, subject = to_pool(environment, "test"), None
    for (variant, sampling), places in sorted(batches.items()):
        if subject is None or subject.name != variant:
            keys = {"seed": seed, "environment": frame.environment, "name": variant}
            subject = Subject.wake(*from_dataset(known[variant]), pool, map, **keys)
            decoded, similarity = subject.awake_position()
            time_step = float(environment["time_step"])
            awake = [AwakePaths(paths, pool.position, similarity, map, time_step) for paths in decoded]
            print(f"{variant}: {sum(condition.variant == variant for condition in conditions)} conditions")
        sampling = Sampling(**json.loads(sampling))
        # What is not a number makes a batch of its own in replay.
        places.sort(key=lambda place: words(conditions[place].setting))
        for first in range(0, len(places), BATCH):
            batch = places[first : first + BATCH]
            settings = [Setting(**json.loads(conditions[place].setting)) for place in batch]
            recorded = any("memory" in metric for place in batch for metric in asked[place])
            found = replay(subject, settings, sampling.but(record_states=recorded))
            start = np.unique(np.stack([found.start_path, found.start_time]), axis=1, return_inverse=True)[1].reshape(
                -1
            )
            for s, place in enumerate(batch):
                diverged[place] = found.diverged[s].mean()
                kept = ~found.diverged[s]
                if not kept.any():
                    continue
                states = States(found.state[s], found.adaptation[s], start) if recorded else None
                for d in range(len(DECODERS)):
                    whole = Recording(
                        position=found.position[d, s],
                        awake=awake[d],
                        similarity=found.similarity[s],
                        start=start,
                        seed=seed,
                        activity=found.activity[s],
                        states=states,
                    )
                    whole = of_replays(whole, kept)
                    straying[place] = METRICS["gated_time"].measure(whole).mean()
                    names = [name for name in asked[place] if not d or decoders_of(name, DECODERS) != [""]]
                    replayed = [name for name in names if is_replayed(name)]
                    resembling = whole.counted.mean(-1) >= 0.5
                    for g in range(len(GATINGS)):
                        gated = whole if not g or resembling.all() else of_replays(whole, resembling)
                        for name in replayed if not g or resembling.sum() >= FEWEST else ():
                            at = metrics.index(name), place, d
                            values[(*at, g)] = values[(*at, 0)] if g and gated is whole else measure(gated, name)
                    for name in set(names) - set(replayed):
                        values[metrics.index(name), place, d, 0] = error(subject, awake[d], name)
    dims = "metric condition decoder gating"
    data = {
        "value": variable(dims, values, "1", "value of a metric, in the metric's own unit"),
        "off_manifold": variable("condition", straying, "1", METRICS["gated_time"].meaning + "; mean of replays"),
        "diverged": variable("condition", diverged, "1", "share of replays that left the range of awake states"),
        "metric": variable("metric", metrics, "1", "metric"),
        "condition": variable("condition", [" ".join(each) for each in conditions], "1", "network, setting, sampling"),
        "decoder": variable("decoder", list(DECODERS), "1", "how position is decoded"),
        "gating": variable("gating", list(GATINGS), "1", "which replays are measured"),
    }
    return xr.Dataset(data)


def words(setting: str) -> list[str]:
    """What of a setting, as JSON, is not a number."""
    return [str(value) for value in json.loads(setting).values() if not isinstance(value, float | int)]


def of_replays(recording: Recording, kept: np.ndarray) -> Recording:
    """The recording of those replays alone that are kept, shape (replay,)."""
    parts = ("position", "similarity", "start", "activity")
    states = recording.states
    if states is not None:
        states = States(states.state[kept], states.adaptation[kept], states.start[kept])
    return replace(recording, states=states, **{name: getattr(recording, name)[kept] for name in parts})


def measure(recording: Recording, name: str) -> float:
    """One number for all replays of a recording; NaN where the metric is not defined."""
    if name == EXPONENT:
        position = recording.position.astype(float)
        return displacement_exponent_rms(position, np.full(len(position), position.shape[1] - 1))
    found = METRICS[name].measure(recording)
    return mean_defined(found) if np.ndim(found) else float(found)


def error(subject: Subject, awake: AwakePaths, name: str) -> float:
    """A reading, one of ERRORS, of the error of a network's awake run."""
    of, span, average = ERRORS[name]
    if of == "output":
        found = (subject.awake.output - subject.tracked).square().sum(-1).T.numpy()
    else:
        found = np.linalg.norm(awake.position - awake.behaviour, axis=-1)
    return float(AVERAGES[average](found[:, SPANS[span]].mean(-1)))
