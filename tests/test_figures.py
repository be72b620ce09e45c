"""Figures: whole and readable for few and many seeds, for one environment, and where settings diverge everywhere."""

import subprocess
import sys

import pytest
from checkout import ROOT
from figure_checks import check_labels, check_page, check_panels, check_units
from synthetic_figures import FIGURES, Run
from synthetic_run import FRICTIONS

RUN = Run()
CASES = {
    "one seed": Run(count=1, iterations=1),
    "two seeds": Run(count=2, iterations=8),
    "eight seeds": Run(count=8),
    "triangle alone": Run(names=("triangle",)),
    "T-maze alone": Run(names=("tmaze",)),
    "rat alone": Run(names=("rat",)),
    "momentum diverges": Run(gone=(0.6,)),
    "all but momentum diverges": Run(gone=(1.0,)),
    "all diverges": Run(gone=FRICTIONS),
}


def test_every_figure_is_drawn_by_some_test():
    assert set(FIGURES) == set(RUN.figures)
    # These are drawn in whole runs alone.
    of_runs = {"animation", "theory_sampling", "theory_score"}
    tests = "".join(path.read_text() for path in (ROOT / "tests").glob("*.py"))
    drawn = (path for path in (ROOT / "workflow/rnn_replay/figures").glob("*.py") if "def draw(" in path.read_text())
    assert {path.stem for path in drawn if f"rnn_replay.figures.{path.stem} import" not in tests} == of_runs


@pytest.mark.parametrize("name", FIGURES)
def test_axes_say_their_units(name):
    check_units(RUN.figures[name][0])


@pytest.mark.parametrize("name", FIGURES)
def test_figure_fits_a_column_and_has_its_numbers_and_caption(name):
    check_page(*RUN.figures[name], name)


@pytest.mark.filterwarnings("error")
@pytest.mark.parametrize("case", [None, *CASES])
def test_nothing_is_cut_no_label_covers_another_and_no_panel_is_empty(case):
    for name, (fig, _) in (CASES[case] if case else RUN).figures.items():
        try:
            check_labels(fig)
            check_panels(fig)
        except AssertionError as error:
            raise AssertionError(f"{name}: {error}") from None


def test_figures_do_not_import_torch():
    modules = [f"rnn_replay.figures.{path.stem}" for path in (ROOT / "workflow/rnn_replay/figures").glob("[a-z]*.py")]
    code = f"import sys, importlib; [importlib.import_module(m) for m in {modules!r}]; sys.exit('torch' in sys.modules)"
    subprocess.run([sys.executable, "-c", code], check=True)
