# Everything measured: one table of networks, one of replays, and what the measures of speed say where it is known.


use rule job as networks_table with:
    input:
        networks(CONFIGURATION, CONFIGURATION.networks),
    output:
        netcdf="<results>/<artifact>.nc",
        csv="<results>/<artifact>.csv",
    pathvars:
        artifact="tables/networks",
    params:
        **by("tabulate_networks.py"),


use rule networks_table as metrics_table with:
    input:
        measurements(CONFIGURATION.measurements),
    pathvars:
        artifact="tables/metrics",
    params:
        **by("tabulate_metrics.py"),


use rule networks_table as calibration_table with:
    input:
        expand("<results>/environments/{environment}/{seed}.nc", environment=ENVIRONMENTS, seed=SEEDS),
    pathvars:
        artifact="tables/calibration",
    params:
        **by("tabulate_calibration.py"),


use rule job as controls_table with:
    input:
        expand("<results>/controls/{environment}.nc", environment=SWEPT),
    output:
        csv="<results>/<artifact>.csv",
    pathvars:
        artifact="tables/controls",
    params:
        **by("tabulate_controls.py"),


use rule controls_table as predictions_table with:
    input:
        expand("<results>/predictions/{environment}.nc", environment=PREDICTED),
    pathvars:
        artifact="tables/predictions",
    params:
        **by("tabulate_predictions.py", {"level": CLAIMS["level"]}),
