"""False positives of a row at 16 seeds, with differences between real networks: the table in docs/concepts.md.

observed_differences.csv holds paired differences with momentum against none of the 16 networks of the reference run in
36 rows (3 environments, friction 0.8 and 0.6, 6 metrics, sweep `grafted`): less the row's mean, over its sd. One
network has no exploration by distance in the box.
"""

from pathlib import Path

import numpy as np
import pandas as pd
import pytest
from rnn_replay.claims.statistics import mean_interval, sign_flip_p
from rnn_replay.seeds import stream
from scipy import stats

ROOT = Path(__file__).parents[1]
SEEDS, REPETITIONS = 16, 100  # repetitions of each row
OBSERVED = pd.read_csv(ROOT / "tests/observed_differences.csv").filter(like="network_").to_numpy()
# Differences without an effect, from those of a row, shape (seed,).
DRAWS = {
    "conditions permuted": lambda row, rng: rng.choice(row, SEEDS) * rng.choice([-1, 1], SEEDS),
    "heavy tails (t, 3 degrees of freedom)": lambda row, rng: rng.standard_t(3, SEEDS),
    "observed skewness": lambda row, rng: rng.choice(row - row.mean(), SEEDS),
}


@pytest.mark.parametrize("name", DRAWS)
def test_rows_are_decided_by_chance_as_often_as_the_documents_say(name):
    rng = stream(0, "test", "observed", name)
    decided = []
    for row in np.repeat(OBSERVED, REPETITIONS, axis=0):
        values = DRAWS[name](row[np.isfinite(row)], rng)
        interval = mean_interval(values, 0.95)
        student = stats.ttest_1samp(values, 0).pvalue
        decided.append((interval.low > 0 or interval.high < 0, student < 0.05, sign_flip_p(values, (0.0,)) < 0.05))
    rates = np.mean(decided, axis=0)
    error = np.sqrt(0.05 * 0.95 / len(decided))
    assert 0.02 < rates[0] <= 0.05 + 2 * error
    line = f"| {name} | {' | '.join(f'{100 * rate:.1f} %' for rate in rates)} |"
    assert line in (ROOT / "docs/concepts.md").read_text(), line
