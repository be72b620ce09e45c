# The awake phase: one network for each environment, variant and seed learns to path-integrate.


use rule job as network with:
    input:
        environment="<results>/environments/{environment}/{seed}.nc",
    output:
        "<results>/<artifact>.nc",
    pathvars:
        artifact="networks/{environment}/{variant}/{seed}",
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        **by("train_network.py", variant_settings),
