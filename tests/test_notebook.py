"""The notebook of artifacts, run on the tiny run."""

import nbformat
from checkout import ROOT
from nbclient import NotebookClient


def test_the_notebook_runs(finished, monkeypatch):
    monkeypatch.setenv("RNN_REPLAY_RESULTS", str(finished / "results"))
    notebook = nbformat.read(ROOT / "docs/artifacts.ipynb", as_version=4)
    NotebookClient(notebook, timeout=300).execute()
    tables = [cell for cell in notebook.cells if cell.cell_type == "code" and "verdict" in cell.source]
    assert "demo" in str(tables[0].outputs)
