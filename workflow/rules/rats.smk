# Recorded rats: what section `rats` of the configuration runs in environments of its own, by the same rules and with the
# same tables and figures as the paper's run, in folders of their own. No number of it is among the paper's.

RATS_ENVIRONMENTS = RATS.environments if RATS else []
RATS_CLAIMS = RATS.values["claims"] if RATS else {}
RATS_FIGURES = figures_of(RATS) | animals_figures(RATS) if RATS else {}
RATS_TABLES = {
    "curves": "<results>/tables/rats/networks.nc",
    "recovery": "<results>/tables/extended/recovery.csv",
    **{
        name: f"<results>/tables/rats/{name}.csv"
        for name in ("networks", "metrics", "seeds", "biology_seeds", "biology")
    },
}


use rule networks_table as rats_networks_table with:
    input:
        networks(RATS, RATS.networks) if RATS else [],
    pathvars:
        artifact="tables/rats/networks",


use rule metrics_table as rats_metrics_table with:
    input:
        measurements(RATS.measurements) if RATS else [],
    pathvars:
        artifact="tables/rats/metrics",


use rule controls_table as rats_controls_table with:
    input:
        expand("<results>/controls/{environment}.nc", environment=swept(RATS) if RATS else []),
    pathvars:
        artifact="tables/rats/controls",


use rule claims_table as rats_claims_table with:
    input:
        networks="<results>/tables/rats/networks.csv",
        metrics="<results>/tables/rats/metrics.csv",
        controls="<results>/tables/rats/controls.csv",
        further=[],
    output:
        netcdf="<results>/<artifact>.nc",
        csv="<results>/<artifact>.csv",
        markdown="<results>/<artifact>.md",
        page=report(
            "<results>/<artifact>.html",
            caption="../report/rats_claims.rst",
            category="R Recorded rats",
            labels={"table": "claims"},
        ),
        seeds="<results>/tables/rats/seeds.csv",
    pathvars:
        artifact="tables/rats/claims",
    params:
        **by(
            "claims.py",
            {
                "claims": RATS_CLAIMS,
                "environments": traits(RATS_ENVIRONMENTS),
                "demonstration": CONFIGURATION.values.get("demonstration", False),
                "sources": sources(RATS_ENVIRONMENTS),
            },
        ),


use rule biology_table as rats_biology_table with:
    input:
        biology=biology_of(RATS) if RATS else [],
        metrics="<results>/tables/rats/metrics.csv",
        recovery="<results>/tables/extended/recovery.csv",
    output:
        csv="<results>/<artifact>.csv",
        seeds="<results>/<artifact>_seeds.csv",
        scales="<results>/<artifact>_scales.csv",
        predecessor="<results>/tables/rats/predecessor.csv",
        markdown="<results>/<artifact>.md",
    pathvars:
        artifact="tables/rats/biology",
    params:
        **by("tabulate_biology.py", animals_settings(RATS) if RATS else {}),


use rule answers as rats_answers with:
    input:
        claims="<results>/tables/rats/claims.csv",
        biology="<results>/tables/rats/biology.csv",
    output:
        netcdf="<results>/<artifact>.nc",
        csv="<results>/<artifact>.csv",
        markdown="<results>/<artifact>.md",
        page=report(
            "<results>/<artifact>.html",
            caption="../report/rats_answers.rst",
            category="R Recorded rats",
            labels={"table": "answers"},
        ),
    pathvars:
        artifact="tables/rats/answers",
    params:
        **by(
            "answer_questions.py",
            {
                "claims": RATS_CLAIMS,
                "environments": kinds(RATS) if RATS else {},
                "demonstration": CONFIGURATION.values.get("demonstration", False),
                "tables": "tables/rats",
                "questions": ["R8"],
            },
        ),


use rule figure as rats_figure with:
    input:
        unpack(inputs_of(RATS_FIGURES, RATS_TABLES)),
    output:
        pdf="<results>/<artifact>.pdf",
        png=report(
            "<results>/<artifact>.png",
            caption="../report/figure.rst",
            category="R Recorded rats",
            labels=lambda wildcards: {"figure": wildcards.figure.replace("_", " ")},
        ),
        csv="<results>/<artifact>.csv",
    pathvars:
        artifact="figures/rats/{figure}",
    params:
        caption_of(RATS_FIGURES),
        **by("draw.py", settings_of(RATS_FIGURES), figure_module),


rule rats:
    input:
        [rules.rats_claims_table.output, rules.rats_answers.output, drawn(RATS_FIGURES, "figures/rats")] if RATS else [],
