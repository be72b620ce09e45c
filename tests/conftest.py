"""What several tests share: the tiny run."""

from pathlib import Path

import pytest
from pipeline import checkout, snakemake


@pytest.fixture(scope="session")
def finished(tmp_path_factory) -> Path:
    """A checkout in which the tiny configuration has been run on one core."""
    folder = checkout(tmp_path_factory.mktemp("one_core"))
    done = snakemake(folder, "--cores", "1", "--configfile", "tests/tiny.yaml")
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder
