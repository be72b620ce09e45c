"""Settings of the theory stage, which runs the update rule on targets whose answers are known (docs/theory.md)."""

from typing import Annotated

from pydantic import AfterValidator, Field, model_validator

from rnn_replay.settings import Distinct, Holding, Settings, setting

Friction = Annotated[float, Field(gt=0, le=1)]
Frictions = Annotated[Distinct[Friction], Holding(1)]  # never empty, then
Strength = Annotated[float, Field(ge=0)]
Counts = Distinct[Annotated[int, Field(ge=1)]]


class Point(Settings):
    """A setting of the linear system."""

    friction: Friction = setting("1/step", "momentum where below 1", symbol="λ_v")
    adaptation_strength: float = setting("1", "below the boundary of stability", symbol="b_a", ge=0)


def has_adaptation_alone(points: list[Point]) -> list[Point]:
    """Refuse points among which none has adaptation and no momentum."""
    if not any(point.friction == 1 and point.adaptation_strength > 0 for point in points):
        raise ValueError
    return points


class Averages(Settings):
    """How many replays of the linear system are simulated, and how long."""

    replays: int = setting("1", "independent replays at each point", ge=2)
    steps: int = setting("steps", "steps averaged over, a multiple of window", ge=40)
    burn_in: int = setting("steps", "steps thrown away before", ge=0)
    window: int = setting("steps", "length of the windows of the spectrum", ge=2)

    @model_validator(mode="after")
    def holds_whole_windows(self):
        if self.steps % self.window:
            raise ValueError(f"steps is {self.steps}; allowed: a multiple of window ({self.window})")
        return self


class Batches(Settings):
    """How many replays are simulated for the memory, in batches whose spread gives the interval."""

    batches: int = setting("1", "independent batches; their spread is the error", ge=2)
    replays: int = setting("1", "replays in each batch", ge=4)
    steps: int = setting("steps", "length of each replay", ge=100)
    burn_in: int = setting("steps", "steps thrown away before", ge=0)


class Memory(Settings):
    """Where the memory gain of the metrics is held against its closed form."""

    points: Annotated[list[Point], AfterValidator(has_adaptation_alone)] = setting(
        "",
        "where memory is simulated",
        min_length=1,
        allowed="list of points, at least one of them with friction 1 and adaptation_strength above 0",
    )
    sampling: Batches = setting("", "how many replays, and how long")


class Phases(Settings):
    """Phase map, and bisection for the boundary of stability in noise-free runs."""

    frictions: int = setting("1", "points of the map along λ_v", ge=2)
    adaptation_strengths: int = setting("1", "points of the map along b_a", ge=2)
    highest: float = setting("1", "largest b_a of map and search", gt=0)
    steps: int = setting("steps", "length of a noise-free run", ge=40)
    halvings: int = setting("1", "bisections", ge=1)


class Linear(Settings):
    """Linear drift −κ r, with adaptation, momentum and both."""

    stiffness: float = setting("1/step", "of the drift", symbol="κ", gt=0, lt=2)
    adaptation_time: float = setting("steps", "time of adaptation", symbol="τ_a", ge=1)
    noise: float = setting("1/step", "standard deviation of the noise", symbol="σ", gt=0)
    frictions: Frictions = setting(
        "1/step",
        "of the grid; its points beyond the boundary of stability are flagged and not compared. Memory and "
        "displacement are read at 1",
        symbol="λ_v",
    )
    adaptation_strengths: Annotated[Distinct[Strength], Holding(0)] = setting(
        "1", "of the grid, among them 0", symbol="b_a", min_length=2
    )
    sampling: Averages = setting("", "how many replays, and how long")
    memory: Memory = setting("", "where the memory gain of the metrics is held against its closed form")
    phases: Phases = setting("", "phase map and boundary of stability")


class Potential(Settings):
    """Points at which a potential is sampled, and how."""

    frictions: Frictions = setting("1/step", "without adaptation", symbol="λ_v")
    adaptation_strengths: Distinct[Annotated[float, Field(gt=0)]] = setting("1", "at λ_v = 1", symbol="b_a")
    replays: int = setting("1", "replays at each point", ge=2)
    steps: int = setting("steps", "horizon of first passage", ge=2)


class Potentials(Settings):
    """Double well, ring and a T-shaped potential."""

    barrier: float = setting("squared states per step", "height of the barrier", symbol="h", gt=0)
    noise: float = setting("1/step", "at λ_v = 1; √λ_v times that at lower friction", symbol="σ", gt=0)
    adaptation_time: float = setting("steps", "time of adaptation", symbol="τ_a", ge=1)
    curve_frictions: int = setting("1", "points of the curve of rate against λ_v", ge=2)
    double_well: Potential = setting("", "two wells on a line")
    ring: Potential = setting("", "a ring in the plane")
    tee: Potential = setting("", "a T in the plane")


class GaussianNetwork(Settings):
    """Linear and ReLU networks trained on Gaussian paths and on those of each environment."""

    units: int = setting("1", "number of units", ge=3)
    leak: float = setting("1/step", "share of the state lost each step", symbol="λ_r", ge=0, le=1)
    learning_rate: float = setting("1", "Adam's, at its peak", gt=0)
    iterations: int = setting("1", "gradient steps", ge=1)
    batch: int = setting("1", "paths per gradient step", ge=1)


class Gaussian(Settings):
    """Gaussian paths, their score in time, its estimation, and the leak that networks learn of them."""

    noise: float = setting("1", "of the embedding, and of the networks' state", symbol="σ", gt=0)
    reversion: float = setting("1/step", "of the Ornstein–Uhlenbeck paths", symbol="θ", gt=0, lt=1)
    step_variance: float = setting("1", "variance of a step in each dimension", symbol="q", gt=0)
    start_mean: float = setting("1", "of the paths that start at a point", symbol="m_0")
    steps: int = setting("steps", "length of a path", ge=2)
    times: Counts = setting("steps", "when simulated ensembles are compared, at most `steps`", min_length=1)
    replays: int = setting("1", "paths in a simulated ensemble", ge=2)
    dimensions: Counts = setting("1", "numbers of units in which the score is estimated", symbol="n", min_length=1)
    samples: Counts = setting(
        "1",
        "numbers of paths of which it is estimated; up to n + 8 the error has no variance and is left out",
        symbol="N",
        min_length=1,
    )
    repeats: int = setting("1", "estimates for each n and N", ge=2)
    network: GaussianNetwork = setting("", "trained on these paths, and on those of each environment")

    @model_validator(mode="after")
    def compares_within_the_paths(self):
        if max(self.times) > self.steps:
            raise ValueError(f"times holds {max(self.times)}; allowed: at most steps ({self.steps})")
        return self


class Theory(Settings):
    """The theory stage."""

    seed: int = setting("1", "master seed of every simulation of the stage", ge=0)
    linear: Linear = setting("", "linear drift −κ r, with adaptation, momentum and both")
    potentials: Potentials = setting("", "double well, ring and a T-shaped potential")
    gaussian: Gaussian = setting("", "Gaussian paths, their score in time, and the leak that networks learn of them")
