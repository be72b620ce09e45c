# What all rules share: where files lie, what a job needs and depends on, and what of the configuration rules ask for.

from pathlib import Path

from pipeline.fingerprints import recipe
from rnn_replay.claims.contrasts import Plan

WORKFLOW = Path(workflow.current_basedir.get_path_or_uri(secret_free=True)).parent


pathvars:
    results=RESULTS,
    logs="<results>/logs",
    benchmarks="<results>/benchmarks",
    artifact="job",


# Every rule with a script is this one with inputs, outputs, params and the path `artifact` of its own.
rule job:
    log:
        "<logs>/<artifact>.log",
    benchmark:
        "<benchmarks>/<artifact>.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        script="",
    script:
        "../scripts/{params.script}"


def by(script, settings=None, modules=()):
    """Params of a rule: its script, and what its artifacts depend on besides their inputs.

    Settings, and modules that the script loads by name, may be functions of wildcards.
    """

    def made(wildcards):
        of = [value(wildcards) if callable(value) else value for value in (settings, modules)]
        return recipe(WORKFLOW / "scripts" / script, of[0], *of[1])

    return {"script": script, "recipe": made}


ENVIRONMENTS, SEEDS = CONFIGURATION.environments, CONFIGURATION.seeds
CLAIMS = CONFIGURATION.values["claims"]
MEASURED = set(CONFIGURATION.measurements)


def seeds(wildcards):
    """Seeds that a variant's replays of a sweep are measured for: the paper's for what is in its run."""
    measurement = (wildcards.environment, wildcards.variant, wildcards.sweep)
    return SEEDS if measurement in MEASURED else EXTENDED.seeds


def beyond(of):
    """What the extended run has of something and the paper's run has not."""
    paper = set(of(CONFIGURATION))
    return [item for item in of(EXTENDED) if item not in paper]


def replayed(name, variant, sweep):
    """Whether a variant is replayed under a sweep."""
    return variant in CONFIGURATION.sweeps[name].get(sweep, {"variants": []})["variants"]


def compared(leak, mask_hidden):
    """Name of the network that claims of leakage compare, by its leak and mask."""
    return CLAIMS["leakage"][0].format(leak=f"{leak:g}", mask_hidden=mask_hidden)


# The network whose replays the claims are read from.
MAIN = {name: Plan.of(CLAIMS, name).variant for name in ENVIRONMENTS}
# Where it is replayed under adaptation and momentum; those with place cells have a figure of their own, as in the paper.
SWEPT = [name for name in ENVIRONMENTS if all(replayed(name, MAIN[name], sweep) for sweep in ("momentum", "grafted"))]
PLACE_CELLS = [name for name in SWEPT if CONFIGURATION.traits[name]["place_cells"]]
PLANE = [name for name in SWEPT if name not in PLACE_CELLS]
# Where networks differ in leak and mask, replayed or not.
LEAKING = [
    name
    for name in ENVIRONMENTS
    if any(variant == compared(s["leak"], s["mask_hidden"]) for variant, s in CONFIGURATION.variants[name].items())
]
