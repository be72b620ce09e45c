"""Files of configuration that cannot be read, and the command line: one sentence each, and nothing is started."""

import os

import pytest
from checkout import checkout, snakemake
from pipeline import configfiles
from pipeline.configuration import ConfigurationError

FILES = [
    (b"notes: caf\xe9\n", "line 1, is not UTF-8; allowed: text in UTF-8"),
    (b"replay:\n\tsteps: 3\n", "line 2, is no YAML: found character"),
    (b"seeds: [1\nnotes: x\n", "line 2, is no YAML: "),
    (b"- 1\n", "holds no keys"),
    (b"", "holds no keys"),
    (b"seeds: [1]\nnotes: x\nseeds: [2]\n", "line 3, has the key 'seeds' again"),
    (b"a: &a {b: *a}\n", "is an alias in itself"),
    (
        b"a: &a [1, 1, 1, 1, 1, 1, 1, 1, 1]\n"
        + b"".join(b"%c: &%c [%s]\n" % (c, c, b", ".join([b"*%c" % (c - 1)] * 9)) for c in b"bcdefghij"),
        "values, aliases written out; allowed: at most 100000",
    ),
    (b"claims: {leakage: [%s]}\n" % b", ".join([b"x"] * 100_001), "values, aliases written out; allowed: at most"),
    (b"seeds: " + b"[" * 3000 + b"]" * 3000 + b"\n", "line 1, is no YAML: exceeded maximum nesting depth"),
    (b"seeds: *x\n", "line 1, is no YAML: found undefined alias"),
    (b"seeds: [1]\n---\nseeds: [2]\n", "line 2, is no YAML: but found another document"),
    (b"notes: x\nseeds: !!python/object:os.system [1]\n", "line 2, is no YAML: could not determine a constructor"),
    (b"notes: x\n<<: 3\n", "line 2, is no YAML: expected a mapping or list of mappings for merging"),
    (b"seeds: [1]\x00\n", "line 1, is no YAML: what cannot be read"),
    # Numbers that YAML reads as others, or that Python does not read.
    (b"seeds: [010]\n", 'line 1, writes a number as "010", which YAML reads as another'),
    (b"seeds: [0x1f]\n", 'line 1, writes a number as "0x1f"'),
    (b"replay:\n  noise: 1:30\n", 'line 2, writes a number as "1:30"'),
    (b"replay:\n  noise: 1:30.5\n", 'line 2, writes a number as "1:30.5"'),
    (b"seeds: [%s]\n" % (b"1" * 5000), 'line 1, writes a number as "1111'),
]


@pytest.mark.parametrize(("content", "sentence"), FILES)
def test_a_file_that_cannot_be_read_is_named_with_its_line(content, sentence, tmp_path):
    (tmp_path / "mine.yaml").write_bytes(content)
    with pytest.raises(ConfigurationError) as error:
        configfiles.check_command(["snakemake", "--cores", "1", "--configfile", str(tmp_path / "mine.yaml"), "-n"])
    assert str(error.value).startswith(str(tmp_path / "mine.yaml"))
    assert sentence in str(error.value)


def test_what_is_no_file_is_not_read(tmp_path):
    os.mkfifo(tmp_path / "pipe")
    for path, sentence in (("pipe", "is no file"), (".", "is no file"), ("none", "cannot be read: No such file")):
        with pytest.raises(ConfigurationError, match=f"{tmp_path / path} {sentence}"):
            configfiles.check_file(tmp_path / path)


@pytest.mark.parametrize(
    "number", ["1", "-3", "+5", "0", "1_000", "2e-3", "0.5", ".5", "1.", "-.inf", ".nan", "2.5e-3"]
)
def test_numbers_as_people_write_them(number, tmp_path):
    (tmp_path / "mine.yaml").write_text(f"training: {{noise: {number}}}\n")
    configfiles.check_file(tmp_path / "mine.yaml")


def test_two_options_of_files_are_refused():
    with pytest.raises(ConfigurationError, match="--configfile comes twice; allowed: once, with all files after it"):
        configfiles.check_command(["snakemake", "--configfile", "config.yaml", "--configfile=scenarios/demo.yaml"])
    configfiles.check_command(["snakemake", "--configfile", "config.yaml", "scenarios/demo.yaml", "--cores", "1"])


def test_what_is_given_on_the_command_line_is_read_as_in_a_file():
    given = {
        "seeds": ["101", "102"],
        "training": {"leak": "0.2", "device": "cpu"},
        "demonstration": "true",
        "notes": "7",
    }
    assert configfiles.reread(given) == {
        "seeds": [101, 102],
        "training": {"leak": 0.2, "device": "cpu"},
        "demonstration": True,
        "notes": "7",
    }


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    """A checkout to run Snakemake in."""
    return checkout(tmp_path_factory.mktemp("configuration"))


@pytest.mark.parametrize(
    ("arguments", "sentence"),
    [
        (["--config", "seeds=[101, 101]"], "seeds is [101, 101]; allowed: list of whole numbers at least 0"),
        (["--configfile", "missing.yaml"], "missing.yaml cannot be read: No such file or directory"),
        (["--configfile", "tests/tiny.yaml", "--configfile", "scenarios/demo.yaml"], "--configfile comes twice"),
        (["--configfile", "broken.yaml"], "line 4, cannot be imported: SyntaxError"),
    ],
)
def test_snakemake_says_it_in_one_sentence_and_starts_nothing(folder, arguments, sentence):
    (folder / "workflow/rnn_replay/environments/broken.py").write_text("x = 1\n\n\nclass Environment(:\n")
    (folder / "broken.yaml").write_text("environments: {broken: {steps: 60}}\n")
    done = snakemake(folder, "--cores", "1", *arguments)
    said = done.stdout + done.stderr
    assert done.returncode == 1
    assert f"Configuration: {sentence}" in said or sentence in said
    assert "Traceback" not in said and not (folder / "results").exists()


def test_snakemake_reads_numbers_of_the_command_line(folder):
    done = snakemake(folder, "--cores", "1", "-n", "--quiet", "all", "--config", "seeds=[101, 102]")
    assert done.returncode == 0, done.stdout + done.stderr
