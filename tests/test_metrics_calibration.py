"""What the measures of speed say when gain, spread, noise or time of the states change."""

import numpy as np
import pytest
from rnn_replay.tables.calibration import EXPECTED, KNOWN, MEASURES, NOWHERE, SPEEDS, calibration, path_rows
from synthetic_replays import environment


@pytest.fixture(scope="module", params=["triangle", "tmaze"])
def table(request):
    setting = environment(request.param)
    paths = setting.paths(100, np.random.default_rng(1))
    found = calibration(paths, setting.map(), setting.time_step, 3)
    return found.set_index(["decoder", "measure", "change"])["ratio"].sort_index()


def test_every_change_is_measured_by_every_decoder(table):
    assert len(table) == 2 * len(MEASURES) * len(EXPECTED)
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
    assert set(table["measure"]) == {"compression", "progress_compression"}
    ratio = table[table["measure"] == "compression"].set_index(["decoder", "change"])["ratio"]
    for decoder in ("template", "readout"):
        assert ratio[decoder, "gain halved"] == pytest.approx(1, abs=0.1)
        assert ratio[decoder, "stopped"] < 0.15
        assert ratio[decoder, "time doubled"] > 1.5


@pytest.mark.parametrize("name", ["triangle", "tmaze", "rat"])
def test_known_paths_are_read_within_the_stated_bounds(name):
    setting = environment(name)
    map, awake = setting.map(), setting.paths(200, np.random.default_rng(4)).position
    table = path_rows(awake, map, setting.time_step, 3)
    ratio = table.set_index(["measure", "change"])["ratio"].sort_index()
    assert {change for _, change in ratio.index} >= set(KNOWN)
    progress = ratio["progress_compression"]
    for speed in SPEEDS:
        bound = {4: 0.15, 5: 0.25}.get(speed, 0.1) if name == "rat" else 0.1
        assert progress[f"{speed:g} × speed"] == pytest.approx(speed, rel=bound)
    # Displacements agree by chance in one of many: of that, a fifth of awake speed.
    assert (progress[list(NOWHERE)] <= 0.2).all()
    np.testing.assert_allclose(ratio["entropy_per_distance"], 1, rtol=0.1)
    np.testing.assert_allclose(ratio["reach_hazard"], 1, rtol=0.2)
    if name == "rat":
        assert ratio["progress_speed", "AR(2)"] == pytest.approx(1, rel=0.1)


def test_velocity_of_progress_is_that_of_states_changed_in_amplitude_noise_and_time(table):
    progress = table["template", "progress_compression"]
    for change, expected in EXPECTED.items():
        if change != "collapsed":
            bound = 0.2 if change == "shrunk to the mean" else 0.1
            assert progress[change] == pytest.approx(expected, rel=bound, abs=0.02), change
