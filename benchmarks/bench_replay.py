"""Replay: many at once, over many steps, read out as they go."""

import pytest

from benchmarks import ours, predecessor, products

REPLAYS, STEPS = 1000, 500


@pytest.mark.parametrize(("units", "settings", "rounds"), [(128, 1, 7), (512, 1, 3), (128, 8, 7)])
def test_replay(alternately, units, settings, rounds):
    size = (units, REPLAYS, STEPS)
    run = ours.Replay(units, REPLAYS // settings, STEPS, settings)

    def noise():
        for _ in range(STEPS):
            run.eta.normal_(generator=run.generator)

    others = {"predecessor": predecessor.Replay(*size), "products": products.Replay(*size), "noise": noise}
    alternately(run, others, rounds, part="replay", size=size, settings=settings)
