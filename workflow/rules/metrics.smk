# Fidelity, speed and exploration of the replays, and what recordings from animals are described by: one job measures a
# sweep for all seeds of a variant.


use rule job as metrics with:
    input:
        environments=of_all_seeds("<results>/environments/{environment}/{seed}.nc"),
        replays="<results>/replays/{environment}/{variant}/{sweep}.nc",
    output:
        "<results>/<artifact>.nc",
    pathvars:
        artifact="metrics/{environment}/{variant}/{sweep}",
    resources:
        mem_mb=1500,
        runtime=30,
    params:
        **by("measure_replays.py"),
        seeds=seeds,


use rule metrics as biology with:
    pathvars:
        artifact="biology/{environment}/{variant}/{sweep}",
    params:
        **by("measure_biology.py"),


# What metrics read where there is no replay: controls of the network whose replays the claims are read from.
use rule job as controls with:
    input:
        environments=controlled("<results>/environments/{environment}/{seed}.nc"),
        networks=controlled("<results>/networks/{environment}/{variant}/{seed}.nc"),
    output:
        "<results>/<artifact>.nc",
    pathvars:
        artifact="controls/{environment}",
    resources:
        mem_mb=1500,
        runtime=30,
    params:
        **by("measure_controls.py", baseline_settings),


# What is measured of single replays under each mechanism and its twins.
use rule job as predictions with:
    input:
        environments=lambda wildcards: expand(
            "<results>/environments/{environment}/{seed}.nc", seed=predicted_seeds(wildcards), **wildcards
        ),
        replays=predicted_replays,
    output:
        "<results>/<artifact>.nc",
    pathvars:
        artifact="predictions/{environment}",
    resources:
        mem_mb=1500,
        runtime=30,
    params:
        **by("measure_predictions.py", lambda wildcards: compared_sides(wildcards.environment)),
        seeds=predicted_seeds,
