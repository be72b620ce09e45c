"""Intervals hold their level on few seeds, and verdicts follow from them."""

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from rnn_replay.claims.statistics import (
    Interval,
    any_false,
    conclusion,
    holm,
    mean_interval,
    p_value,
    sign_flip_p,
    skewed,
    skewness_of,
    unskewed,
    width_by_seeds,
)
from rnn_replay.seeds import stream
from scipy import stats

SEEDS = 8
finite = st.lists(st.floats(-1e3, 1e3), min_size=2, max_size=12).map(np.array)


def student(values, level):
    """SciPy's Student interval of a mean."""
    bounds = stats.ttest_1samp(values, 0).confidence_interval(level)
    return Interval(values.mean(), bounds.low, bounds.high)


def tesmean_interval_of_symmetric_values_is_scipys():
    half = stream(0, "test", "t").normal(2, 3, SEEDS)
    values = np.concatenate([half, 4 - half])
    interval, oracle = mean_interval(values, 0.9), student(values, 0.9)
    np.testing.assert_allclose([interval.low, interval.high], [oracle.low, oracle.high], rtol=1e-9)
    np.testing.assert_allclose(p_value(values, (0.0,)), stats.ttest_1samp(values, 0).pvalue)


@given(finite.filter(lambda values: np.ptp(values) > 1e-3), st.floats(0.5, 0.99))
def tesmean_interval_holds_students_and_is_wider_on_the_side_of_the_tail(values, level):
    interval, oracle = mean_interval(values, level), student(values, level)
    slack = 1e-9 * np.abs(values).max()
    assert interval.low <= oracle.low + slack and oracle.high <= interval.high + slack
    below, above = interval.estimate - interval.low, interval.high - interval.estimate
    assert skewness_of(values) * (above - below) >= -slack


@given(st.floats(-4, 4), st.floats(-3, 3), st.integers(2, 40))
def test_halls_transformation_can_be_undone(distance, skewness, count):
    transformed = unskewed(distance, skewness, count)
    if not np.isfinite(transformed):
        distance = -3 / skewness
    assert skewed(transformed, np.array(skewness), np.array(count)) == pytest.approx(distance, abs=2e-3)


@pytest.mark.parametrize(
    "draw, mean",
    [
        (lambda rng: rng.normal(size=SEEDS), 0.0),
        (lambda rng: rng.standard_t(3, SEEDS), 0.0),
        (lambda rng: rng.laplace(size=SEEDS), 0.0),
        (lambda rng: rng.lognormal(0, 0.5, SEEDS), np.exp(0.125)),
        (lambda rng: rng.exponential(size=SEEDS), 1.0),
    ],
    ids=["normal", "t3", "laplace", "lognormal", "exponential"],
)
def test_coverage_at_eight_seeds(draw, mean):
    """The interval holds the mean in at least 92.5 % of repetitions; Student's and the percentile bootstrap may not."""
    repetitions = 1500
    held = {"interval": 0, "percentile": 0}
    for repetition in range(repetitions):
        rng = stream(repetition, "test", "coverage")
        values = draw(rng)
        resampled = rng.choice(values, (399, SEEDS)).mean(-1)
        found = {
            "interval": mean_interval(values, 0.95),
            "percentile": Interval(values.mean(), *np.quantile(resampled, [0.025, 0.975])),
        }
        for name, interval in found.items():
            held[name] += interval.low <= mean <= interval.high
    share = {name: count / repetitions for name, count in held.items()}
    assert 0.925 <= share["interval"] <= 0.985
    assert share["percentile"] < 0.92


@settings(max_examples=50, deadline=None)
@given(
    st.lists(st.integers(-100, 100), min_size=2, max_size=12), st.integers(-10, 10), st.sampled_from([0.25, 2.0, 8.0])
)
def tesmean_intervals_move_and_scale_with_the_values(values, shift, factor):
    a, b = (mean_interval(moved, 0.95) for moved in (np.array(values), np.array(values) * factor + shift))
    np.testing.assert_allclose([b.low, b.high], [a.low * factor + shift, a.high * factor + shift], atol=1e-8)
    assert a.low <= a.estimate <= a.high


@settings(max_examples=50, deadline=None)
@given(finite.filter(lambda values: np.ptp(values) > 1e-3), st.floats(-100, 100))
def test_p_value_is_where_the_interval_begins_to_hold_the_bound(values, bound):
    p = p_value(values, (bound,))
    if 1e-6 < p < 1 - 1e-6:
        wide, narrow = mean_interval(values, 1 - p * 0.99), mean_interval(values, 1 - min(p * 1.01, 1 - 1e-9))
        assert wide.low < bound < wide.high
        assert not narrow.low < bound < narrow.high


def test_values_that_are_all_alike():
    values = np.full(SEEDS, 0.25)
    assert mean_interval(values, 0.95) == Interval(0.25, 0.25, 0.25)
    assert p_value(values, (0.0,)) == 0 and p_value(values, (0.25,)) == 1


@pytest.mark.parametrize("values", [[1.0], [1.0, np.nan], [1.0, np.inf]])
def test_too_few_or_undefined_values_are_refused(values):
    with pytest.raises(ValueError, match="allowed"):
        mean_interval(np.array(values), 0.95)


def test_conclusions():
    assert conclusion(Interval(1, 0.5, 1.5), "greater", (0.0,)) == "supported"
    assert conclusion(Interval(1, 0.5, 1.5), "less", (0.0,)) == "contradicted"
    assert conclusion(Interval(-1, -1.5, -0.5), "less", (0.0,)) == "supported"
    assert conclusion(Interval(1, -0.1, 2), "greater", (0.0,)) == "inconclusive"
    assert conclusion(Interval(0, -0.1, 0.1), "within", (-0.2, 0.2)) == "supported"
    assert conclusion(Interval(1, 0.5, 1.5), "kept", (0.0,)) == "supported"
    assert conclusion(Interval(0, -0.1, 0.1), "none", (-0.2, 0.2)) == "supported"
    assert conclusion(Interval(0, -0.3, 0.1), "within", (-0.2, 0.2)) == "inconclusive"
    assert conclusion(Interval(1, 0.3, 2), "within", (-0.2, 0.2)) == "contradicted"
    with pytest.raises(ValueError, match="allowed: greater, less, kept, none, within"):
        conclusion(Interval(0, 0, 0), "equal", (0.0,))


def test_equivalence_is_rarely_found_at_the_margin():
    """At a true effect of exactly the margin, `supported` stays within half the error rate."""
    values = stream(0, "test", "margin").normal(0.2, 0.05, (400, SEEDS))
    found = [conclusion(mean_interval(v, 0.95), "within", (-0.2, 0.2)) for v in values]
    assert found.count("supported") <= 18  # 10 expected, sd 3.1
    assert found.count("contradicted") <= 18


def test_holm_by_hand():
    np.testing.assert_allclose(holm(np.array([0.01, 0.04, 0.03, 0.005])), [0.03, 0.06, 0.06, 0.02])
    assert holm(np.array([])).shape == (0,)


def test_holm_keeps_the_family_error_rate():
    p = stream(0, "test", "holm").uniform(size=(400, 21))
    wrong = sum((holm(row) < 0.05).any() for row in p)
    assert wrong <= 32  # 20 expected, sd 4.4
    assert (p.min(-1) < 0.05).mean() == pytest.approx(any_false(21, 0.95), abs=0.07)


def test_width_by_seeds():
    """Mean over all subsets up to the seeds that were run; beyond, the width that their spread foretells."""
    values = np.array([0.0, 1.0, 3.0])
    widths = width_by_seeds(values, 0.95, [2, 3, 12])
    pairs = [student(values[list(pair)], 0.95) for pair in ((0, 1), (0, 2), (1, 2))]
    full = student(values, 0.95)
    foretold = 2 * stats.t.ppf(0.975, 11) * values.std(ddof=1) / np.sqrt(12)
    np.testing.assert_allclose(widths, [np.mean([p.high - p.low for p in pairs]), full.high - full.low, foretold])
    assert np.isfinite(width_by_seeds(stream(0, "test").normal(size=40), 0.95, [20])).all()


def test_sign_flip_p_by_hand():
    # Of 2^3 patterns, two have a mean as far from 0 as (1, 2, 3): all signs alike.
    assert sign_flip_p(np.array([1.0, 2.0, 3.0]), (0.0,)) == 2 / 8
    # (−1, 2, 3): |sum| is 4, which 6 and 4 reach with both signs.
    assert sign_flip_p(np.array([-1.0, 2.0, 3.0]), (0.0,)) == 4 / 8
    assert sign_flip_p(np.array([1.0, 2.0, 3.0]), (10.0, 0.5)) == sign_flip_p(np.array([0.5, 1.5, 2.5]), (0.0,))
    assert sign_flip_p(np.linspace(1, 2, 16), (0.0,)) == 2 / 2**16


@pytest.mark.parametrize("draw", ["normal", "standard_cauchy"])
def test_sign_flips_hold_their_level_whatever_the_tails(draw):
    rng = np.random.default_rng(5)
    p = np.array([sign_flip_p(getattr(rng, draw)(size=8), (0.0,)) for _ in range(2000)])
    assert (p <= 0.05).mean() == pytest.approx(0.047, abs=0.015)  # 12 of 256 patterns


def test_more_seeds_than_patterns_can_be_tried_are_drawn():
    values = np.random.default_rng(2).normal(0.5, 1, 20)
    assert sign_flip_p(values, (0.0,)) == pytest.approx(p_value(values, (0.0,)), abs=0.02)
    assert sign_flip_p(np.full(20, 1.0), (0.0,)) >= 1 / 2**16
