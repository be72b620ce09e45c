"""Rules and scripts, used as a newcomer does: a figure of one's own, a debugger in a script, a run from elsewhere."""

import os
import pty
import subprocess
import sys

import pytest
from checkout import checkout, command, environment, one_environment, planned, snakemake

PATHS = "results/environments/triangle/101.nc"
FIGURE = '''"""Length of awake paths."""

import pandas as pd
from rnn_replay.figures.style import SINGLE, figure


def draw(inputs, settings):
    fig = figure(SINGLE, 2)
    ax = fig.subplots()
    rows = []
    for name, environment in zip(settings["environments"], inputs["environments"], strict=True):
        steps = environment["test_position"].diff("time").values
        rows.append({"environment": name, "length": float(abs(steps).sum())})
    ax.plot([row["length"] for row in rows], "o")
    return fig, pd.DataFrame(rows)
'''


@pytest.fixture(scope="module")
def checked_out(tmp_path_factory):
    """A checkout whose paths of the triangle are made."""
    folder = one_environment(tmp_path_factory.mktemp("a checkout"))
    done = snakemake(folder, "--cores", "1", PATHS)
    assert done.returncode == 0, done.stdout + done.stderr
    return folder


@pytest.fixture(scope="module")
def whole(tmp_path_factory):
    """A checkout, nothing made."""
    return checkout(tmp_path_factory.mktemp("whole"))


def test_a_figure_is_a_module_a_caption_and_a_row(checked_out):
    (checked_out / "workflow/rnn_replay/figures/lengths.py").write_text(FIGURE)
    (checked_out / "workflow/report/lengths.rst").write_text("How long awake paths are.\n")
    rows = checked_out / "workflow/rules/drawing.smk"
    row = '    "lengths": ("1 Environments", ENVIRONMENTS, ["environments"], {}),\n'
    table = "PAPER_FIGURES = figures_of(CONFIGURATION) | {\n"
    rows.write_text(rows.read_text().replace(table, table + row, 1))
    made, _ = planned(checked_out, "figures")
    assert "figures/lengths.pdf" in made
    done = snakemake(checked_out, "--cores", "1", "results/figures/lengths.png")
    assert done.returncode == 0, done.stdout + done.stderr
    assert (checked_out / "results/figures/lengths.csv").read_text().startswith("environment,length\ntriangle,")
    done = snakemake(checked_out, "results/figures/lengths.png", "--report", "report.html")
    assert done.returncode == 0, done.stdout + done.stderr
    assert "How long awake paths are." in (checked_out / "report.html").read_text()
    # Its own module draws it again; another figure's does not, nor its caption.
    (checked_out / "workflow/report/lengths.rst").write_text("Other words.\n")
    other = checked_out / "workflow/rnn_replay/figures/sweeps.py"
    other.write_text(other.read_text() + "\n\nOTHER = 1\n")
    assert planned(checked_out, "results/figures/lengths.png")[0] == set()
    module = checked_out / "workflow/rnn_replay/figures/lengths.py"
    module.write_text(FIGURE.replace('"o"', '"s"'))
    assert planned(checked_out, "results/figures/lengths.png")[0] == {"figures/lengths.pdf"}


def test_a_debugger_stops_in_a_script_and_answers_at_the_terminal(checked_out):
    script = checked_out / "workflow/scripts/make_environment.py"
    text = script.read_text()
    script.write_text(text.replace("\ndataset = ", "\nbreakpoint()\ndataset = "))
    arguments = command("--cores", "1", "--force", "--workflow-profile", "none", PATHS)
    ours, theirs = pty.openpty()
    process = subprocess.Popen(
        arguments, cwd=checked_out, env=environment(checked_out), stdin=theirs, stdout=theirs, stderr=theirs
    )
    os.close(theirs)
    said = b""
    try:
        while b"(Pdb)" not in said:
            said += os.read(ours, 4096)
        os.write(ours, b"p seed + 1000\nc\n")
        while chunk := os.read(ours, 4096):
            said += chunk
    except OSError:  # the terminal is closed at the end
        pass
    script.write_text(text)
    assert process.wait(60) == 0, said.decode()
    assert "1101" in said.decode()


def test_an_import_that_fails_stands_in_the_log(checked_out):
    script = checked_out / "workflow/scripts/make_environment.py"
    text = script.read_text()
    script.write_text(text.replace("import sys\n", "import no_such_package\nimport sys\n"))
    done = snakemake(checked_out, "--cores", "1", "--force", PATHS)
    script.write_text(text)
    assert done.returncode != 0
    assert "no_such_package" in (checked_out / "results/logs/environments/triangle/101.log").read_text()


def run(folder, library, *arguments):
    """Run Snakemake in a folder, with the library of a checkout."""
    done = subprocess.run(
        [sys.executable, "-m", "snakemake", "--nocolor", "--cores", "1", *arguments],
        cwd=folder,
        env=environment(library),
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout + done.stderr


@pytest.fixture(scope="module")
def elsewhere(tmp_path_factory):
    """A checkout in which nothing was run, and a path to its Snakefile."""
    return one_environment(tmp_path_factory.mktemp("elsewhere"))


def test_from_another_folder(elsewhere, tmp_path):
    snakefile = ("--snakefile", str(elsewhere / "Snakefile"), "--directory", str(tmp_path))
    run("/", elsewhere, *snakefile, PATHS)
    assert (tmp_path / PATHS).exists()
    assert not (elsewhere / "results").exists()
    assert "Nothing would be remade." in run("/", elsewhere, *snakefile, "-n", PATHS)
    run("/", elsewhere, *snakefile, "-n", "all", "extended")


def test_as_a_module_of_another_workflow(elsewhere, tmp_path):
    (tmp_path / "Snakefile").write_text(
        f'configfile: "{elsewhere}/config.yaml"\n\n\n'
        f'module ours:\n    snakefile: "{elsewhere}/Snakefile"\n    config: config\n\n\n'
        "use rule * from ours as ours_*\n\n\n"
        f'rule mine:\n    default_target: True\n    input: "{PATHS}"\n    output: "mine.txt"\n'
        '    shell: "wc -c {input} > {output}"\n'
    )
    run(tmp_path, elsewhere)
    assert (tmp_path / "mine.txt").exists()
    assert "Nothing to be done" in run(tmp_path, elsewhere, "-n")
    run(tmp_path, elsewhere, "-n", "ours_all", "ours_extended")


@pytest.mark.parametrize(
    ("target", "sentence"),
    [
        ("environments/mars/101.nc", "environment is 'mars' in the path of a target; allowed: triangle,"),
        ("networks/tmaze/leak0.3_mask20/101.nc", None),
        ("networks/tmaze/leak9_mask20/101.nc", "variant is 'leak9_mask20' in the path of a target in tmaze; allowed:"),
        ("networks/rat/leak0.3_mask20/101.nc", "variant is 'leak0.3_mask20' in the path of a target in rat; allowed:"),
        ("metrics/triangle/leak0.3_mask20/momentun.nc", "sweep is 'momentun' in the path of a target in triangle; al"),
        ("controls/mars.nc", "environment is 'mars' in the path of a target; allowed: triangle,"),
        ("predictions/tmaze_fine.nc", "environment is 'tmaze_fine' in the path of a target; allowed: triangle,"),
        ("readings/mars/101.nc", "environment is 'mars' in the path of a target; allowed: triangle,"),
    ],
)
def test_a_target_whose_path_names_what_there_is_not_is_refused_in_a_sentence(whole, target, sentence):
    done = snakemake(whole, "-n", f"results/{target}")
    if sentence is None:
        assert done.returncode == 0, done.stderr[-2000:]
    else:
        assert done.returncode == 1 and f"ConfigurationError: {sentence}" in done.stdout + done.stderr
