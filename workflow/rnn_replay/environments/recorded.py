"""`recorded`: cells along the path of a real animal, of RatInABox's own recordings or of a file of one's own.

`sargolini`: Sargolini et al. 2006, Science, doi:10.1126/science.1125572, www.ntnu.edu/kavli/research/grid-cell-data,
600 s in a box of 1 m × 1 m. `tanni`: Tanni et al. 2022, Current Biology, doi:10.1016/j.cub.2022.06.046,
rdr.ucl.ac.uk, dataset 18128891, 7,323 s in a box of 3.5 m × 2.5 m. RatInABox republishes both with the authors'
permission; whoever uses them cites the paper and the site.

Our choices: pauses stay in, as they are behaviour; windows that contain a gap are left out; the end of the recording is
held out as one block of time, so that no held-out path shares a moment with a training path.
"""

import contextlib
import io
import zipfile
from collections.abc import Collection
from functools import lru_cache
from importlib.util import find_spec
from pathlib import Path
from typing import Literal

import numpy as np
from pydantic import model_validator

from rnn_replay.environments.base import Pool, setting
from rnn_replay.environments.box import Box

COLUMNS = ("t", "x", "y")
SOURCES = {
    "sargolini": "Recording of a rat: Sargolini et al. 2006, Science 312, doi:10.1126/science.1125572, data from "
    "www.ntnu.edu/kavli/research/grid-cell-data, as RatInABox republishes them.",
    "tanni": "Recording of a rat: Tanni et al. 2022, Current Biology 32, doi:10.1016/j.cub.2022.06.046, data from "
    "rdr.ucl.ac.uk (dataset 18128891), as RatInABox republishes them.",
}
OUTSIDE = 0.1  # of the box's height: further out a path cannot be (a head leans over a wall)


class BadRecording(ValueError):
    """A file that no paths can be cut from, said in one sentence without its name."""


class Environment(Box):
    """Windows of one recording, resampled by RatInABox's cubic interpolation."""

    dataset: Literal["sargolini", "tanni"] | None = setting("", "recording that RatInABox ships", None)
    path: str | None = setting(
        "", "recording of one's own: CSV with columns t, x, y or npz with arrays t, x, y, in s and m", None
    )
    longest_gap: float = setting("s", "time without a sample that is still interpolated", 0.5, gt=0)
    held_out: float = setting("1", "share of the recording, at its end, that test paths are cut from", 0.2, gt=0, lt=1)

    @model_validator(mode="after")
    def can_be_cut(self):
        if (self.dataset is None) == (self.path is None):
            raise ValueError(f"path is {self.path} with dataset {self.dataset}; allowed: one of the two")
        try:
            self.cut()
        except (BadRecording, OSError) as error:
            told = getattr(error, "strerror", None) or error
            key = "dataset" if self.path is None else "path"
            raise ValueError(f"{key} is {self.path or self.dataset}: {told}") from None
        return self

    @property
    def files(self) -> list[str]:
        """Files of one's own that the paths are read from; RatInABox's come with its version."""
        return [self.path] if self.path else []

    @property
    def source(self) -> str:
        """Whose recording it is, to be cited where results are shown; empty for one's own."""
        return SOURCES[self.dataset] if self.dataset else ""

    @property
    def file(self) -> Path:
        """The recording's file."""
        if self.dataset:
            return Path(find_spec("ratinabox").origin).parent / f"data/{self.dataset}.npz"
        return Path(self.path).expanduser()

    def cut(self) -> tuple[np.ndarray, np.ndarray]:
        """First steps of the windows of training and of the held-out block, each of shape (window,)."""
        t, position = recording(self.file, self.file.stat().st_mtime_ns)
        check_recording(t, position, self.extent)
        return windows(t, self.time_step, self.steps, self.longest_gap, self.held_out)

    @property
    def resampled(self) -> np.ndarray:
        """Positions each `time_step`, shape (time, 2)."""
        from ratinabox.Agent import Agent

        t, position = recording(self.file, self.file.stat().st_mtime_ns)
        agent = Agent(self.world())
        with contextlib.redirect_stdout(io.StringIO()):  # it prints what is said at the head of this file
            if self.dataset:
                agent.import_trajectory(dataset=self.dataset)
            else:
                agent.import_trajectory(times=t, positions=position)
        return agent.pos_interp(sample_times(t, self.time_step))

    def paths(self, count: int, rng: np.random.Generator) -> Pool:
        """Windows from before the held-out block, under random symmetries of the box."""
        return self.drawn(self.cut()[0], count, rng)

    def held_out_paths(self, count: int, rng: np.random.Generator) -> Pool:
        """Windows of the held-out block, likewise."""
        return self.drawn(self.cut()[1], count, rng)

    def drawn(self, firsts: np.ndarray, count: int, rng: np.random.Generator) -> Pool:
        """A number of windows that begin at any of some steps."""
        first = rng.choice(firsts, count)
        position = self.turned(self.resampled[first[:, None] + np.arange(self.steps + 1)], rng)
        return Pool(position, self.rates(position))


@lru_cache(maxsize=4)
def recording(file: Path, _changed: int) -> tuple[np.ndarray, np.ndarray]:
    """Times (sample,) in s and positions (sample, 2) in m of a file.

    Args:
        file: CSV with a line of names, or npz.
        _changed: when it last changed, so that it is then read again.

    Raises:
        BadRecording: it has not the columns, or is no such file.
        OSError: it cannot be opened.
    """
    try:
        if file.suffix == ".npz":
            with np.load(file) as arrays:
                found = dict(arrays)
            if "pos" in found:  # RatInABox's own form
                found |= dict(zip("xy", np.reshape(found["pos"], (-1, 2)).T, strict=True))
            check_columns(found)
        else:
            with open(file, encoding="utf-8-sig") as lines:
                names = [name.strip() for name in lines.readline().split(",")]
                check_columns(names)
                places = [names.index(name) for name in COLUMNS]
                rows = np.loadtxt(lines, delimiter=",", usecols=places, ndmin=2).reshape(-1, len(COLUMNS))
            found = dict(zip(COLUMNS, rows.T, strict=True))
        t, x, y = (np.asarray(found[name], float).ravel() for name in COLUMNS)
    except BadRecording:
        raise
    except (ValueError, zipfile.BadZipFile) as error:
        raise BadRecording(f"it cannot be read ({str(error).partition(chr(10))[0].rstrip('.')})") from None
    if not len(t) == len(x) == len(y):
        raise BadRecording(f"t, x and y have {len(t)}, {len(x)} and {len(y)} samples; allowed: as many of each")
    return t, np.stack([x, y], axis=-1)


def check_columns(names: Collection[str]) -> None:
    """Refuse a file without a column.

    Raises:
        BadRecording: naming it.
    """
    missing = [name for name in COLUMNS if name not in names]
    if missing:
        raise BadRecording(f"it has no {' and no '.join(missing)}; allowed: a CSV or npz file with t, x and y")


def check_recording(t: np.ndarray, position: np.ndarray, extent: np.ndarray) -> None:
    """Refuse what is no path in the box.

    Raises:
        BadRecording: naming the first sample that is wrong, counted from 1.
    """
    if len(t) < 4:
        raise BadRecording(f"it has {len(t)} samples; allowed: at least 4")
    wrong = ~np.isfinite(t) | ~np.isfinite(position).all(-1)
    if wrong.any():
        raise BadRecording(
            f"sample {wrong.argmax() + 1} is no finite number; allowed: leave out samples without a position"
        )
    if (np.diff(t) <= 0).any():
        raise BadRecording(f"its times do not increase at sample {(np.diff(t) <= 0).argmax() + 2}; allowed: in order")
    low, high = position.min(0), position.max(0)
    margin = OUTSIDE * extent[1]
    if (low < -margin).any() or (high > np.add(extent, margin)).any():
        spans = " and ".join(f"{axis} from {a:.3g} to {b:.3g}" for axis, a, b in zip("xy", low, high, strict=True))
        raise BadRecording(
            f"it has {spans}; allowed: metres within a box of {extent[0]:g} m × {extent[1]:g} m whose corner is (0, 0)"
            " (are these centimetres or pixels, or are `box` and `aspect` another's?)"
        )


def sample_times(t: np.ndarray, time_step: float) -> np.ndarray:
    """Times (time,) each `time_step` from the first sample on, which is 0, to the last."""
    return np.arange(int((t[-1] - t[0]) / time_step) + 1) * time_step


def windows(
    t: np.ndarray, time_step: float, steps: int, longest_gap: float, held_out: float
) -> tuple[np.ndarray, np.ndarray]:
    """Where windows without a gap begin, before and within the held-out block.

    Args:
        t: times of samples, shape (sample,), in s.
        time_step, steps, longest_gap, held_out: as in the settings.

    Returns:
        First steps of windows of `steps` steps, shape (window,) each; no window of one has a time of the other's.

    Raises:
        BadRecording: no window can be cut from either part.
    """
    times = sample_times(t, time_step)
    before, after = (t[side] - t[0] for side in (slice(None, -1), slice(1, None)))
    gap = after - before > longest_gap
    # A window is whole if no gap ends after its beginning and begins before its end.
    first = np.arange(max(len(times) - steps, 0))
    ended = np.searchsorted(after[gap], times[first], side="right")
    begun = np.searchsorted(before[gap], times[first + steps], side="left")
    whole = ended == begun
    split = round((1 - held_out) * len(times))
    parts = first[whole & (first + steps < split)], first[whole & (first >= split)]
    for name, found in zip(("part before the held-out block", "held-out block"), parts, strict=True):
        if not len(found):
            raise BadRecording(
                f"the {name} of its {times[-1]:.4g} s has no window of {steps * time_step:g} s without a gap of more "
                f"than {longest_gap:g} s; allowed: a longer recording, shorter paths, another longest_gap or held_out"
            )
    return parts
