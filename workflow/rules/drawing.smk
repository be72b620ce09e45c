# What the rules of figures share: where their inputs lie, what they write, what they depend on.

from rnn_replay.claims.contrasts import Plan

CLAIMS = CONFIGURATION.values["claims"]
# Decoders of the plots, and of the example paths, where the network's own output shows what it says.
DECODERS = {"decoder": "template", "example_decoder": "readout"}


def replayed(*sweeps):
    """Environments in which the claims' network is replayed under all these sweeps."""

    def variants(name, sweep):
        return CONFIGURATION.sweeps[name].get(sweep, {"variants": []})["variants"]

    chosen = {name: Plan.of(CLAIMS, name).variant for name in CONFIGURATION.environments}
    return [name for name in chosen if all(chosen[name] in variants(name, sweep) for sweep in sweeps)]


def leaking():
    """Environments with networks that differ in leak and mask, replayed or not."""
    return [name for name in CONFIGURATION.environments if any(map(is_compared, CONFIGURATION.variants[name].items()))]


def is_compared(item):
    """Whether a variant bears the name that its leak and mask give it."""
    name, settings = item
    return name == CLAIMS["leakage"][0].format(leak=f"{settings['leak']:g}", mask_hidden=settings["mask_hidden"])


def unmasked(name):
    """Variants of the claims' leak and of none that were trained without mask and replayed, with their leaks."""
    variants = CONFIGURATION.variants[name]
    main = variants.get(Plan.of(CLAIMS, name).variant, {"leak": 0.0})["leak"]
    found = [(CLAIMS["leakage"][0].format(leak=f"{leak:g}", mask_hidden=0), leak) for leak in (main, 0.0)]
    replayed_too = CONFIGURATION.sweeps[name].get("leakage", {"variants": []})["variants"]
    return found if main and all(variant in replayed_too for variant, _ in found) else []


def first_environments(names):
    """Environments of the first seed."""
    return [f"{RESULTS}/environments/{name}/{CONFIGURATION.seeds[0]}.nc" for name in names]


def first_replays(names):
    """Replays of the first seed, with adaptation and momentum on the same weights."""
    seed = CONFIGURATION.seeds[0]
    return [f"{RESULTS}/replays/{name}/{Plan.of(CLAIMS, name).variant}/{seed}/grafted.nc" for name in names]


def swept_metrics(sweep, names):
    """Metrics of every replay of a sweep."""
    return [f"{RESULTS}/metrics/{name}/{Plan.of(CLAIMS, name).variant}/{sweep}.nc" for name in names]


def drawn(figure, category):
    """Outputs of a figure; the PNG goes into the report."""
    return {
        "pdf": f"{RESULTS}/figures/{figure}.pdf",
        "png": report(
            f"{RESULTS}/figures/{figure}.png",
            caption=f"../report/{figure}.rst",
            category=category,
            labels={"figure": figure.replace("_", " ")},
        ),
        "csv": f"{RESULTS}/figures/{figure}.csv",
    }


def recipe(figure, environments, **settings):
    """What a figure depends on besides its inputs."""
    return {
        "settings": {"environments": environments, **settings},
        "code": fingerprint(f"workflow/scripts/draw_{figure}.py"),
        "packages": packages("matplotlib", "numpy", "pandas", "scipy", "xarray"),
    }
