"""The style of all figures: colours that stay apart, files that print."""

from itertools import combinations

import numpy as np
import pandas as pd
import pytest
from matplotlib.colors import to_rgb
from rnn_replay.figures import style

# Machado, Oliveira & Fernandes (2009), severity 1, on linear RGB.
COLOUR_BLINDNESS = {
    "none": np.eye(3),
    "protanopia": [[0.152286, 1.052583, -0.204868], [0.114503, 0.786281, 0.099216], [-0.003882, -0.048116, 1.051998]],
    "deuteranopia": [[0.367322, 0.860646, -0.227968], [0.280085, 0.672501, 0.047413], [-0.011820, 0.042940, 0.968881]],
    "tritanopia": [[1.255528, -0.076749, -0.178779], [-0.078411, 0.930809, 0.147602], [0.004733, 0.691367, 0.303900]],
}


def lab(colour: str, vision: str) -> np.ndarray:
    """CIELAB coordinates (D65) of a colour as seen with a form of colour blindness."""
    rgb = np.array(to_rgb(colour))
    linear = np.where(rgb <= 0.04045, rgb / 12.92, ((rgb + 0.055) / 1.055) ** 2.4)
    linear = np.clip(np.array(COLOUR_BLINDNESS[vision]) @ linear, 0, 1)
    to_xyz = np.array([[0.4124, 0.3576, 0.1805], [0.2126, 0.7152, 0.0722], [0.0193, 0.1192, 0.9505]])
    xyz = to_xyz @ linear / np.array([0.9505, 1.0, 1.089])
    f = np.where(xyz > (6 / 29) ** 3, np.cbrt(xyz), xyz / (3 * (6 / 29) ** 2) + 4 / 29)
    return np.array([116 * f[1] - 16, 500 * (f[0] - f[1]), 200 * (f[1] - f[2])])


@pytest.mark.parametrize("vision", COLOUR_BLINDNESS)
@pytest.mark.parametrize(
    "palette",
    [style.CONDITIONS, style.LEAKS, style.environment_colours(["triangle", "tmaze", "rat"])],
    ids=["c", "leaks", "e"],
)
def test_colours_stay_apart(palette, vision):
    # A difference of 10 is several times what the eye just notices (2.3) between patches side by side.
    for one, other in combinations(palette, 2):
        distance = np.linalg.norm(lab(palette[one], vision) - lab(palette[other], vision))
        assert distance > 10, f"{one} and {other} under {vision}: {distance:.1f}"


def test_saved_files_print_and_are_the_same_each_time(tmp_path):
    saved = []
    for run in ("one", "two"):
        (tmp_path / run).mkdir()
        outputs = {kind: tmp_path / run / f"figure.{kind}" for kind in ("pdf", "png", "csv")}
        fig = style.figure(style.SINGLE, 2, 0.95)
        ax = fig.subplots()
        style.draw_seeds(ax, [0, 1], [[1.0, 2.0], [2.0, 4.0]], style.BLUE)
        ax.set_xlabel(r"Friction $\lambda_v$ and λ")
        style.save(fig, outputs, pd.DataFrame({"value": [1 / 3]}))
        saved.append({kind: path.read_bytes() for kind, path in outputs.items()})
    assert saved[0] == saved[1]
    pdf = saved[0]["pdf"]
    assert b"/FontFile2" in pdf and b"/Type3" not in pdf  # embedded TrueType
    assert b"CreationDate" not in pdf
    assert int.from_bytes(saved[0]["png"][16:20], "big") == round(style.SINGLE * style.RESOLUTION)
    assert saved[0]["csv"] == b"value\n0.333333\n"


def test_environments_are_told_apart_by_their_order_and_called_by_their_names():
    names = [f"mine_{number}" for number in range(8)]
    colours = style.environment_colours(names)
    assert list(colours) == names and len(set(colours.values())) == 7
    assert style.environment_colours(["ring", "box"]) == dict(zip(["ring", "box"], style.ENVIRONMENTS, strict=False))
    assert [style.title(name) for name in ("tmaze_coarse", "rat", "my_box")] == ["T-maze coarse", "Rat", "My box"]
