"""Replay: many at once, over many steps, read out as they go."""

import pytest

from benchmarks import ours, predecessor, products

REPLAYS, STEPS = 1000, 500


@pytest.mark.parametrize(("units", "rounds"), [(128, 7), (512, 3)])
def test_replay(alternately, units, rounds):
    size = (units, REPLAYS, STEPS)
    run = ours.Replay(*size)

    def noise():
        for _ in range(STEPS):
            run.eta.normal_(generator=run.generator)

    others = {"predecessor": predecessor.Replay(*size), "products": products.Replay(*size), "noise": noise}
    alternately(run, others, rounds, part="replay", size=size)
