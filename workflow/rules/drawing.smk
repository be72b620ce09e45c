# What is drawn: vector graphics for print, a picture for the screen, and the numbers as a table. A figure is a row here,
# the module of its name in rnn_replay/figures/ and a caption in report/. Examples and maps come from the first seed.

# Decoders of the plots, and of the example paths, where the network's own output shows what it says.
DECODERS = {"decoder": "template", "example_decoder": "readout"}
LEVEL = {"level": CLAIMS["level"]}
CHOICES = {"claims": CLAIMS, **DECODERS}
LEAKAGE = {"leakage": CLAIMS["leakage"][0], **DECODERS, **LEVEL}
FAITHFUL = [name for name in LEAKING if "leakage" in CONFIGURATION.sweeps[name]]

# Each figure's place in the report, the environments that it shows, its inputs and its settings.
PAPER_FIGURES = {
    "environments": ("1 Environments", ENVIRONMENTS, ["environments"], {}),
    "learning": ("2 Leakage", LEAKING, ["environments", "networks", "curves"], LEAKAGE),
    "fidelity": ("2 Leakage", FAITHFUL, ["metrics", "networks"], LEAKAGE),
    "examples": ("3 Replay", SWEPT, ["environments", "replays"], CHOICES),
    "sweeps": ("3 Replay", SWEPT, ["metrics"], CHOICES),
    "adaptation": ("4 Adaptation", PLANE, ["metrics", "environments", "replays"], CHOICES),
    "momentum": ("5 Momentum", PLANE, ["metrics", "environments", "replays", "momentum"], CHOICES),
    "survival": ("5 Momentum", SWEPT, ["environments", "momentum", "grafted"], CHOICES),
    "balance": ("6 Both", PLANE, ["metrics"], CHOICES),
    "place_cells": ("7 Place cells", PLACE_CELLS, ["metrics", "environments", "replays", "momentum"], CHOICES),
    "decoders": ("8 Measures", SWEPT, ["metrics"], CHOICES),
    "calibration": ("8 Measures", ENVIRONMENTS, ["calibration"], LEVEL),
    "seeds": ("8 Measures", ENVIRONMENTS, ["seeds"], {}),
}
THEORY_FIGURES = {
    "theory_score": ("9 Theory", ENVIRONMENTS, ["gaussian"], {}),
    "theory_sampling": ("9 Theory", ENVIRONMENTS, ["linear", *POTENTIALS], {}),
    "theory_phases": ("9 Theory", ENVIRONMENTS, ["linear"], {}),
}
OF_TARGETS = ("theory_sampling", "theory_phases")  # show targets of the theory, which are none of our environments
QUESTION_FIGURES = {
    "biology": ("E Beyond the paper", SWEPT, ["recovery", "biology_seeds"], DECODERS | {"decoder": "readout"} | LEVEL),
    "front": ("E Beyond the paper", SWEPT, ["balance"], {}),
    "unmasked": ("E Beyond the paper", LEAKING if UNMASKED else [], ["unmasked_masks", "unmasked_along"], LEVEL),
}
FIGURES = PAPER_FIGURES | THEORY_FIGURES | QUESTION_FIGURES

# Where inputs lie: those of each environment, and those of all.
OF_ENVIRONMENT = {
    "environments": lambda name: f"<results>/environments/{name}/{SEEDS[0]}.nc",
    "replays": lambda name: f"<results>/replays/{name}/{MAIN[name]}/grafted.nc",
    "momentum": lambda name: f"<results>/metrics/{name}/{MAIN[name]}/momentum.nc",
    "grafted": lambda name: f"<results>/metrics/{name}/{MAIN[name]}/grafted.nc",
}
OF_ALL = {
    "curves": "<results>/tables/networks.nc",
    **{name: f"<results>/tables/{name}.csv" for name in ("networks", "metrics", "calibration", "seeds")},
    **{name: f"<results>/theory/{name}.nc" for name in ("linear", "gaussian", *POTENTIALS)},
}


def figure_inputs(wildcards):
    """Files that a figure is drawn from, by name."""
    _, environments, names, _ = FIGURES[wildcards.figure]
    return drawn_from(names, environments)


def drawn_from(names, environments):
    """Files of inputs by name; tables that are not the paper's are those of the extended run."""
    return {
        name: (
            [OF_ENVIRONMENT[name](environment) for environment in environments]
            if name in OF_ENVIRONMENT
            else OF_ALL.get(name, f"<results>/tables/extended/{name}.csv")
        )
        for name in names
    }


def figure_settings(wildcards):
    """Settings of a figure, with the environments that it shows."""
    _, environments, _, settings = FIGURES[wildcards.figure]
    shown = {} if wildcards.figure in OF_TARGETS else {"environments": traits(environments)}
    return {**shown, **settings}


def drawn(figures):
    """What is drawn of these figures, but for those that have nothing to show."""
    shown = [figure for figure, (_, environments, *_) in figures.items() if environments]
    return expand("<results>/figures/{figure}.{kind}", figure=shown, kind=["pdf", "png", "csv"])
