# Awake paths and map of each environment, one artifact a seed: seeds must not share paths.


use rule job as environment with:
    input:
        files=lambda wildcards: whole_run(wildcards).loaded[wildcards.environment].files,
    output:
        "<results>/<artifact>.nc",
    pathvars:
        artifact="environments/{environment}/{seed}",
    resources:
        mem_mb=1000,
        runtime=10,
    params:
        **by("make_environment.py", environment_settings, environment_module),
