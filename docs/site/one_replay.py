"""The picture on the first page: `python docs/site/one_replay.py results/demo`. One awake path, and one replay."""

import sys
from pathlib import Path

import numpy as np
from rnn_replay import artifacts
from rnn_replay.figures.maps import draw_map, draw_path, draw_scale, round_length
from rnn_replay.figures.style import BLUE, DOUBLE, GREEN, ORANGE, figure
from rnn_replay.measures.base import smooth

ENVIRONMENT, FRICTION, NUMBER = "rat", 0.6, 12  # of the replays; picked for a path that is easy to see


def draw(results: Path):
    """The agent's path, the state of the network on its first components, and what a decoder reads from it."""
    (replays,) = sorted(results.glob(f"replays/{ENVIRONMENT}/*/grafted.nc"))[:1]
    data = artifacts.read(replays, seed=0)
    environment = artifacts.read(results / f"environments/{ENVIRONMENT}/{int(data['seed'])}.nc")
    setting = int(np.flatnonzero((data["friction"] == FRICTION) & (data["adaptation_strength"] == 0))[0])
    step, start = float(environment["time_step"]), int(data["start_path"].values[NUMBER])
    awake = environment["test_position"].values[start]
    state = data["state"].values[setting, NUMBER]
    replay = smooth(data["position"].sel(decoder="readout").values[setting, NUMBER])
    fig = figure(DOUBLE, 2.3)
    left, middle, right = fig.subplots(1, 3, width_ratios=[1, 1.25, 1])
    last = step * (len(awake) - 1)
    draw_map(left, environment)
    draw_path(left, awake, step * np.arange(len(awake)), last, linewidth=1.4)
    draw_scale(left, round_length(environment))
    left.set_title("Awake: where the agent walks")
    time = step * np.arange(len(awake))
    for values, colour in zip(state[: len(awake), :3].T, (BLUE, ORANGE, GREEN), strict=True):
        middle.plot(time, values, color=colour, linewidth=1)
    middle.set(xlabel="Time (s)", ylabel="State r, first three components", xlim=(0, last))
    middle.set_title("Replay: the hidden state, without input")
    draw_map(right, environment)
    line = draw_path(right, replay[: len(awake)], time, last, linewidth=1.4)
    right.set_title("Replay: the place that is read")
    bar = fig.colorbar(line, ax=right, shrink=0.7, ticks=[0, last])
    bar.ax.set_yticklabels(["0 s", f"{last:.0f} s"])
    bar.outline.set_visible(False)
    return fig


if __name__ == "__main__":
    path = Path(__file__).parents[1] / "images/one_replay.png"
    draw(Path(sys.argv[1])).savefig(path, dpi=160, metadata={"Software": None})
