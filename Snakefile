# Leakage and second-order dynamics in hippocampal RNN replay: from awake paths to figures.
#
#   environments → networks → replays → metrics → tables → figures
#
# Each stage reads only what the stage before it wrote. What is trained, replayed and drawn stands in config.yaml.

import os

from snakemake.exceptions import WorkflowError

from rnn_replay.configuration import Configuration, ConfigurationError
from rnn_replay.provenance import fingerprint, packages

# One thread a job: two slow small matrices down, and results must not depend on --cores.
os.environ.update({"OMP_NUM_THREADS": "1", "OPENBLAS_NUM_THREADS": "1", "MKL_NUM_THREADS": "1"})


configfile: "config.yaml"


try:
    CONFIGURATION = Configuration(config)
except ConfigurationError as error:
    raise WorkflowError(f"Configuration: {error}.") from None

RESULTS = config["results"]


wildcard_constraints:
    environment=r"[^/]+",
    variant=r"[^/]+",
    sweep=r"[^/]+",
    seed=r"\d+",


include: "workflow/rules/environments.smk"
include: "workflow/rules/networks.smk"
include: "workflow/rules/replays.smk"
include: "workflow/rules/metrics.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/claims.smk"


rule all:
    default_target: True
    input:
        f"{RESULTS}/tables/metrics.csv",
        f"{RESULTS}/tables/networks.csv",
        f"{RESULTS}/tables/claims.md",
