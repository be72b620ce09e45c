"""How cost grows: one number of the problem changed at a time, relative to a base."""

import pytest

from benchmarks import ours
from benchmarks.problem import Problem

BASE = {"units": 64, "batch": 64, "steps": 50}
VALUES = {"units": (32, 128, 256, 512), "batch": (16, 32, 128, 256), "steps": (25, 100, 200, 400)}
REPLAY = {"units": 64, "replays": 128, "steps": 30}
SETTINGS = (2, 4, 8, 16, 32)


@pytest.mark.parametrize("axis", VALUES)
def test_training_grows(alternately, axis):
    others = {str(value): ours.Training(Problem(**(BASE | {axis: value}))) for value in VALUES[axis]}
    alternately(ours.Training(Problem(**BASE)), others, 5, part="growth", axis=axis, base=BASE[axis])


def test_replay_grows_with_settings(alternately):
    others = {str(count): ours.Replay(**REPLAY, settings=count) for count in SETTINGS}
    alternately(ours.Replay(**REPLAY), others, 5, part="growth", axis="settings", base=1)
