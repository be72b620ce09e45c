# What is drawn: vector graphics for print, a picture for the screen, and the numbers as a table.
# Examples and maps come from the first seed.


include: "drawing.smk"


SWEPT = replayed("momentum", "grafted")
# Place cells have a figure of their own, as in the paper.
PLANE = [name for name in SWEPT if name != "rat"]
PLACE_CELLS = [name for name in SWEPT if name == "rat"]


rule draw_environments:
    input:
        first_environments(CONFIGURATION.environments),
    output:
        **drawn("environments", "1 Environments"),
    log:
        f"{RESULTS}/logs/figures/environments.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/environments.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("environments", CONFIGURATION.environments),
    script:
        "../scripts/draw_environments.py"


rule draw_learning:
    input:
        environments=first_environments(leaking()),
        csv=f"{RESULTS}/tables/networks.csv",
        netcdf=f"{RESULTS}/tables/networks.nc",
    output:
        **drawn("learning", "2 Leakage"),
    log:
        f"{RESULTS}/logs/figures/learning.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/learning.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("learning", leaking(), leakage=CLAIMS["leakage"][0]),
    script:
        "../scripts/draw_learning.py"


rule draw_fidelity:
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
        networks=f"{RESULTS}/tables/networks.csv",
    output:
        **drawn("fidelity", "2 Leakage"),
    log:
        f"{RESULTS}/logs/figures/fidelity.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/fidelity.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("fidelity", leaking(), leakage=CLAIMS["leakage"][0], **DECODERS),
    script:
        "../scripts/draw_fidelity.py"


rule draw_examples:
    input:
        environments=first_environments(SWEPT),
        replays=first_replays(SWEPT),
    output:
        **drawn("examples", "3 Replay"),
    log:
        f"{RESULTS}/logs/figures/examples.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/examples.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("examples", SWEPT, claims=CLAIMS, **DECODERS),
    script:
        "../scripts/draw_examples.py"


rule draw_sweeps:
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
    output:
        **drawn("sweeps", "3 Replay"),
    log:
        f"{RESULTS}/logs/figures/sweeps.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/sweeps.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("sweeps", SWEPT, claims=CLAIMS, **DECODERS),
    script:
        "../scripts/draw_sweeps.py"


rule draw_adaptation:
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
        environments=first_environments(PLANE),
        replays=first_replays(PLANE),
    output:
        **drawn("adaptation", "4 Adaptation"),
    log:
        f"{RESULTS}/logs/figures/adaptation.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/adaptation.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("adaptation", PLANE, claims=CLAIMS, **DECODERS),
    script:
        "../scripts/draw_adaptation.py"


rule draw_momentum:
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
        environments=first_environments(PLANE),
        replays=first_replays(PLANE),
        momentum=swept_metrics("momentum", PLANE),
    output:
        **drawn("momentum", "5 Momentum"),
    log:
        f"{RESULTS}/logs/figures/momentum.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/momentum.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("momentum", PLANE, claims=CLAIMS, **DECODERS),
    script:
        "../scripts/draw_momentum.py"


rule draw_survival:
    input:
        environments=first_environments(SWEPT),
        momentum=swept_metrics("momentum", SWEPT),
        grafted=swept_metrics("grafted", SWEPT),
    output:
        **drawn("survival", "5 Momentum"),
    log:
        f"{RESULTS}/logs/figures/survival.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/survival.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("survival", SWEPT, claims=CLAIMS, **DECODERS),
    script:
        "../scripts/draw_survival.py"


rule draw_balance:
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
    output:
        **drawn("balance", "6 Both"),
    log:
        f"{RESULTS}/logs/figures/balance.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/balance.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("balance", PLANE, claims=CLAIMS, **DECODERS),
    script:
        "../scripts/draw_balance.py"


rule draw_place_cells:
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
        environments=first_environments(PLACE_CELLS),
        replays=first_replays(PLACE_CELLS),
        momentum=swept_metrics("momentum", PLACE_CELLS),
    output:
        **drawn("place_cells", "7 Place cells"),
    log:
        f"{RESULTS}/logs/figures/place_cells.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/place_cells.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("place_cells", PLACE_CELLS, claims=CLAIMS, **DECODERS),
    script:
        "../scripts/draw_place_cells.py"


rule draw_decoders:
    input:
        metrics=f"{RESULTS}/tables/metrics.csv",
    output:
        **drawn("decoders", "8 Measures"),
    log:
        f"{RESULTS}/logs/figures/decoders.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/decoders.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("decoders", SWEPT, claims=CLAIMS),
    script:
        "../scripts/draw_decoders.py"


rule draw_calibration:
    input:
        table=f"{RESULTS}/tables/calibration.csv",
    output:
        **drawn("calibration", "8 Measures"),
    log:
        f"{RESULTS}/logs/figures/calibration.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/calibration.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("calibration", CONFIGURATION.environments),
    script:
        "../scripts/draw_calibration.py"


rule draw_seeds:
    input:
        seeds=f"{RESULTS}/tables/seeds.csv",
    output:
        **drawn("seeds", "8 Measures"),
    log:
        f"{RESULTS}/logs/figures/seeds.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/seeds.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("seeds", CONFIGURATION.environments),
    script:
        "../scripts/draw_seeds.py"


DRAWN = {
    **dict.fromkeys(["environments", "calibration", "seeds"], CONFIGURATION.environments),
    "learning": leaking(),
    "fidelity": leaking() if all("leakage" in CONFIGURATION.sweeps[name] for name in leaking()) else [],
    **dict.fromkeys(["examples", "sweeps", "survival", "decoders"], SWEPT),
    **dict.fromkeys(["adaptation", "momentum", "balance"], PLANE),
    "place_cells": PLACE_CELLS,
}


rule figures:
    input:
        [
            f"{RESULTS}/figures/{figure}.{kind}"
            for figure, names in DRAWN.items()
            if names
            for kind in ("pdf", "png", "csv")
        ],
