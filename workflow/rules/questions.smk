# What the reviewers asked and the paper left open: biology, balance, leakage without masking, and all answers in one
# table. Read from the paper's own replays and tables, and from those of the extended run.

from rnn_replay.claims.contrasts import Plan

SEEDS = CONFIGURATION.seeds
# Replays of the claims' networks that are held against animals.
BIOLOGY = [
    (name, variant, sweep)
    for name in SWEPT
    for sweep, variant in (("grafted", Plan.of(CLAIMS, name).variant), ("trained", Plan.of(CLAIMS, name).trained))
    if variant in CONFIGURATION.sweeps[name].get(sweep, {"variants": []})["variants"]
]


UNMASKED = [(name, *found) for name in leaking() for found in unmasked(name)]


rule biology:
    input:
        environments=expand(f"{RESULTS}/environments/{{{{environment}}}}/{{seed}}.nc", seed=SEEDS),
        replays=expand(f"{RESULTS}/replays/{{{{environment}}}}/{{{{variant}}}}/{{seed}}/{{{{sweep}}}}.nc", seed=SEEDS),
    output:
        f"{RESULTS}/biology/{{environment}}/{{variant}}/{{sweep}}.nc",
    log:
        f"{RESULTS}/logs/biology/{{environment}}/{{variant}}/{{sweep}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/biology/{{environment}}/{{variant}}/{{sweep}}.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=30,
    params:
        seeds=SEEDS,
        recipe={
            "code": fingerprint("workflow/scripts/measure_biology.py"),
            "packages": packages("numpy", "scipy"),
        },
    script:
        "../scripts/measure_biology.py"


rule recovery_table:
    output:
        csv=f"{RESULTS}/tables/extended/recovery.csv",
    log:
        f"{RESULTS}/logs/tables/extended/recovery.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/extended/recovery.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe={
            # Lengths, noise and bins about those of the replays: T-maze paths end after 35 to 70 steps. Our choice.
            "settings": {
                "lengths": [20, 35, 70, 150],
                "noise_shares": [0.1, 0.4, 0.7],
                "lattices": [0.0, 1.5],
                "paths": 200,
                "seed": 0,
            },
            "code": fingerprint("workflow/scripts/recover_models.py"),
            "packages": packages("numpy", "pandas", "scipy"),
        },
    script:
        "../scripts/recover_models.py"


rule biology_table:
    input:
        biology=[f"{RESULTS}/biology/{name}/{variant}/{sweep}.nc" for name, variant, sweep in BIOLOGY],
        metrics=f"{RESULTS}/tables/metrics.csv",
        recovery=f"{RESULTS}/tables/extended/recovery.csv",
    output:
        csv=f"{RESULTS}/tables/extended/biology.csv",
        seeds=f"{RESULTS}/tables/extended/biology_seeds.csv",
        predecessor=f"{RESULTS}/tables/extended/predecessor.csv",
        markdown=f"{RESULTS}/tables/extended/biology.md",
    log:
        f"{RESULTS}/logs/tables/extended/biology.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/extended/biology.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe={
            "settings": {"claims": CLAIMS, "environments": SWEPT},
            "code": fingerprint("workflow/scripts/tabulate_biology.py"),
            "packages": packages("numpy", "pandas", "scipy", "xarray"),
        },
    script:
        "../scripts/tabulate_biology.py"


rule balance_tables:
    input:
        f"{RESULTS}/tables/metrics.csv",
    output:
        front=f"{RESULTS}/tables/extended/balance.csv",
        rule=f"{RESULTS}/tables/extended/balance_rule.csv",
    log:
        f"{RESULTS}/logs/tables/extended/balance.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/extended/balance.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe={
            "settings": {"claims": CLAIMS, "environments": SWEPT, "sweeps": ["grafted", "momentum"]},
            "code": fingerprint("workflow/scripts/tabulate_balance.py"),
            "packages": packages("numpy", "pandas", "scipy"),
        },
    script:
        "../scripts/tabulate_balance.py"


rule unmasked_tables:
    input:
        networks=f"{RESULTS}/tables/networks.csv",
        environments=[f"{RESULTS}/environments/{name}/{seed}.nc" for name in leaking() for seed in SEEDS],
        replays=[
            f"{RESULTS}/replays/{name}/{variant}/{seed}/leakage.nc" for name, variant, _ in UNMASKED for seed in SEEDS
        ],
    output:
        table=f"{RESULTS}/tables/extended/unmasked.csv",
        masks=f"{RESULTS}/tables/extended/unmasked_masks.csv",
        along=f"{RESULTS}/tables/extended/unmasked_along.csv",
    log:
        f"{RESULTS}/logs/tables/extended/unmasked.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/extended/unmasked.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe={
            "settings": {"claims": CLAIMS, "leaks": [leak for _, _, leak in UNMASKED for _ in SEEDS]},
            "code": fingerprint("workflow/scripts/tabulate_unmasked.py"),
            "packages": packages("numpy", "pandas", "scipy", "xarray"),
        },
    script:
        "../scripts/tabulate_unmasked.py"


rule draw_biology:
    input:
        recovery=f"{RESULTS}/tables/extended/recovery.csv",
        seeds=f"{RESULTS}/tables/extended/biology_seeds.csv",
    output:
        **drawn("biology", "E Beyond the paper"),
    log:
        f"{RESULTS}/logs/figures/biology.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/biology.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("biology", SWEPT, decoder="readout"),
    script:
        "../scripts/draw_biology.py"


rule draw_front:
    input:
        front=f"{RESULTS}/tables/extended/balance.csv",
    output:
        **drawn("front", "E Beyond the paper"),
    log:
        f"{RESULTS}/logs/figures/front.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/front.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("front", SWEPT),
    script:
        "../scripts/draw_front.py"


rule draw_unmasked:
    input:
        masks=f"{RESULTS}/tables/extended/unmasked_masks.csv",
        along=f"{RESULTS}/tables/extended/unmasked_along.csv",
    output:
        **drawn("unmasked", "E Beyond the paper"),
    log:
        f"{RESULTS}/logs/figures/unmasked.log",
    benchmark:
        f"{RESULTS}/benchmarks/figures/unmasked.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe=recipe("unmasked", leaking()),
    script:
        "../scripts/draw_unmasked.py"


rule answers:
    input:
        claims=f"{RESULTS}/tables/claims.csv",
        seeds=f"{RESULTS}/tables/seeds.csv",
        networks=f"{RESULTS}/tables/networks.csv",
        metrics=f"{RESULTS}/tables/metrics.csv",
        unmasked=f"{RESULTS}/tables/extended/unmasked.csv" if UNMASKED else [],
        further_networks=f"{RESULTS}/tables/extended/networks.csv" if beyond(lambda run: run.networks) else [],
        further_metrics=f"{RESULTS}/tables/extended/metrics.csv" if beyond(lambda run: run.measurements) else [],
        boundaries=f"{RESULTS}/tables/extended/boundaries.csv" if PUSHED else [],
        balance=f"{RESULTS}/tables/extended/balance_rule.csv" if SWEPT else [],
        biology=f"{RESULTS}/tables/extended/biology.csv" if SWEPT else [],
    output:
        netcdf=f"{RESULTS}/tables/extended/answers.nc",
        csv=f"{RESULTS}/tables/extended/answers.csv",
        markdown=f"{RESULTS}/tables/extended/answers.md",
        page=report(
            f"{RESULTS}/tables/extended/answers.html",
            caption="../report/answers.rst",
            category="E Beyond the paper",
            labels={"table": "answers"},
        ),
    log:
        f"{RESULTS}/logs/tables/extended/answers.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/extended/answers.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe={
            "settings": {
                "claims": EXTENDED.values["claims"],
                "environments": EXTENDED.environments,
                "demonstration": CONFIGURATION.values.get("demonstration", False),
            },
            "code": fingerprint("workflow/scripts/answer_questions.py"),
            "packages": packages("numpy", "pandas", "scipy", "xarray"),
        },
    script:
        "../scripts/answer_questions.py"


rule questions:
    input:
        rules.answers.output,
        [
            f"{RESULTS}/figures/{figure}.{kind}"
            for figure, drawn_of in {"biology": SWEPT, "front": SWEPT, "unmasked": UNMASKED}.items()
            if drawn_of
            for kind in ("pdf", "png", "csv")
        ],
        rules.biology_table.output if SWEPT else [],
