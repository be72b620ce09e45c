"""The quiescent phase: a network runs by itself, with zero input and noise, from awake states."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, fields, replace

import numpy as np
import torch

from rnn_replay.environments import Map, Pool
from rnn_replay.model.awake import Awake, awake
from rnn_replay.model.decoding import DECODERS, Readout, Template
from rnn_replay.model.devices import resolve
from rnn_replay.model.dynamics import Dynamics, Memory, ReplayParameters, State, rest, step
from rnn_replay.model.network import Network
from rnn_replay.model.parameters import TRAINED
from rnn_replay.model.settings import Sampling, Setting, Variant
from rnn_replay.seeds import named_seed, stream

DIVERGENCE_FACTOR = 10.0  # a state this many times the largest awake norm has diverged (our choice)
CHOICES = tuple(each.name for each in fields(Dynamics) if each.metadata.get("choices"))
COMPONENTS = 10  # principal components of the awake states that recorded states are projected on (our choice)


@dataclass
class Subject:
    """A trained network with its awake run and the decoders made from it.

    Attributes:
        network, mean_activity, variant: as trained.
        tracked: s of the held-out paths, shape (time, path, feature).
        awake: its run along them.
        template, readout: decoders of position.
        seed, environment, name: of the network; they key the random streams.
    """

    network: Network
    mean_activity: torch.Tensor
    variant: Variant
    tracked: torch.Tensor
    awake: Awake
    template: Template
    readout: Readout
    seed: int
    environment: str
    name: str

    @classmethod
    def wake(
        cls,
        network: Network,
        mean_activity: torch.Tensor,
        variant: Variant,
        pool: Pool,
        map: Map,
        seed: int,
        environment: str,
        name: str,
    ) -> "Subject":
        """Run a network along held-out paths and make its decoders."""
        run = awake(network, mean_activity, variant, pool.tracked, seed, environment, name)
        position = torch.from_numpy(np.ascontiguousarray(pool.position.transpose(1, 0, 2)))
        template = Template.from_awake(run.r, position, torch.from_numpy(map.bins.astype(np.float32)))
        readout = Readout.from_map(map)
        tracked = torch.from_numpy(np.ascontiguousarray(pool.tracked.transpose(1, 0, 2), dtype=np.float32))
        return cls(network, mean_activity, variant, tracked, run, template, readout, seed, environment, name)

    def components(self) -> tuple[torch.Tensor, float]:
        """Principal components of the awake states, uncentred, so that what is linear in r stays linear.

        Returns:
            Orthonormal directions of shape (unit, component), largest first, and their share of the states'
            second moment.
        """
        r = self.awake.r.reshape(-1, self.awake.r.shape[-1]).double()
        moments, directions = torch.linalg.eigh(r.T @ r)
        return directions[:, -COMPONENTS:].flip(-1).float(), float(moments[-COMPONENTS:].sum() / moments.sum())

    def awake_position(self) -> tuple[np.ndarray, np.ndarray]:
        """Decoded awake positions (decoder, path, time, 2) and their similarity to the template (path, time)."""
        # Time by time, as in replay: scores of all bins stay in the processor's cache.
        position, similarity = (torch.stack(each) for each in zip(*map(self.template, self.awake.r), strict=True))
        both = torch.stack([position, torch.stack([self.readout(output) for output in self.awake.output])])
        return both.transpose(1, 2).numpy(), similarity.T.numpy()


@dataclass
class Replays:
    """Replays of one network under every setting of a sweep.

    Attributes:
        position: decoded position in metres, shape (decoder, setting, replay, time, 2).
        similarity: cosine of the state with the nearest template, shape (setting, replay, time).
        diverged: whether the state left the range of awake states, shape (setting, replay).
        activity: mean of the state over units and time, shape (setting, replay).
        start_path, start_time: the awake state each replay starts from, shape (replay,).
        state, adaptation: r and a on the network's awake components, shape (setting, replay, time, component);
            None where states are not recorded. The velocity is the difference of successive states.
    """

    position: np.ndarray
    similarity: np.ndarray
    diverged: np.ndarray
    activity: np.ndarray
    start_path: np.ndarray
    start_time: np.ndarray
    state: np.ndarray | None
    adaptation: np.ndarray | None


@torch.inference_mode()
def simulate(
    preactivation: Callable[[torch.Tensor], torch.Tensor],
    dynamics: Dynamics,
    start: State,
    steps: int,
    eta: Callable[[int], torch.Tensor],
    observe: Callable[[int, State], None],
) -> State:
    """Run the update rule, showing every state to an observer, so that memory does not grow with time.

    Args:
        preactivation: x of what the synapses transmit of a state, in memory of its own; W y + b for a network, a drift
            for the theory.
        dynamics: parameters; tensors broadcast to the state's shape, so that a grid of settings is one batch.
        start: state at time 0; it is left as it is.
        steps: number of steps.
        eta: standard normal noise of step t, broadcasting against r.
        observe: called with (t, state) for t = 0 … steps; the next step writes over that state.

    Returns:
        The last state.
    """
    state = start.each(lambda part: part.clone(memory_format=torch.contiguous_format))
    memory = Memory.over(state)
    observe(0, state)
    for t in range(steps):
        state = step(state, preactivation, eta(t), dynamics, memory)
        observe(t + 1, state)
    return state


def together(rules: Sequence[Dynamics], like: torch.Tensor) -> Dynamics:
    """Update rules that differ in numbers alone, as one: what replay can set has the shape (rule, 1, 1).

    Args:
        rules: of settings, with plain numbers.
        like: a tensor of the type and on the device that are asked for.
    """

    def column(name: str) -> torch.Tensor | float:
        values = [getattr(rule, name) for rule in rules]
        # A plain default turns off what the term would cost; a plain σ multiplies once the noise that settings share.
        if set(values) == {getattr(Dynamics, name)} or (name == "noise" and len(set(values)) == 1):
            return values[0]
        return like.new_tensor(values).reshape(-1, 1, 1)

    return replace(rules[0], **{name: column(name) for name in ReplayParameters.model_fields if name not in CHOICES})


def starting_points(
    sampling: Sampling, paths: int, steps: int, lead: int, rng: np.random.Generator
) -> tuple[np.ndarray, np.ndarray]:
    """Path and time of the awake states that replays start from, each of shape (state,).

    Args:
        sampling: how many, and from where.
        paths: number of held-out paths.
        steps: length of a path.
        lead: steps of a path before the earliest start. Only the first `mask_lead` inputs are sure to be shown.
        rng: a stream that all variants of a seed share.
    """
    path = rng.choice(paths, sampling.states, replace=sampling.states > paths)
    if sampling.starts == "beginning":
        return path, np.full(sampling.states, lead)
    return path, rng.integers(lead, steps + 1, size=sampling.states)


def replay(subject: Subject, settings: Sequence[Setting], sampling: Sampling) -> Replays:
    """Replay all settings of a sweep on the same weights, from the same awake states, with the same noise.

    Velocity is carried over from the awake run unless the sampling says otherwise; so is adaptation where the network
    was trained with it, while grafted adaptation starts from zero (our choice). Starts of the encoder are at rest.
    """
    device = resolve(sampling.device)
    network, variant, awake = subject.network, subject.variant, subject.awake
    running = network.to(device)
    keys = (subject.seed, "replay", subject.environment)
    times, paths = awake.r.shape[:2]
    points = starting_points(sampling, paths, times - 1, variant.mask_shown, stream(*keys, "starts", sampling.starts))
    start_path, start_time = (np.repeat(part, sampling.repeats) for part in points)
    start = State(*(part[start_time, start_path] for part in (awake.r, awake.v, awake.a)))
    if sampling.starts == "encoder":
        start = rest(network.encode(subject.tracked[start_time, start_path]))
    elif sampling.start_velocity == "zero":
        start = start._replace(v=torch.zeros_like(start.v))
    limit = DIVERGENCE_FACTOR * awake.r.norm(dim=-1).max()

    replays, steps = len(start_path), sampling.steps
    # By time first, so that what is written at one step lies together.
    position = np.empty((steps + 1, len(DECODERS), len(settings), replays, 2), dtype=np.float32)
    similarity = np.empty((steps + 1, len(settings), replays), dtype=np.float32)
    diverged = np.zeros((len(settings), replays), dtype=bool)
    activity = np.zeros((len(settings), replays), dtype=np.float32)
    state = adaptation = None
    if sampling.record_states:
        components, _ = subject.components()
        state = np.empty((steps + 1, len(settings), replays, components.shape[1]), dtype=np.float32)
        adaptation = np.empty_like(state)
    eta = torch.empty(replays, variant.units)
    rules = [setting.dynamics(variant) for setting in settings]
    # What is not a number, such as the form of adaptation, makes a batch of its own.
    choices = [tuple(getattr(rule, name) for name in CHOICES) for rule in rules]
    for choice in sorted(set(choices)):
        rows = [i for i, each in enumerate(choices) if each == choice]
        dynamics = together([rules[i] for i in rows], running.recurrent)
        dynamics = running.governed(replace(dynamics, mean_activity=subject.mean_activity.to(device)))
        own = start.r.new_tensor([settings[i].adaptation_strength == TRAINED for i in rows]).reshape(-1, 1, 1)
        each = State(*(part.expand(len(rows), -1, -1) for part in (start.r, start.v)), own * start.a)
        generator = torch.Generator().manual_seed(named_seed(*keys, "noise", subject.name))

        def observe(t: int, now: State, rows: list[int] = rows) -> None:
            now = now.each(torch.Tensor.cpu)
            position[t, 0, rows], similarity[t, rows] = (part.numpy() for part in subject.template(now.r))
            position[t, 1, rows] = subject.readout(network.decode(now.r)).numpy()
            diverged[rows] |= ~(now.r.norm(dim=-1) <= limit).numpy()
            activity[rows] += now.r.mean(-1).numpy() / (steps + 1)
            if sampling.record_states:
                state[t, rows], adaptation[t, rows] = ((part @ components).numpy() for part in (now.r, now.a))

        simulate(
            running.preactivation,
            dynamics,
            each.each(lambda part: part.to(device)),
            steps,
            lambda t, generator=generator: eta.normal_(generator=generator).to(device),
            observe,
        )
    position = np.moveaxis(position, 0, -2)
    similarity = np.moveaxis(similarity, 0, -1)
    if sampling.record_states:
        state, adaptation = np.moveaxis(state, 0, -2), np.moveaxis(adaptation, 0, -2)
    return Replays(position, similarity, diverged, activity, start_path, start_time, state, adaptation)
