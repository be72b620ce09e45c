# What the reviewers asked and the paper left open: biology, balance, leakage without masking, and all answers in one
# table. Read from the paper's own replays and tables, and from those of the extended run.

UNMASKED = [(name, *found) for name in LEAKING for found in unmasked(name)]


use rule job as recovery_table with:
    output:
        csv="<results>/<artifact>.csv",
    pathvars:
        artifact="tables/extended/recovery",
    params:
        # Lengths, noise and bins about those of the replays: T-maze paths end after 35 to 70 steps. Our choice.
        **by(
            "recover_models.py",
            {
                "lengths": [20, 35, 70, 150],
                "noise_shares": [0.1, 0.4, 0.7],
                "lattices": [0.0, 1.5],
                "paths": 200,
                "seed": 0,
            },
        ),


use rule job as biology_table with:
    input:
        biology=biology_of(CONFIGURATION),
        metrics="<results>/tables/metrics.csv",
        recovery="<results>/tables/extended/recovery.csv",
    output:
        csv="<results>/<artifact>.csv",
        seeds="<results>/<artifact>_seeds.csv",
        scales="<results>/<artifact>_scales.csv",
        predecessor="<results>/tables/extended/predecessor.csv",
        markdown="<results>/<artifact>.md",
    pathvars:
        artifact="tables/extended/biology",
    params:
        **by("tabulate_biology.py", animals_settings(CONFIGURATION)),


use rule job as balance_tables with:
    input:
        metrics="<results>/tables/metrics.csv",
    output:
        front="<results>/<artifact>.csv",
        rule="<results>/<artifact>_rule.csv",
    pathvars:
        artifact="tables/extended/balance",
    params:
        **by(
            "tabulate_balance.py",
            {"claims": CLAIMS, "environments": traits(SWEPT), "sweeps": ["grafted", "momentum"]},
        ),


use rule job as unmasked_tables with:
    input:
        networks="<results>/tables/networks.csv",
        environments=expand("<results>/environments/{name}/{seed}.nc", name=LEAKING, seed=SEEDS),
        replays=[f"<results>/replays/{name}/{variant}/leakage.nc" for name, variant, _ in UNMASKED],
    output:
        table="<results>/<artifact>.csv",
        masks="<results>/<artifact>_masks.csv",
        along="<results>/<artifact>_along.csv",
    pathvars:
        artifact="tables/extended/unmasked",
    params:
        **by("tabulate_unmasked.py", {"claims": CLAIMS, "leaks": [leak for _, _, leak in UNMASKED]}),


use rule job as answers with:
    input:
        claims="<results>/tables/claims.csv",
        seeds="<results>/tables/seeds.csv",
        networks="<results>/tables/networks.csv",
        metrics="<results>/tables/metrics.csv",
        unmasked="<results>/tables/extended/unmasked.csv" if UNMASKED else [],
        further_networks="<results>/tables/extended/networks.csv" if FURTHER_NETWORKS else [],
        further_metrics="<results>/tables/extended/metrics.csv" if FURTHER_METRICS else [],
        boundaries="<results>/tables/extended/boundaries.csv" if PUSHED else [],
        balance="<results>/tables/extended/balance_rule.csv" if SWEPT else [],
        biology="<results>/tables/extended/biology.csv" if SWEPT else [],
    output:
        netcdf="<results>/<artifact>.nc",
        csv="<results>/<artifact>.csv",
        markdown="<results>/<artifact>.md",
        page=report(
            "<results>/<artifact>.html",
            caption="../report/answers.rst",
            category="E Beyond the paper",
            labels={"table": "answers"},
        ),
    pathvars:
        artifact="tables/extended/answers",
    params:
        **by(
            "answer_questions.py",
            {
                "claims": EXTENDED.values["claims"],
                "environments": kinds(EXTENDED),
                "demonstration": CONFIGURATION.values.get("demonstration", False),
                "tables": "tables/extended",
                "questions": None,
            },
        ),
