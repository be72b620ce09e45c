"""What several files of tests share."""

import pandas as pd
import pytest
from browsing import chromium
from checkout import TINY, checkout, snakemake
from synthetic_tables import found_in, metrics_table, networks_table


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


@pytest.fixture(scope="module")
def metrics() -> pd.DataFrame:
    """A table of metrics in which every claim is true."""
    return metrics_table()


@pytest.fixture(scope="module")
def networks() -> pd.DataFrame:
    """A table of networks in which every claim is true."""
    return networks_table()


@pytest.fixture(scope="module")
def found(networks, metrics):
    """What claims find in these tables."""
    return found_in(networks, metrics)
