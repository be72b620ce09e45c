# What rules ask of the configuration and of each other: scripts and their settings, files by name, what is run where.

from dataclasses import asdict
from pathlib import Path

from pipeline.fingerprints import recipe
from rnn_replay.claims.plan import Plan
from rnn_replay.claims.predictions import is_predicted, sides
from rnn_replay.environments import kind

WORKFLOW = Path(workflow.current_basedir.get_path_or_uri(secret_free=True)).parent


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


def run_of(name):
    """The run that an environment's claims are read from."""
    return RATS if RATS and name in RATS.environments else CONFIGURATION


def asked(of, what, wildcards, where=""):
    """What a target's path asks for, of those that there are; a name that there is not is said in a sentence."""
    name = getattr(wildcards, what)
    if name not in of:
        raise ConfigurationError(f"{what} is '{name}' in the path of a target{where}; allowed: {', '.join(of)}")
    return of[name]


def whole_run(wildcards):
    """The run that has all of an environment: of the paper's, the extended one."""
    runs = dict.fromkeys(EXTENDED.environments, EXTENDED)
    return asked(runs | dict.fromkeys(RATS.environments if RATS else (), RATS), "environment", wildcards)


def seeds(wildcards):
    """Seeds of a variant's replays of a sweep: the paper's for what is in its run."""
    measurement = (wildcards.environment, wildcards.variant, wildcards.sweep)
    run = CONFIGURATION if measurement in MEASURED else whole_run(wildcards)
    return run.seeds_of(*measurement[:2])


def beyond(of):
    """What the extended run has of something and the paper's run has not."""
    paper = set(of(CONFIGURATION))
    return [item for item in of(EXTENDED) if item not in paper]


def replayed(name, variant, sweep):
    """Whether a variant is replayed under a sweep."""
    return variant in run_of(name).sweeps[name].get(sweep, {"variants": []})["variants"]


def compared(leak, mask_hidden):
    """Name of the network that claims of leakage compare, by its leak and mask."""
    return CLAIMS["leakage"][0].format(leak=f"{leak:g}", mask_hidden=mask_hidden)


# The network whose replays the claims are read from.
MAIN = {
    name: Plan.of(run.values["claims"], name).variant
    for run in filter(None, (CONFIGURATION, RATS))
    for name in run.environments
}


def swept(run):
    """Environments of a run where the main network is replayed under adaptation and momentum."""
    sweeps = ("momentum", "grafted")
    return [name for name in run.environments if all(replayed(name, MAIN[name], sweep) for sweep in sweeps)]


def leaking(run):
    """Environments of a run where networks differ in leak and mask, replayed or not."""
    return [
        name
        for name in run.environments
        if any(variant == compared(s["leak"], s["mask_hidden"]) for variant, s in run.variants[name].items())
    ]


SWEPT = swept(CONFIGURATION)
LEAKING = leaking(CONFIGURATION)


def compared_sides(name):
    """Replays that predictions compare and that are run, by side: variant, sweep and setting."""
    found = sides(Plan.of(CLAIMS, name), CONFIGURATION.variants[name][MAIN[name]]["mask_hidden"])
    return {side: asdict(each) for side, each in found.items() if replayed(name, each.variant, each.sweep)}


# Where a mechanism and one of its twins are replayed.
PREDICTED = [name for name in SWEPT if is_predicted(compared_sides(name))]


def traits(names):
    """What environments are, by name."""
    return {name: run_of(name).traits[name] for name in names}


def sources(names):
    """Whose recordings environments are, to be cited where they are shown."""
    found = [getattr(run_of(name).loaded[name], "source", "") for name in names]
    return [source for source in found if source]


def kinds(configuration):
    """What each environment is, with its kind and time step, which tell time-step variants of one another."""
    entries = configuration.values["environments"]
    return {
        name: known | {"kind": kind(name, entries[name]), "time_step": entries[name]["time_step"]}
        for name, known in configuration.traits.items()
    }


def unmasked(name):
    """Variants of the claims' leak and of none that were trained without mask and replayed, with their leaks."""
    leak = CONFIGURATION.variants[name].get(MAIN[name], {"leak": 0.0})["leak"]
    found = [(compared(value, 0), value) for value in (leak, 0.0)]
    return found if leak and all(replayed(name, variant, "leakage") for variant, _ in found) else []


def environment_settings(wildcards):
    """Settings of an environment of either run."""
    return whole_run(wildcards).values["environments"][wildcards.environment]


def environment_module(wildcards):
    """The module that makes an environment."""
    return [f"rnn_replay.environments.{kind(wildcards.environment, environment_settings(wildcards))}"]


def variant_settings(wildcards):
    """How a network is trained, of a run or of what readings add."""
    name = wildcards.environment
    known = whole_run(wildcards).variants[name]
    if wildcards.variant not in known and name in CONFIGURATION.readings:
        known = known | CONFIGURATION.readings[name].networks
    return asked(known, "variant", wildcards, f" in {name}")


def sweep_settings(wildcards):
    """What is replayed in a sweep."""
    name = wildcards.environment
    sweep = asked(whole_run(wildcards).sweeps[name], "sweep", wildcards, f" in {name}")
    return {key: sweep[key] for key in ("settings", "sampling")}


def of_all_seeds(path):
    """A function of wildcards that gives a path for every seed of the replays."""
    return lambda wildcards: expand(path, seed=seeds(wildcards), **wildcards)


def controlled(path):
    """A function of wildcards that gives a path for each of the first three seeds of an environment's main network."""

    def paths(wildcards):
        variant = asked(MAIN, "environment", wildcards)
        found = run_of(wildcards.environment).seeds_of(wildcards.environment, variant)[:3]
        return expand(path, seed=found, variant=variant, **wildcards)

    return paths


def predicted_seeds(wildcards):
    """Seeds of an environment's main network."""
    return CONFIGURATION.seeds_of(wildcards.environment, asked(MAIN, "environment", wildcards))


def predicted_replays(wildcards):
    """Replays that predictions of an environment are made from."""
    found = {(side["variant"], side["sweep"]) for side in compared_sides(wildcards.environment).values()}
    return [f"<results>/replays/{wildcards.environment}/{variant}/{sweep}.nc" for variant, sweep in sorted(found)]


def baseline_settings(wildcards):
    """How the main network is replayed without momentum, and the grafted adaptation that claims are read from."""
    name = wildcards.environment
    run = run_of(name)
    sweep, strength = run.sweeps[name]["momentum"], run.values["claims"].get("adaptation_strength")
    strength = strength.get(name) if isinstance(strength, dict) else strength
    return {
        "setting": max(sweep["settings"], key=lambda each: each["friction"]),
        "adapted": {"adaptation_strength": strength} if strength else None,
        "sampling": sweep["sampling"],
    }


def networks(run, of):
    """Networks of environments and variants for their seeds in a run."""
    return [
        f"<results>/networks/{environment}/{variant}/{seed}.nc"
        for environment, variant in of
        for seed in run.seeds_of(environment, variant)
    ]


def measurements(of):
    """Metrics of environments, variants and sweeps."""
    return [f"<results>/metrics/{environment}/{variant}/{sweep}.nc" for environment, variant, sweep in of]


def theory_settings(part, **further):
    """Settings of one part of the theory."""
    return {"seed": CONFIGURATION.values["theory"]["seed"], part: CONFIGURATION.values["theory"][part], **further}


def biology_of(run):
    """Measures of the claims' networks of a run that are held against animals."""
    return [
        f"<results>/biology/{name}/{variant}/{sweep}.nc"
        for name in swept(run)
        for sweep, variant in (("grafted", MAIN[name]), ("trained", Plan.of(run.values["claims"], name).trained))
        if replayed(name, variant, sweep)
    ]


def animals_settings(run):
    """How replays of a run are held against animals."""
    known = kinds(run)
    return {"claims": run.values["claims"], "environments": {name: known[name] for name in swept(run)}}


def frame(wildcards):
    """What decides the readings of an environment, with the settings of the networks that they need."""
    return asdict(asked(CONFIGURATION.readings, "environment", wildcards).needed)


def reading_networks(wildcards):
    """Networks that an environment's readings need, of one seed."""
    needed = asked(CONFIGURATION.readings, "environment", wildcards).networks
    return expand("<results>/networks/{environment}/{variant}/{seed}.nc", variant=needed, **wildcards)
