# The quiescent phase: the networks of a variant, all seeds in one job, run without input under all settings of a sweep.


use rule job as replay with:
    input:
        environments=of_all_seeds("<results>/environments/{environment}/{seed}.nc"),
        networks=of_all_seeds("<results>/networks/{environment}/{variant}/{seed}.nc"),
    output:
        "<results>/<artifact>.nc",
    pathvars:
        artifact="replays/{environment}/{variant}/{sweep}",
    resources:
        mem_mb=2000,
        runtime=20,
    params:
        **by("replay_network.py", sweep_settings),
        seeds=seeds,
