# The mathematics, run: the replay loop on targets whose answers are known.

THEORY = CONFIGURATION.values["theory"]
POTENTIALS = ["double_well", "ring", "tee"]


wildcard_constraints:
    potential="|".join(POTENTIALS),


rule theory_linear:
    output:
        f"{RESULTS}/theory/linear.nc",
    log:
        f"{RESULTS}/logs/theory/linear.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory/linear.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        recipe={
            "settings": {"seed": THEORY["seed"], "linear": THEORY["linear"]},
            "code": fingerprint("workflow/scripts/theory_linear.py"),
            "packages": packages("numpy", "scipy", "torch"),
        },
    script:
        "../scripts/theory_linear.py"


rule theory_potential:
    output:
        f"{RESULTS}/theory/{{potential}}.nc",
    log:
        f"{RESULTS}/logs/theory/{{potential}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory/{{potential}}.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        recipe={
            "settings": {"seed": THEORY["seed"], "potentials": THEORY["potentials"]},
            "code": fingerprint("workflow/scripts/theory_potential.py"),
            "packages": packages("numpy", "scipy", "torch"),
        },
    script:
        "../scripts/theory_potential.py"


rule theory_gaussian:
    input:
        [
            f"{RESULTS}/environments/{environment}/{seed}.nc"
            for environment in CONFIGURATION.environments
            for seed in CONFIGURATION.seeds
        ],
    output:
        f"{RESULTS}/theory/gaussian.nc",
    log:
        f"{RESULTS}/logs/theory/gaussian.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory/gaussian.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        recipe={
            "settings": {
                "seed": THEORY["seed"],
                "gaussian": THEORY["gaussian"],
                "environments": CONFIGURATION.environments,
            },
            "code": fingerprint("workflow/scripts/theory_gaussian.py"),
            "packages": packages("numpy", "scipy", "torch"),
        },
    script:
        "../scripts/theory_gaussian.py"


rule theory_claims:
    input:
        linear=f"{RESULTS}/theory/linear.nc",
        gaussian=f"{RESULTS}/theory/gaussian.nc",
        potentials=[f"{RESULTS}/theory/{potential}.nc" for potential in POTENTIALS],
    output:
        claims=f"{RESULTS}/theory/claims.nc",
        comparisons=f"{RESULTS}/theory/comparisons.csv",
    log:
        f"{RESULTS}/logs/theory/claims.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory/claims.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        recipe={
            "settings": {},
            "code": fingerprint("workflow/scripts/theory_claims.py"),
            "packages": packages("numpy", "pandas", "scipy", "xarray"),
        },
    script:
        "../scripts/theory_claims.py"


rule theory_draw_score:
    input:
        gaussian=f"{RESULTS}/theory/gaussian.nc",
    output:
        **drawn("theory_score", "9 Theory"),
    log:
        f"{RESULTS}/logs/theory/draw_score.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory/draw_score.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        recipe={
            "settings": {},
            "code": fingerprint("workflow/scripts/theory_draw_score.py"),
            "packages": packages("matplotlib", "numpy", "pandas", "xarray"),
        },
    script:
        "../scripts/theory_draw_score.py"


rule theory_draw_sampling:
    input:
        linear=f"{RESULTS}/theory/linear.nc",
        double_well=f"{RESULTS}/theory/double_well.nc",
        ring=f"{RESULTS}/theory/ring.nc",
        tee=f"{RESULTS}/theory/tee.nc",
    output:
        **drawn("theory_sampling", "9 Theory"),
    log:
        f"{RESULTS}/logs/theory/draw_sampling.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory/draw_sampling.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        recipe={
            "settings": {},
            "code": fingerprint("workflow/scripts/theory_draw_sampling.py"),
            "packages": packages("matplotlib", "numpy", "pandas", "xarray"),
        },
    script:
        "../scripts/theory_draw_sampling.py"


rule theory_draw_phases:
    input:
        linear=f"{RESULTS}/theory/linear.nc",
    output:
        **drawn("theory_phases", "9 Theory"),
    log:
        f"{RESULTS}/logs/theory/draw_phases.log",
    benchmark:
        f"{RESULTS}/benchmarks/theory/draw_phases.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        recipe={
            "settings": {},
            "code": fingerprint("workflow/scripts/theory_draw_phases.py"),
            "packages": packages("matplotlib", "numpy", "pandas", "xarray"),
        },
    script:
        "../scripts/theory_draw_phases.py"


rule theory:
    input:
        f"{RESULTS}/theory/claims.nc",
        [
            f"{RESULTS}/figures/theory_{figure}.{kind}"
            for figure in ("score", "sampling", "phases")
            for kind in ("pdf", "png", "csv")
        ],
