# The mathematics, run: the replay loop on targets whose answers are known.

POTENTIALS = ["double_well", "ring", "tee"]


use rule job as theory_linear with:
    output:
        "<results>/<artifact>.nc",
    pathvars:
        artifact="theory/linear",
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        **by("theory_linear.py", theory_settings("linear")),


use rule theory_linear as theory_potential with:
    pathvars:
        artifact="theory/{potential}",
    params:
        **by("theory_potential.py", theory_settings("potentials")),


use rule theory_linear as theory_gaussian with:
    input:
        expand("<results>/environments/{environment}/{seed}.nc", environment=ENVIRONMENTS, seed=SEEDS),
    pathvars:
        artifact="theory/gaussian",
    params:
        **by("theory_gaussian.py", theory_settings("gaussian", environments=ENVIRONMENTS)),


use rule job as theory_claims with:
    input:
        linear="<results>/theory/linear.nc",
        gaussian="<results>/theory/gaussian.nc",
        potentials=expand("<results>/theory/{potential}.nc", potential=POTENTIALS),
    output:
        claims="<results>/<artifact>.nc",
        comparisons="<results>/theory/comparisons.csv",
    pathvars:
        artifact="theory/claims",
    params:
        **by("theory_claims.py"),
