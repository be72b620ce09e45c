"""`make verify` names every file that is missing or damaged, whatever the others hold."""

import json
import os

import netCDF4
import numpy as np
import pytest
import xarray as xr
from pipeline import provenance, verify
from rnn_replay import artifacts

NAMES = ("environments/a.nc", "networks/a.nc", "networks/b.nc")


@pytest.fixture
def results(tmp_path):
    """An environment, two networks made from it, and a figure made from those."""
    root = tmp_path / "my results"
    for name in NAMES:
        inputs = [] if name == NAMES[0] else [str(root / NAMES[0])]
        made = provenance.made([str(root / name)], inputs, {"code": {"a": "1"}}, str(root))
        data = xr.Dataset({"x": artifacts.variable("row", np.arange(9.0), "1", "numbers")})
        artifacts.write(data, root / name, made)
    figure = root / "figures/f.pdf"
    figure.parent.mkdir()
    figure.write_text("a figure")
    inputs = [str(root / name) for name in NAMES[1:]]
    provenance.record(
        root / "figures/f.provenance.json", provenance.made([str(figure)], inputs, {"code": {}}, str(root))
    )
    return root


def said(results, capsys):
    verify.main(str(results))
    return capsys.readouterr().out


def test_what_is_sound_is_counted(results, capsys):
    assert verify.main(str(results)) == 0
    expected = f"{results}: 4 artifacts checked; nothing corrupt, nothing stale, all made by the same code"
    assert capsys.readouterr().out.strip() == expected


def test_a_folder_without_artifacts_is_wrong(tmp_path):
    assert verify.main(str(tmp_path)) == 1


def test_links_to_folders_are_followed_once(results, tmp_path, capsys):
    (results / "networks").rename(tmp_path / "elsewhere")
    (results / "networks").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "elsewhere/loop").symlink_to(results)
    assert "4 artifacts checked; nothing corrupt" in said(results, capsys)
    (tmp_path / "elsewhere/a.nc").write_bytes(b"x")
    assert f"{results}/networks/a.nc cannot be read as netCDF" in said(results, capsys)


def test_every_missing_file_is_named(results, capsys):
    for name in (*NAMES, "figures/f.pdf"):
        (results / name).unlink()
    text = said(results, capsys)
    for name in (*NAMES[1:], "figures/f.pdf"):
        assert f"{results / name} is not there" in text
    assert "3 found wrong" in text


def test_a_file_that_declares_more_than_it_holds(results, capsys):
    with netCDF4.Dataset(results / NAMES[0], "w") as file:
        file.createDimension("row", 10**12)
        file.createVariable("x", "f8", ("row",), chunksizes=(1000,))
    text = said(results, capsys)
    assert f"{results / NAMES[0]} cannot be read as netCDF (it declares more than it holds)" in text
    assert text.count("\n") == 2


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"null",
        b"[]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"artifact": 1}',
        b'{"artifact": "figures/f.provenance.json", "recipe": {"code": 1}, "inputs": {}, "beside": {}}',
        b'{"artifact": "figures/f.provenance.json", "recipe": {}, "inputs": [], "beside": {}}',
        b'{"artifact": "figures/f.provenance.json", "recipe": {}, "inputs": {"a": 1}, "beside": {}}',
    ],
    ids=range(9),
)
def test_hostile_provenance_is_named_and_hides_nothing(results, capsys, content):
    (results / "figures/f.provenance.json").write_bytes(content)
    (results / NAMES[1]).write_bytes(b"x")
    text = said(results, capsys)
    assert f"{results}/figures/f.provenance.json cannot be read" in text
    assert f"{results / NAMES[1]} cannot be read" in text


def changed(path, attributes=None, variable=None):
    """Change a netCDF file without its writer."""
    with netCDF4.Dataset(path, "a") as file:
        for key, value in (attributes or {}).items():
            file.setncattr(key, value)
        if variable == "long":
            file.createVariable("y", str, ())[0] = "x" * 10_000_000
        elif variable == "text":
            file.createVariable("y", str, ("row",))[:] = np.array(["\u2192" * 1000] * 9, dtype=object)
        elif variable == "compound":
            kind = file.createCompoundType(np.dtype([("a", "f8"), ("b", "i4")]), "pair")
            file.createVariable("y", kind, ("row",))
        elif variable == "ragged":
            file.createVariable("y", file.createVLType(np.int32, "several"), ("row",))


HOSTILE = {
    "long text": {"attributes": {"notes": "x" * 10_000_000}},
    "long recipe": {"attributes": {"recipe": "{" * 1_000_000}},
    "long digest": {"attributes": {"content_sha256": "0" * 1_000_000}},
    "recipe of numbers": {"attributes": {"recipe": np.arange(5)}},
    "recipe of text": {"attributes": {"recipe": "no mapping"}},
    "artifact of texts": {"attributes": {"artifact": ["a", "b"]}},
    "artifact of a number": {"attributes": {"artifact": 3.5}},
    "digest of numbers": {"attributes": {"content_sha256": np.zeros(8)}},
    "inputs that are no text": {"attributes": {"inputs": '{"a": {"b": 1}}'}},
    "long variable": {"variable": "long"},
    "variable of text": {"variable": "text"},
    "variable of pairs": {"variable": "compound"},
    "variable of lists": {"variable": "ragged"},
}


@pytest.mark.parametrize("change", HOSTILE.values(), ids=HOSTILE)
def test_texts_that_are_long_or_of_another_type_are_named_and_hide_nothing(results, capsys, change):
    changed(results / NAMES[1], **change)
    (results / NAMES[2]).write_bytes(b"x")
    text = said(results, capsys)
    assert str(results / NAMES[1]) in text
    assert f"{results / NAMES[2]} cannot be read" in text
    assert "4 artifacts checked" in text
    assert max(map(len, text.splitlines())) < 2000


def test_files_beside_an_artifact_are_files(results, capsys):
    path = results / "figures/f.provenance.json"
    found = json.loads(path.read_text())
    found["beside"] = {os.path.relpath("/dev/zero", results): "0"}
    path.write_text(json.dumps(found))
    assert "dev/zero was changed after it was written" in said(results, capsys)


@pytest.mark.parametrize("seed", range(60))
def test_no_flipped_bit_ends_the_check(results, capsys, seed):
    rng = np.random.default_rng(seed)
    path = results / NAMES[1]
    content = bytearray(path.read_bytes())
    for place in rng.integers(0, len(content), 4):
        content[place] ^= 1 << int(rng.integers(8))
    path.write_bytes(content)
    (results / NAMES[2]).write_bytes(b"x")
    text = said(results, capsys)
    assert f"{results / NAMES[2]} cannot be read" in text
    assert "artifacts checked" in text
