# Beyond the paper: what section `extended` of the configuration adds, made by the same rules, in tables of its own.


rule extended_networks_table:
    input:
        [
            f"{RESULTS}/networks/{environment}/{variant}/{seed}.nc"
            for environment, variant in beyond(lambda run: run.networks)
            for seed in EXTENDED.seeds
        ],
    output:
        netcdf=f"{RESULTS}/tables/extended/networks.nc",
        csv=f"{RESULTS}/tables/extended/networks.csv",
    log:
        f"{RESULTS}/logs/tables/extended/networks.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/extended/networks.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe={
            "code": fingerprint("workflow/scripts/tabulate_networks.py"),
            "packages": packages("pandas", "xarray"),
        },
    script:
        "../scripts/tabulate_networks.py"


rule extended_metrics_table:
    input:
        [
            f"{RESULTS}/metrics/{environment}/{variant}/{sweep}.nc"
            for environment, variant, sweep in beyond(lambda run: run.measurements)
        ],
    output:
        netcdf=f"{RESULTS}/tables/extended/metrics.nc",
        csv=f"{RESULTS}/tables/extended/metrics.csv",
    log:
        f"{RESULTS}/logs/tables/extended/metrics.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/extended/metrics.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe={
            "code": fingerprint("workflow/scripts/tabulate_metrics.py"),
            "packages": packages("pandas", "xarray"),
        },
    script:
        "../scripts/tabulate_metrics.py"


rule stability_table:
    input:
        environments=[
            f"{RESULTS}/environments/{environment}/{seed}.nc" for environment, _ in PUSHED for seed in EXTENDED.seeds
        ],
        networks=[
            f"{RESULTS}/networks/{environment}/{variant}/{seed}.nc"
            for environment, variant in PUSHED
            for seed in EXTENDED.seeds
        ],
        metrics=[f"{RESULTS}/metrics/{environment}/{variant}/friction_range.nc" for environment, variant in PUSHED],
    output:
        netcdf=f"{RESULTS}/tables/extended/stability.nc",
        csv=f"{RESULTS}/tables/extended/stability.csv",
        boundaries=f"{RESULTS}/tables/extended/boundaries.csv",
    log:
        f"{RESULTS}/logs/tables/extended/stability.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/extended/stability.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe={
            "code": fingerprint("workflow/scripts/tabulate_stability.py"),
            "packages": packages("numpy", "pandas", "torch", "xarray"),
        },
    script:
        "../scripts/tabulate_stability.py"


rule extended:
    input:
        rules.extended_networks_table.output if beyond(lambda run: run.networks) else [],
        rules.extended_metrics_table.output if beyond(lambda run: run.measurements) else [],
        rules.stability_table.output if PUSHED else [],
        rules.questions.input,
