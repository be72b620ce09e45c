"""The recipes of the documentation, followed: an environment and a metric of one's own."""

import gzip
import json
import re
from base64 import b64decode

import pandas as pd
import pytest
import yaml
from checkout import ROOT, checkout, snakemake

FENCE = re.compile(r"^```(\w+)\n(.*?)^```", re.MULTILINE | re.DOTALL)


def blocks(recipe: str, language: str) -> list[str]:
    """Code blocks of a language in a recipe."""
    text = (ROOT / f"docs/recipes/{recipe}.md").read_text()
    return [code for kind, code in FENCE.findall(text) if kind == language]


# Two more environments by the recipe: a loop and a box, whose tracked variable is the position too.
CIRCLE = '''
import numpy as np

from rnn_replay.environments.base import BaseEnvironment, Map, Pool, Traits, setting


class Environment(BaseEnvironment):
    """Round and round on a circle."""

    traits = Traits("loop")
    radius: float = setting("m", "radius of the circle", 1.0, ge=0.1)

    def points(self, turn):
        return self.radius * np.stack([np.cos(2 * np.pi * turn), np.sin(2 * np.pi * turn)], axis=-1)

    def map(self):
        around = self.points(np.arange(61) / 60)
        return Map(
            traits=self.traits,
            segments=np.stack([around[:-1], around[1:]], axis=1),
            bins=around[:-1],
            bins_tracked=around[:-1],
            regions=around[:-1:5],
            goals=around[:-1:20],
            goal_radius=0.25 * self.radius,
            size=2 * self.radius,
        )

    def paths(self, count, rng):
        position = self.points(rng.uniform(0, 1, (count, 1)) + 0.02 * np.arange(self.steps + 1))
        return Pool(position, position)
'''
SQUARE = '''
import numpy as np

from rnn_replay.environments.base import BaseEnvironment, Map, Pool, Traits, grid


class Environment(BaseEnvironment):
    """Straight through a square box, and back at its walls."""

    traits = Traits("box")

    def map(self):
        corners = np.array([[0.0, 0.0], [1.0, 0.0], [1.0, 1.0], [0.0, 1.0]])
        return Map(
            traits=self.traits,
            segments=np.stack([corners, np.roll(corners, -1, axis=0)], axis=1),
            bins=grid(1.0, 0.1),
            bins_tracked=grid(1.0, 0.1),
            regions=grid(1.0, 0.25),
            goals=corners,
            goal_radius=0.2,
            size=1.0,
        )

    def paths(self, count, rng):
        angle = rng.uniform(0, 2 * np.pi, (count, 1))
        ahead = 0.04 * np.arange(self.steps + 1)[:, None] * np.stack([np.cos(angle), np.sin(angle)], axis=-1)
        position = np.abs((rng.uniform(0, 1, (count, 1, 2)) + ahead + 1) % 2 - 1)
        return Pool(position, position)
'''
SHAPES = {"line": "track", "circle": "loop", "square": "box"}


@pytest.fixture(scope="module")
def own(tmp_path_factory):
    """A run with the recipes' environment and metric, and a loop and a box. All is small, to be quick."""
    folder = checkout(tmp_path_factory.mktemp("own"))
    science = folder / "workflow/rnn_replay"
    (line,) = blocks("environment", "python")
    for name, text in {"line": line, "circle": CIRCLE, "square": SQUARE}.items():
        (science / f"environments/{name}.py").write_text(text)
    entry = yaml.safe_load(*blocks("environment", "yaml"))
    (entries,) = entry.values()
    assert list(entry) == ["environments"] and list(entries) == ["line"], "one entry"
    (science / "measures/upper.py").write_text(*blocks("metric", "python"))
    values = yaml.safe_load((folder / "config.yaml").read_text())
    small = {
        "environments": dict.fromkeys(["triangle", "tmaze", "rat"])
        | {name: entries["line"] | {"training_paths": 60, "test_paths": 30} for name in SHAPES},
        "seeds": [101, 102],
        "demonstration": True,
        "training": {"iterations": 8, "batch": 16},
        "replay": {"states": 6, "repeats": 2, "steps": 60},
        "variants": dict.fromkeys(values["variants"])
        | {"leak{leak}_mask{mask_hidden}": {"leak": {"default": [0.3]}, "mask_hidden": {"default": [20]}}},
        "sweeps": {name: None for name in values["sweeps"] if name not in ("leakage", "momentum", "grafted")},
        "theory": yaml.safe_load((folder / "tests/tiny.yaml").read_text())["theory"],
    }
    (folder / "small.yaml").write_text(yaml.safe_dump(small))
    figures = [f"results/figures/{name}" for name in ("examples.png", "sweeps.png", "explorer.html")]
    done = snakemake(folder, "claims_table", *figures, "--cores", "2", "--configfile", "small.yaml")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder / "results"


@pytest.mark.parametrize("name", SHAPES)
def test_own_environment_runs_through_the_whole_pipeline(own, name):
    claims = pd.read_csv(own / "tables/claims.csv")
    primary = claims[claims["primary"] & (claims["environment"] == name)]
    assert {"L2", "A1", "A3", "M1", "AM"} <= set(primary["claim"])
    # Networks that have hardly learned make no progress, by whose distance exploration would be counted.
    assert not primary[primary["claim"].isin(["A3", "M1"])]["estimate"].isna().any()
    metrics = pd.read_csv(own / "tables/metrics.csv")
    along = metrics[(metrics["environment"] == name) & (metrics["metric"] == "track_speed")]["value"]
    assert along.isna().all() == (SHAPES[name] == "box")
    faster = set(claims[(claims["claim"] == "M1") & (claims["environment"] == name)]["metric"])
    assert "compression" in faster and ("track_compression" in faster) == (SHAPES[name] != "box")
    for figure in ("examples", "sweeps"):
        assert name in set(pd.read_csv(own / f"figures/{figure}.csv")["environment"])


def test_own_metric_stands_in_the_table(own):
    metrics = pd.read_csv(own / "tables/metrics.csv")
    upper = metrics[metrics["metric"] == "upper"]["value"]
    assert len(upper) and upper.between(0, 1).all()


def test_what_is_added_can_be_explored(own):
    page = (own / "figures/explorer.html").read_text()
    packed = re.search(r'id="data">(.*?)</script>', page, re.DOTALL)[1]
    grids = json.loads(gzip.decompress(b64decode(packed)))["grids"]
    assert {grid["environment"] for grid in grids} == set(SHAPES)
