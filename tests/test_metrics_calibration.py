"""What the measures of speed say when gain, spread, noise or time of the states change."""

import numpy as np
import pytest
from rnn_replay.tables.calibration import EXPECTED, calibration
from synthetic_replays import environment


@pytest.fixture(scope="module", params=["triangle", "tmaze"])
def table(request):
    setting = environment(request.param)
    paths = setting.paths(100, np.random.default_rng(1))
    found = calibration(paths, setting.map(), setting.time_step, 3)
    return found.set_index(["decoder", "measure", "change"])["ratio"].sort_index()


def test_every_change_is_measured_by_every_decoder(table):
    assert len(table) == 2 * 2 * len(EXPECTED)
    # Noise around the mean may be decoded as arrival at once in the T-maze, so that nothing is left to measure.
    assert np.isfinite(table.drop("collapsed", level="change")).all()


def test_the_template_decoder_is_free_of_amplitude_and_noise(table):
    for measure in ("compression", "track_compression"):
        ratio = table["template", measure]
        assert ratio["gain halved"] == pytest.approx(1, abs=1e-3)
        assert ratio["noise doubled"] == pytest.approx(1, abs=0.03)
        assert ratio["shrunk to the mean"] == pytest.approx(1, abs=0.25)


def test_stopping_is_seen_and_doubling_is_proportional_along_the_track(table):
    for decoder in ("template", "readout"):
        assert table[decoder, "track_compression", "time doubled"] == pytest.approx(2, rel=0.05)
        assert 1.4 < table[decoder, "compression", "time doubled"] < 1.9
        for measure in ("compression", "track_compression"):
            assert table[decoder, measure, "stopped"] < 0.1


def test_the_readout_is_not_free_of_amplitude(table):
    assert table["readout", "compression", "gain halved"] < 0.6


def test_in_a_box_both_decoders_survive_a_change_of_gain():
    setting = environment("rat")
    paths = setting.paths(100, np.random.default_rng(2))
    table = calibration(paths, setting.map(), setting.time_step, 3)
    assert set(table["measure"]) == {"compression"}
    ratio = table.set_index(["decoder", "change"])["ratio"]
    for decoder in ("template", "readout"):
        assert ratio[decoder, "gain halved"] == pytest.approx(1, abs=0.1)
        assert ratio[decoder, "stopped"] < 0.15
        assert ratio[decoder, "time doubled"] > 1.5
