# What is drawn: vector graphics for print, a picture for the screen, and the numbers as a table. A figure is a row here,
# the module of its name in rnn_replay/figures/ and a caption in report/. Examples and maps come from the first seed.

SAID = "readout"  # the decoder of example paths, where the network's own output shows what it says, and of animals
LEVEL = {"level": CLAIMS["level"]}


def choices_of(run):
    """What figures of a run choose from all that was run."""
    claims = run.values["claims"]
    return {"claims": claims, "decoder": claims["decoder"], "example_decoder": SAID}


# Each figure's place in the report, the environments that it shows, its inputs and its settings.
def figures_of(run):
    """What the paper's figures show of a run."""
    claims, shown, leaks = run.values["claims"], swept(run), leaking(run)
    place_cells = [name for name in shown if run.traits[name]["place_cells"]]
    plane = [name for name in shown if name not in place_cells]
    faithful = [name for name in leaks if "leakage" in run.sweeps[name]]
    choices = choices_of(run)
    leakage = {"leakage": claims["leakage"][0], "decoder": claims["decoder"], "level": claims["level"]}
    return {
        "environments": ("1 Environments", run.environments, ["environments"], {}),
        "learning": ("2 Leakage", leaks, ["environments", "networks", "curves"], leakage),
        "fidelity": ("2 Leakage", faithful, ["metrics", "networks"], leakage),
        "examples": ("3 Replay", shown, ["environments", "replays"], choices),
        "sweeps": ("3 Replay", shown, ["metrics"], choices),
        "adaptation": ("4 Adaptation", plane, ["metrics", "environments", "replays"], choices),
        "momentum": ("5 Momentum", plane, ["metrics", "environments", "replays", "momentum"], choices),
        "twins": ("5 Momentum", shown, ["metrics"], choices),
        "survival": ("5 Momentum", shown, ["environments", "momentum", "grafted"], choices),
        "balance": ("6 Both", plane, ["metrics"], choices),
        "place_cells": ("7 Place cells", place_cells, ["metrics", "environments", "replays", "momentum"], choices),
        "decoders": ("8 Measures", shown, ["metrics"], choices),
        "seeds": ("8 Measures", run.environments, ["seeds"], {}),
    }


def animals_figures(run):
    """What holds replays of a run against animals."""
    place, shown, level = "E Beyond the paper", swept(run), {"level": run.values["claims"]["level"]}
    return {
        "biology": (place, shown, ["recovery", "biology_seeds"], {"decoder": SAID} | level),
        "animals": (place, shown, ["biology"], {"decoder": SAID}),
    }


PAPER_FIGURES = figures_of(CONFIGURATION) | {
    "calibration": ("8 Measures", ENVIRONMENTS, ["calibration"], LEVEL),
    "predictions": ("8 Measures", PREDICTED, ["predictions"], LEVEL),
}
THEORY_FIGURES = {
    "theory_score": ("9 Theory", ENVIRONMENTS, ["gaussian"], {}),
    "theory_sampling": ("9 Theory", ENVIRONMENTS, ["linear", *POTENTIALS], {}),
    "theory_phases": ("9 Theory", ENVIRONMENTS, ["linear"], {}),
}
OF_TARGETS = ("theory_sampling", "theory_phases")  # show targets of the theory, which are none of our environments
QUESTION_FIGURES = animals_figures(CONFIGURATION) | {
    "front": ("E Beyond the paper", SWEPT, ["balance"], {}),
    "unmasked": ("E Beyond the paper", LEAKING if UNMASKED else [], ["unmasked_masks", "unmasked_along"], LEVEL),
}
READING_FIGURES = {
    "readings_shares": ("F Every reading", READ, ["readings_shares"], {}),
    **{f"readings_curve-{claim}": ("F Every reading", READ, ["readings"], {"claim": claim}) for claim in READ_CLAIMS},
}
FIGURES = PAPER_FIGURES | THEORY_FIGURES | QUESTION_FIGURES | READING_FIGURES

# Where inputs lie: those of each environment, and those of all.
OF_ENVIRONMENT = {
    "environments": lambda name: f"<results>/environments/{name}/{SEEDS[0]}.nc",
    "replays": lambda name: f"<results>/replays/{name}/{MAIN[name]}/grafted.nc",
    "momentum": lambda name: f"<results>/metrics/{name}/{MAIN[name]}/momentum.nc",
    "grafted": lambda name: f"<results>/metrics/{name}/{MAIN[name]}/grafted.nc",
}
OF_ALL = {
    "curves": "<results>/tables/networks.nc",
    **{name: f"<results>/tables/{name}.csv" for name in ("networks", "metrics", "calibration", "predictions", "seeds")},
    **{name: f"<results>/tables/{name}.csv" for name in ("readings", "readings_shares", "readings_axes")},
    **{name: f"<results>/theory/{name}.nc" for name in ("linear", "gaussian", *POTENTIALS)},
}


def drawn_from(names, environments, tables=OF_ALL):
    """Files of inputs by name; tables that are not the paper's are those of the extended run."""
    return {
        name: (
            [OF_ENVIRONMENT[name](environment) for environment in environments]
            if name in OF_ENVIRONMENT
            else tables.get(name, f"<results>/tables/extended/{name}.csv")
        )
        for name in names
    }


def inputs_of(figures, tables=OF_ALL):
    """A function of wildcards that gives files that a figure is drawn from, by name."""

    def inputs(wildcards):
        _, environments, names, _ = figures[wildcards.figure]
        return drawn_from(names, environments, tables)

    return inputs


def settings_of(figures):
    """A function of wildcards that gives settings of a figure, with the environments that it shows."""

    def settings(wildcards):
        _, environments, _, own = figures[wildcards.figure]
        shown = {} if wildcards.figure in OF_TARGETS else {"environments": traits(environments)}
        return {**shown, **own}

    return settings


def module_of(wildcards):
    """The module and caption of a figure; what stands behind a hyphen is one of several that a module draws."""
    return wildcards.figure.partition("-")[0]


def figure_module(wildcards):
    """The module that draws a figure."""
    return [f"rnn_replay.figures.{module_of(wildcards)}"]


def caption_of(figures):
    """A function of wildcards that gives the caption of a figure, and cites the recordings that it shows."""

    def caption(wildcards):
        words = (WORKFLOW / "report" / f"{module_of(wildcards)}.rst").read_text(encoding="utf-8")
        return "\n\n".join([words, *sources(figures[wildcards.figure][1])])

    return caption


def drawn(figures, folder="figures"):
    """What is drawn of these figures, but for those that have nothing to show."""
    shown = [figure for figure, (_, environments, *_) in figures.items() if environments]
    return expand("<results>/{folder}/{figure}.{kind}", folder=folder, figure=shown, kind=["pdf", "png", "csv"])
