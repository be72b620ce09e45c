"""What several files of tests share."""

import pytest
from checkout import TINY, checkout, snakemake


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A checkout in which the tiny configuration has been run on one core. Read it; change only copies."""
    folder = checkout(tmp_path_factory.mktemp("one_core"))
    done = snakemake(folder, "--cores", "1", *TINY)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder
