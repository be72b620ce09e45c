# Beyond the paper: what section `extended` of the configuration adds, made by the same rules, in tables of its own.

FURTHER_NETWORKS = beyond(lambda run: run.networks)
FURTHER_METRICS = beyond(lambda run: run.measurements)
# Networks that are replayed over the whole range of friction.
PUSHED = [(environment, variant) for environment, variant, sweep in EXTENDED.measurements if sweep == "friction_range"]


use rule networks_table as extended_networks_table with:
    input:
        networks(EXTENDED, FURTHER_NETWORKS),
    pathvars:
        artifact="tables/extended/networks",


use rule metrics_table as extended_metrics_table with:
    input:
        measurements(FURTHER_METRICS),
    pathvars:
        artifact="tables/extended/metrics",


use rule job as stability_table with:
    input:
        environments=[
            f"<results>/environments/{environment}/{seed}.nc"
            for environment, variant in PUSHED
            for seed in EXTENDED.seeds_of(environment, variant)
        ],
        networks=networks(EXTENDED, PUSHED),
        metrics=measurements([(*pushed, "friction_range") for pushed in PUSHED]),
    output:
        netcdf="<results>/<artifact>.nc",
        csv="<results>/<artifact>.csv",
        boundaries="<results>/tables/extended/boundaries.csv",
    pathvars:
        artifact="tables/extended/stability",
    params:
        **by("tabulate_stability.py"),
