"""Potentials: transition kernels against known answers, the replay loop, and OpenMM's Langevin integrator."""

from dataclasses import replace

import numpy as np
import pytest
import torch
from rnn_replay.theory import passage
from rnn_replay.theory.comparison import mean_and_error, passes
from rnn_replay.theory.line_kernel import LineKernel
from rnn_replay.theory.line_kernel import passage as read_passage
from rnn_replay.theory.linear import Linear, momentum_variance
from rnn_replay.theory.passage import Point
from rnn_replay.theory.plane_kernel import Axis, Overdamped, Underdamped
from rnn_replay.theory.potentials import DoubleWell, Ring, Tee, overdamped_passage

TASKS = passage.tasks(0.04, 0.2)
POINT = Point(1.0, 0.0, 20, 0.2, "fluctuation_dissipation")


@pytest.fixture(autouse=True)
def one_thread():
    torch.set_num_threads(1)


def well(r):
    return -4 * 0.04 * r * (r**2 - 1)


def well_and_spring(r):
    return torch.stack([well(r[..., 0]), -0.3 * r[..., 1]], -1)


@pytest.mark.parametrize("potential", [DoubleWell(0.04), Ring(0.04), Tee(0.02, 0.25, 0.25)])
def test_drift_is_minus_the_gradient(potential):
    r = torch.randn(50, 1 if isinstance(potential, DoubleWell) else 2, dtype=torch.float64, requires_grad=True)
    (gradient,) = torch.autograd.grad(potential.energy(r).sum(), r)
    torch.testing.assert_close(potential.drift(r), -gradient)


@pytest.mark.parametrize(("friction", "strength"), [(1.0, 0.0), (0.5, 0.0), (1.0, 0.1), (0.5, 0.1)])
def test_line_kernel_in_a_linear_drift_meets_lyapunov(friction, strength):
    kernel = LineKernel(lambda r: -0.2 * r, friction, strength, 10, 0.3, -5, 5, 0.0, 24)
    expected = Linear(0.2, friction, strength, 10, 0.3).covariance()[0, 0]
    measure = kernel.after(120)
    assert measure.sum() == pytest.approx(1, abs=1e-6)
    assert kernel.expectation(measure, np.square) == pytest.approx(expected, rel=1e-4)
    deviation = np.sqrt(expected)
    assert kernel.probability(measure, -deviation, deviation) == pytest.approx(0.682689, abs=1e-4)


def test_plane_kernels_meet_the_line_kernel_and_each_other():
    x, y = Axis.legendre(-2.4, 1.0, 0.2), Axis.legendre(-2, 2, 0.2)
    start = (-1.0, 0.0)
    for strength in (0.0, 0.02):
        plane = Overdamped(well_and_spring, 0.2, x, y, start, strength, 20, 6).survival(100)
        line = LineKernel(well, 1.0, strength, 20, 0.2, -2.4, 1.0, -1.0).survival(100)
        np.testing.assert_allclose(read_passage(plane, 100), read_passage(line, 100), rtol=2e-3)
    noise = 0.2 * np.sqrt(0.6)
    spacing = 2 / 25.5
    x = Axis.between(1.0 - 43 * spacing, spacing, 43, (False, True))
    y = Axis.between(-22.5 * spacing, spacing, 45)
    plane = Underdamped(well_and_spring, noise, x, y, start, 0.6).survival(100)
    line = LineKernel(well, 0.6, 0.0, 20, noise, -2.4, 1.0, -1.0).survival(100)
    np.testing.assert_allclose(read_passage(plane, 100), read_passage(line, 100), rtol=2e-3)


def test_small_steps_reach_the_continuous_limit():
    # A tenth of the drift and of the noise's variance: time runs ten times slower.
    small = DoubleWell(0.004)
    kernel = LineKernel(lambda r: -0.016 * r * (r**2 - 1), 1.0, 0.0, 20, 0.2 * np.sqrt(0.1), -2.2, 1.0, -1.0)
    survival = kernel.survival(12000)
    tail = survival[-1] / -np.log(survival[-1] / survival[-2])
    limit = overdamped_passage(small, 0.002, -1.0, 1.0)
    # A goal that is looked at only at steps is overshot by 0.5826 σ (Broadie, Glasserman & Kou 1997).
    assert survival.sum() + tail == pytest.approx(limit, rel=0.1)
    assert survival.sum() + tail > limit


def test_the_overdamped_limit_is_continuous():
    def rate(friction):
        point = replace(POINT, friction=friction)
        return read_passage(passage.line_kernel(TASKS["double_well"], point, True).survival(200), 200)[1]

    gaps = [abs(rate(friction) / rate(1.0) - 1) for friction in (0.9, 0.99, 0.999)]
    assert gaps[1] < gaps[0] / 5 and gaps[2] < gaps[1] / 5


@pytest.mark.parametrize("name", ["double_well", "ring", "tee"])
def test_replays_meet_the_kernel_and_a_planted_error_is_caught(name):
    steps = {"double_well": 200, "ring": 100, "tee": 60}[name]
    points = [POINT, replace(POINT, friction=0.8)]
    references = [passage.reference(TASKS[name], point, steps) for point in points]
    # Each seed passes with a probability of 99 %.
    assert sum(passes(passage.compare(TASKS[name], points, references, 10000, steps, seed)) for seed in range(3)) >= 2
    wrong = [replace(point, noise=1.03 * point.noise) for point in points]
    assert not passes(passage.compare(TASKS[name], wrong, references, 20000, steps, seed=0))


def test_the_plane_refuses_momentum_with_adaptation():
    with pytest.raises(ValueError, match="allowed in the plane: 0"):
        passage.plane_kernel(TASKS["ring"], Point(0.5, 0.1, 20, 0.2, "fixed"), True)


def test_agreement_with_an_independent_langevin_integrator():
    openmm = pytest.importorskip("openmm")
    unit = pytest.importorskip("openmm.unit")
    friction, particles, steps, burn_in, height = 0.1, 4000, 600, 300, 0.002
    # Mass 1 dalton and steps of 1 ps: energies in kJ/mol are those of the map, up to what it derives below.
    temperature = 0.001  # kT, with the barrier twice that
    system = openmm.System()
    force = openmm.CustomExternalForce("h*(x^2-1)^2 + 0.01*(y^2+z^2)")
    force.addGlobalParameter("h", height)
    for i in range(particles):
        system.addParticle(1.0)
        force.addParticle(i, [])
    system.addForce(force)
    boltzmann = unit.MOLAR_GAS_CONSTANT_R.value_in_unit(unit.kilojoule_per_mole / unit.kelvin)
    integrator = openmm.LangevinMiddleIntegrator(temperature / boltzmann, -np.log(1 - friction), 1.0)
    integrator.setRandomNumberSeed(1)
    context = openmm.Context(system, integrator, openmm.Platform.getPlatformByName("Reference"))
    context.setPositions(np.tile([-1.0, 0.0, 0.0], (particles, 1)))
    context.setVelocities(np.zeros((particles, 3)))
    crossed = np.zeros(particles, dtype=bool)
    for _ in range(burn_in + steps):
        integrator.step(1)
        x = context.getState(getPositions=True).getPositions(asNumpy=True)._value[:, 0]
        crossed |= x >= 1
    # docs/theory.md, §3.4: the force reaches the map times (2 − λ_v)/2, the noise is √(λ_v (2 − λ_v) kT).
    task = replace(TASKS["double_well"], potential=DoubleWell(height * (2 - friction) / 2))
    noise = float(np.sqrt(friction * (2 - friction) * temperature))
    ours = passage.sample(task, [Point(friction, 0.0, 1, noise, "fixed")], 4 * particles, burn_in + steps, seed=1)
    for theirs, mine in ((x**2, ours.last[0, :, 0] ** 2), (crossed, ours.arrival[0] <= burn_in + steps)):
        (a, a_error), (b, b_error) = mean_and_error(theirs.astype(float)), mean_and_error(mine.astype(float))
        assert abs(a - b) < 4 * np.hypot(a_error, b_error)
        assert np.hypot(a_error, b_error) < 0.02


def test_heating_follows_momentum_variance():
    assert momentum_variance(0.2, 0.2, 1.0) / momentum_variance(0.2, 1.0, 1.0) > 4
