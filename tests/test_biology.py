"""Measures that animals are described by, and the predecessor's, on paths whose answers are known."""

import numpy as np
import pytest
from rnn_replay.measures.biology.displacement import (
    displacement_exponent_rms,
    exponents,
    ji_exponent,
    krause_exponent,
    rms_displacement,
    shuffled,
    stella_exponents,
)
from rnn_replay.measures.biology.measures import MEASURES, describe, moving_lengths
from rnn_replay.measures.biology.path_models import MODELS, SHORTEST, covariance, fit, shares
from rnn_replay.measures.biology.predecessor import kl_divergence, output_variance, step_distance
from rnn_replay.measures.biology.recovery import recovered, recovery, synthetic, unmixed
from rnn_replay.measures.biology.steps import displacements, hover_share, jump_kurtosis, mixed_share, phase_randomised
from synthetic_replays import brownian, environment, jumper


def whole(position):
    return np.full(len(position), position.shape[1] - 1)


def test_exponents_of_rest_diffusion_and_straight_motion():
    rng = np.random.default_rng(0)
    free = brownian(400, 80, 0.1, rng)
    straight = 0.1 * np.arange(80)[None, :, None] * np.array([1.0, 0.5]) * np.ones((3, 1, 1))
    assert displacement_exponent_rms(free, whole(free)) == pytest.approx(0.5, abs=0.02)
    assert displacement_exponent_rms(straight, whole(straight)) == pytest.approx(1.0)
    assert np.isnan(displacement_exponent_rms(np.zeros((3, 80, 2)), np.full(3, 79)))
    assert rms_displacement(free, whole(free), range(4, 5))[0] == pytest.approx(0.1 * np.sqrt(2 * 4), rel=0.03)


def fractional(exponent, paths, steps, dimensions, rng):
    """Fractional Brownian paths, exact: shape (path, time, dimension)."""
    t = np.arange(1, steps + 1.0)
    both = t[:, None] ** (2 * exponent) + t ** (2 * exponent) - np.abs(t[:, None] - t) ** (2 * exponent)
    walk = np.linalg.cholesky(both / 2) @ rng.standard_normal((paths, steps, dimensions))
    return np.concatenate([np.zeros((paths, 1, dimensions)), walk], axis=1)


# A straight track, so long that none of the paths below leaves it.
LINE = np.array([[[-4000.0, 0.0], [4000.0, 0.0]]])


@pytest.mark.parametrize("exponent", [0.35, 0.5, 0.65, 0.8, 0.95])
def test_each_laboratorys_exponent_of_fractional_brownian_paths(exponent):
    rng = np.random.default_rng(20)
    plane = fractional(exponent, 4000, 40, 2, rng)
    lengths = whole(plane)
    np.testing.assert_allclose(stella_exponents(plane, lengths, range(0, 20, 4)), exponent, atol=0.02)
    assert krause_exponent(plane, lengths) == pytest.approx(exponent, abs=0.02)
    assert displacement_exponent_rms(plane, lengths) == pytest.approx(exponent, abs=0.02)
    track = plane[:1500] * [1, 0]
    assert ji_exponent(track, lengths[:1500], LINE) == pytest.approx(exponent, abs=0.02)


def test_a_shuffled_path_reads_as_shuffled_by_every_laboratory():
    rng = np.random.default_rng(21)
    path = fractional(0.8, 1500, 40, 2, rng)
    lengths = whole(path)
    order = shuffled(path, lengths, rng)
    found = [*stella_exponents(order, lengths, range(3)), krause_exponent(order, lengths)]
    found.append(ji_exponent(order * [1, 0], lengths, LINE))
    np.testing.assert_allclose(found, 0, atol=0.05)


def test_order_is_random_up_to_where_a_path_rests():
    rng = np.random.default_rng(23)
    path, lengths = brownian(300, 9, 0.1, rng), np.array([8, 4, 0] * 100)
    order = shuffled(path, lengths, rng)
    for before, after, length in zip(path, order, lengths, strict=True):
        np.testing.assert_array_equal(before[length + 1 :], after[length + 1 :])
        np.testing.assert_array_equal(*(np.sort(part[: length + 1, 0]) for part in (before, after)))
    assert (order[::3, 0] == path[::3, 0]).all(-1).mean() < 0.25  # each of nine places comes first alike


def test_exponents_by_name_are_those_of_the_laboratories():
    rng = np.random.default_rng(24)
    box, track = environment("rat").map(), environment("tmaze").map()
    path = brownian(300, 41, 0.02, rng)
    lengths = whole(path)
    field, line = exponents(path, lengths, box), exponents(path, lengths, track)
    assert np.isnan(field.pop("exponent_ji")) and np.isfinite(line.pop("exponent_ji"))
    assert field == line and field["exponent_krause"] == krause_exponent(path, lengths)
    starts = [field[f"exponent_stella_from_{start}"] for start in range(5)]
    assert field["exponent_stella"] == pytest.approx(np.mean(starts))
    np.testing.assert_array_equal(starts, stella_exponents(path, lengths, range(5)))


def test_what_was_mixed_is_unmixed():
    for momentum, diffusion in ((0.7, 0.2), (0.0, 0.5), (0.3, 0.0)):
        found = 0.745 * momentum + 0.06 * diffusion, 0.255 * momentum + 0.94 * diffusion
        assert unmixed(*found, 0.745, 0.94) == pytest.approx(momentum)
    assert unmixed(0.849, 0.048, 0.745, 0.94) == pytest.approx(0.849 + 0.048)  # more than there can be
    assert unmixed(0.0, 0.5, 0.9, 0.9) == 0 and np.isnan(unmixed(0.4, 0.5, 0.5, 0.9))


def test_a_path_that_rests_and_then_moves_is_mixed_and_one_that_only_moves_is_not():
    steady = 0.1 * np.arange(61)[None, :, None] * np.ones((4, 1, 2))
    late = np.maximum(steady - 3.0, 0)
    assert mixed_share(steady, whole(steady)) == 0 and mixed_share(late, whole(late)) == 1
    assert mixed_share(np.concatenate([steady, late]), np.full(8, 60)) == 0.5
    assert np.isnan(mixed_share(0 * steady, whole(steady)))


def test_laboratories_count_only_what_a_path_has():
    rng = np.random.default_rng(22)
    path = fractional(0.5, 200, 40, 2, rng)
    resting = np.concatenate([path, np.repeat(path[:, -1:], 30, axis=1)], axis=1)
    assert krause_exponent(resting, whole(path)) == krause_exponent(path, whole(path))
    assert ji_exponent(resting * [1, 0], whole(path), LINE) == ji_exponent(path * [1, 0], whole(path), LINE)
    np.testing.assert_array_equal(*(stella_exponents(p, whole(path), range(3)) for p in (resting, path)))
    assert np.isnan(stella_exponents(path, whole(path), range(35, 36))).all()


def test_only_increments_that_count_make_the_exponent():
    rng = np.random.default_rng(1)
    path = brownian(300, 40, 0.1, rng)
    resting = np.concatenate([path, np.repeat(path[:, -1:], 60, axis=1)], axis=1)
    assert displacement_exponent_rms(resting, np.full(300, 39)) == displacement_exponent_rms(path, whole(path))


def test_likelihood_is_that_of_the_dense_gaussian():
    from scipy.stats import multivariate_normal

    rng = np.random.default_rng(2)
    path = synthetic("momentum", 1, 30, 0.2, 0.8, 0.0, rng)
    found = fit(path)
    w, phi, scale = (part[0, -1] for part in (found.noise_share, found.persistence, found.scale))
    dense = multivariate_normal(np.zeros(30), scale**2 * covariance(30, w, phi))
    likelihood = dense.logpdf(np.diff(path, axis=1)[0].T).sum()
    assert found.bic[0, -1] == pytest.approx(3 * np.log(60) - 2 * likelihood)


def test_a_shorter_length_is_a_shorter_path():
    rng = np.random.default_rng(3)
    path = synthetic("diffusion", 20, 60, 0.3, 0.0, 0.0, rng)
    np.testing.assert_allclose(fit(path, np.full(20, 35)).bic, fit(path[:, :36]).bic)
    short = fit(path, np.full(20, SHORTEST - 1))
    assert (short.best == -1).all() and np.isnan(shares(short)["momentum"])


def test_recovery_is_on_the_diagonal_where_it_is_said_to_be():
    table = recovery([35, 150], [0.1], [0.0, 1.0], paths=60, seed=1)
    assert table.groupby(["increments", "lattice", "planted", "persistence"])[
        "share"
    ].sum().to_numpy() == pytest.approx(1)
    diagonal = table[table["planted"] == table["found"]]
    weak = (diagonal["planted"] == "momentum") & (diagonal["persistence"] < 0.8)
    assert (diagonal.loc[~weak, "share"] >= 0.8).all()
    assert diagonal.loc[weak & (diagonal["persistence"] == 0.4), "share"].min() < 0.8, "limits are found, too"


def test_jitter_is_not_taken_for_momentum():
    """False positives: diffusion under much decoding noise, where AR(2) beats AR(1) on nearly every path."""
    path = synthetic("diffusion", 200, 100, 0.6, 0.0, 0.0, np.random.default_rng(4))
    assert shares(fit(path))["momentum"] <= 0.05
    steps = np.diff(path, axis=1)
    correlation = (steps[:, 1:] * steps[:, :-1]).sum((1, 2)) / (steps**2).sum((1, 2))
    assert (correlation < -2 / np.sqrt(200)).mean() > 0.5


def test_recovery_at_the_paths_own_parameters():
    rng = np.random.default_rng(5)
    strong = synthetic("momentum", 60, 100, 0.1, 0.9, 0.0, rng)
    weak = synthetic("diffusion", 60, 100, 0.3, 0.0, 0.0, rng)
    found = [recovered(fit(path), whole(path), 100, 0.0, rng) for path in (strong, weak)]
    assert min(found[0].values()) >= 0.8
    assert found[1]["diffusion"] >= 0.8 and found[1]["momentum"] < 0.5


def test_what_never_moves_is_stationary_and_bad_positions_are_refused():
    assert set(fit(np.zeros((4, 50, 2))).best) == {MODELS.index("stationary")}
    with pytest.raises(ValueError, match="not finite; allowed: finite"):
        fit(np.full((1, 50, 2), np.nan))


def test_surrogates_keep_ends_and_spectrum():
    rng = np.random.default_rng(6)
    path = brownian(5, 64, 0.1, rng)
    lengths = np.array([63, 40, 40, 21, 20])
    twin = phase_randomised(path, lengths, rng)
    for before, after, length in zip(path, twin, lengths, strict=True):
        np.testing.assert_allclose(before[[0, length]], after[[0, length]], atol=1e-12)
        powers = [np.abs(np.fft.rfft(np.diff(part, axis=0)[:length], axis=0)) for part in (before, after)]
        np.testing.assert_allclose(*powers, atol=1e-10)
    assert np.abs(path[0] - twin[0]).max() > 0.1


def test_hover_and_jump_stand_out_from_their_null_and_diffusion_does_not():
    rng = np.random.default_rng(7)
    jumps = np.sort(rng.choice(140, (200, 8)), axis=-1)
    hovering = jumper(np.array([[0.0, 0], [1, 0]]), jumps, 151) + 0.01 * rng.standard_normal((200, 151, 2))
    free = brownian(200, 151, 0.1, rng)
    for path, stands_out in ((hovering, True), (free, False)):
        twin = phase_randomised(path, whole(path), rng)
        hover = hover_share(path, whole(path)) - hover_share(twin, whole(twin))
        kurtosis = jump_kurtosis(path, whole(path)) - jump_kurtosis(twin, whole(twin))
        assert (hover > 0.1 and kurtosis > 2) == stands_out
        assert stands_out or (abs(hover) < 0.03 and abs(kurtosis) < 0.4)
    assert hover_share(free, whole(free)) == pytest.approx(0.18, abs=0.03)
    assert not displacements(np.zeros((2, 30, 2)), np.full(2, 29)) and np.isnan(hover_share(free[:0], np.empty(0)))


def test_divergence_of_known_densities():
    rng = np.random.default_rng(8)
    wide, moved, narrow = (m + s * rng.standard_normal((40, 50, 2)) for m, s in ((0, 1), (1, 1), (0, 0.5)))
    same = kl_divergence(wide, 0 + rng.standard_normal((40, 50, 2)), rng)
    assert abs(same) < 0.1
    assert kl_divergence(moved, wide, rng) == pytest.approx(1.0, abs=0.25)  # |difference of means|² / 2
    assert kl_divergence(narrow, wide, rng) == pytest.approx(2 * np.log(2) - 0.75, abs=0.2)
    assert kl_divergence(wide, narrow, rng) > kl_divergence(narrow, wide, rng)
    assert np.isnan(kl_divergence(np.zeros((2, 10, 2)), wide, rng))


def test_variance_and_step_distance():
    path = np.zeros((1, 8, 2))
    path[0, 4:, 0] = (0, 2, 0, 2)
    assert output_variance(path) == pytest.approx(4 / 3)
    assert step_distance(path) == pytest.approx(6 / 7)


def test_every_measure_is_described_and_arrival_ends_a_path():
    map = environment("tmaze").map()
    paths = environment("tmaze").paths(40, np.random.default_rng(9)).position
    lengths = moving_lengths(paths, map)
    assert (lengths < paths.shape[1] - 1).any()
    found = describe(paths[:20], paths[20:], map, 0.05, np.random.default_rng(10))
    assert set(found) == set(MEASURES)
    assert found["share_momentum"] == 1 and found["displacement_exponent_rms"] > 0.8
