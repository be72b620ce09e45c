"""Gaussian paths, memory, the learned leak, and the rows and figures of the theory stage, at small size."""

import numpy as np
import pytest
import torch
from rnn_replay.theory import gaussian_paths, memory
from rnn_replay.theory.comparison import mean_and_error, passes
from rnn_replay.theory.linear import Linear

PATHS = gaussian_paths.processes(0.05, 0.002, 0.5)


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def test_simulated_paths_meet_closed_form_and_planted_errors_are_caught(monkeypatch):
    sampling = (0.05, 30000, 20, [1, 10, 20], 3)
    assert passes(gaussian_paths.compare(PATHS, *sampling))
    variance = gaussian_paths.Paths.variance
    monkeypatch.setattr(gaussian_paths.Paths, "variance", lambda self, t: 1.03 * variance(self, t))
    assert not passes(gaussian_paths.compare(PATHS, *sampling))


def test_score_leak_is_1_off_the_manifold_and_the_inverse_covariance_on_it():
    rng = np.random.default_rng(0)
    decoder = np.linalg.qr(rng.standard_normal((6, 2)))[0].T  # orthonormal rows
    inverse = 0.05**2 * np.linalg.inv(decoder.T @ (0.3 * np.eye(2)) @ decoder + 0.05**2 * np.eye(6))
    expected = np.sort([*[gaussian_paths.score_leak(0.3, 0.05)] * 2, *[1.0] * 4])
    np.testing.assert_allclose(np.linalg.eigvalsh(inverse), expected)
    assert gaussian_paths.score_leak(0.0, 0.05) == 1


def test_tracking_error_without_leak_is_accumulated_noise():
    np.testing.assert_allclose(gaussian_paths.tracking_error(0.0, PATHS[1], 0.1, 10), 0.01 * np.arange(11))


@pytest.mark.parametrize(("dimension", "samples"), [(2, 50), (16, 100), (16, 1000)])
def test_score_error_meets_the_wishart_moments(dimension, samples):
    measured, error = mean_and_error(gaussian_paths.measured_score_error(dimension, samples, 300, 5))
    assert abs(measured - gaussian_paths.relative_score_error(dimension, samples)) < 4 * error


def test_too_few_samples_are_refused():
    with pytest.raises(ValueError, match="samples is 10 in 8 dimensions"):
        gaussian_paths.relative_score_error(8, 10)


def test_nothing_is_remembered_beyond_the_whole_state():
    system = Linear(0.2, 1.0, 0.3, 10, 1.0)
    assert memory.memory_gain(system, 5, "given_state") == pytest.approx(0, abs=1e-9)
    assert memory.memory_gain(system, 5, "") > 0.01


def test_a_markov_r_has_no_memory():
    assert memory.memory_gain(Linear(0.2, 1.0, 0.0, 10, 1.0), 5, "") == pytest.approx(0, abs=1e-9)


def test_the_metric_measures_the_closed_form_gain():
    system = Linear(0.2, 1.0, 0.3, 10, 1.0)
    compared, beyond = memory.compare([system], 8, 300, 110, 200, seed=2)
    assert len(compared) >= 2 and passes(compared)
    assert beyond < 0.002
