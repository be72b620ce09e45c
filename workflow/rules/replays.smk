# The quiescent phase: each trained network runs without input, under all settings of a sweep in one batch.


use rule job as replay with:
    input:
        environment="<results>/environments/{environment}/{seed}.nc",
        network="<results>/networks/{environment}/{variant}/{seed}.nc",
    output:
        "<results>/<artifact>.nc",
    pathvars:
        artifact="replays/{environment}/{variant}/{seed}/{sweep}",
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        **by("replay_network.py", sweep_settings),
