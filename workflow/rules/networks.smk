# The awake phase: one network for each environment, variant and seed learns to path-integrate.


rule network:
    input:
        environment=f"{RESULTS}/environments/{{environment}}/{{seed}}.nc",
    output:
        f"{RESULTS}/networks/{{environment}}/{{variant}}/{{seed}}.nc",
    log:
        f"{RESULTS}/logs/networks/{{environment}}/{{variant}}/{{seed}}.log",
    benchmark:
        f"{RESULTS}/benchmarks/networks/{{environment}}/{{variant}}/{{seed}}.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=20,
    params:
        recipe=lambda wildcards: {
            "settings": EXTENDED.variants[wildcards.environment][wildcards.variant],
            "code": fingerprint("workflow/scripts/train_network.py"),
            "packages": packages("numpy", "torch"),
        },
    script:
        "../scripts/train_network.py"
