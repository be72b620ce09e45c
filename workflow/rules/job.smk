# What all jobs share.


pathvars:
    results=RESULTS,
    logs="<results>/logs",
    benchmarks="<results>/benchmarks",
    artifact="job",


# Every rule with a script is this one with inputs, outputs, params and the path `artifact` of its own.
rule job:
    log:
        "<logs>/<artifact>.log",
    benchmark:
        "<benchmarks>/<artifact>.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    container:
        "rnn-replay.sif"  # used with --software-deployment-method apptainer alone; docs/sharing.md
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        script="",
    script:
        "../scripts/{params.script}"
