"""What several files of tests share."""

import pytest
from browsing import chromium
from checkout import TINY, checkout, snakemake


@pytest.fixture(scope="session")
def finished(tmp_path_factory):
    """A checkout in which the tiny configuration has been run on one core. Read it; change only copies."""
    folder = checkout(tmp_path_factory.mktemp("one_core"))
    done = snakemake(folder, "--cores", "1", *TINY)
    assert done.returncode == 0, done.stdout[-3000:] + done.stderr[-3000:]
    return folder


@pytest.fixture(scope="session")
def browser(tmp_path_factory):
    """Chromium without a window and without a network."""
    driver = chromium(tmp_path_factory.mktemp("chromium"))
    yield driver
    driver.quit()
