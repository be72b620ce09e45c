# Leakage and second-order dynamics in hippocampal RNN replay: from awake paths to figures.
#
#   environments → networks → replays → metrics → tables → figures
#              ↘ theory → its figures, and rows of the claims table
#
# Each stage reads only what the stage before it wrote. What is trained, replayed and drawn stands in config.yaml.

import getpass
import os
import sys
from pathlib import Path

from snakemake.exceptions import WorkflowError
from snakemake.utils import update_config

# UTF-8 under every locale, here and in jobs.
for stream in (sys.stdout, sys.stderr):
    if hasattr(stream, "reconfigure"):
        stream.reconfigure(encoding="utf-8")
os.environ |= {"PYTHONUTF8": "1"}

# A user without a name, as in many containers, goes by the number: Snakemake asks for a name.
try:
    getpass.getuser()
except (KeyError, OSError):
    os.environ |= {"LOGNAME": str(os.getuid())}

# The library beside this file, whatever copy is installed: here, and in jobs. A logger may have loaded another.
LIBRARY = os.path.join(workflow.current_basedir.get_path_or_uri(secret_free=True), "workflow")
sys.path.insert(0, LIBRARY)
os.environ |= {"PYTHONPATH": os.pathsep.join([LIBRARY, *filter(None, [os.environ.get("PYTHONPATH")])])}
for name in [name for name in sys.modules if name.split(".")[0] in ("pipeline", "rnn_replay")]:
    if not str(sys.modules[name].__file__).startswith(f"{LIBRARY}{os.sep}"):
        del sys.modules[name]

from pipeline import configfiles
from pipeline.configuration import Configuration, ConfigurationError
from pipeline.fingerprints import THREADS

# One thread a job: two slow small matrices down, and results must not depend on --cores. And POT without PyTorch,
# which it would import for seconds and not use. An artifact appears whole and is never written again: HDF5 need not
# lock it, which fails on many shared file systems.
os.environ |= dict.fromkeys([*THREADS, "POT_BACKEND_DISABLE_PYTORCH"], "1")
os.environ |= {"HDF5_USE_FILE_LOCKING": "FALSE"}


# That of the folder where it runs; under --directory, where there is none, that beside this file.
CONFIGFILE = "config.yaml" if os.path.exists("config.yaml") else workflow.source_path("config.yaml")

try:
    configfiles.check_file(Path(CONFIGFILE))
except ConfigurationError as error:
    raise WorkflowError(f"Configuration: {error}.") from None


configfile: CONFIGFILE


report: "workflow/report/workflow.rst"


try:
    update_config(config, configfiles.reread(workflow.config_settings.config))
    CONFIGURATION = Configuration(config)
except ConfigurationError as error:
    raise WorkflowError(f"Configuration: {error}.") from None

EXTENDED = CONFIGURATION.extended  # with all of the paper's, so that one rule makes what both runs share
RATS = CONFIGURATION.rats  # in environments of its own; None without any
RESULTS = CONFIGURATION.results


include: "workflow/rules/common.smk"
include: "workflow/rules/job.smk"
include: "workflow/rules/environments.smk"
include: "workflow/rules/networks.smk"
include: "workflow/rules/replays.smk"
include: "workflow/rules/metrics.smk"
include: "workflow/rules/tables.smk"
include: "workflow/rules/theory.smk"
include: "workflow/rules/claims.smk"
include: "workflow/rules/readings.smk"
include: "workflow/rules/extended.smk"
include: "workflow/rules/questions.smk"
include: "workflow/rules/drawing.smk"
include: "workflow/rules/figures.smk"
include: "workflow/rules/rats.smk"
include: "workflow/rules/explorer.smk"
include: "workflow/rules/report.smk"
include: "workflow/rules/estimates.smk"
include: "workflow/rules/reruns.smk"
include: "workflow/rules/cluster.smk"


# After the rules, since Snakemake applies constraints to their paths as written, before `<artifact>` is filled in.
wildcard_constraints:
    environment=r"[^/]+",
    variant=r"[^/]+",
    sweep=r"[^/]+",
    seed=r"\d+",
    potential="|".join(POTENTIALS),
    figure="|".join(FIGURES),


# The paper.
rule all:
    default_target: True
    input:
        rules.networks_table.output,
        rules.metrics_table.output,
        rules.controls_table.output if SWEPT else [],
        rules.predictions_table.output if PREDICTED else [],
        rules.claims_table.output,
        rules.figures.input,
        rules.theory.input,
        rules.report_pages.input,
