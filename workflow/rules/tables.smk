# Everything measured: one table of networks, one of replays, and what the measures of speed say where it is known.


rule networks_table:
    input:
        [
            f"{RESULTS}/networks/{environment}/{variant}/{seed}.nc"
            for environment, variant in CONFIGURATION.networks
            for seed in CONFIGURATION.seeds
        ],
    output:
        netcdf=f"{RESULTS}/tables/networks.nc",
        csv=f"{RESULTS}/tables/networks.csv",
    log:
        f"{RESULTS}/logs/tables/networks.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/networks.tsv"
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


rule metrics_table:
    input:
        [
            f"{RESULTS}/metrics/{environment}/{variant}/{sweep}.nc"
            for environment, variant, sweep in CONFIGURATION.measurements
        ],
    output:
        netcdf=f"{RESULTS}/tables/metrics.nc",
        csv=f"{RESULTS}/tables/metrics.csv",
    log:
        f"{RESULTS}/logs/tables/metrics.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/metrics.tsv"
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


rule calibration_table:
    input:
        [
            f"{RESULTS}/environments/{environment}/{seed}.nc"
            for environment in CONFIGURATION.environments
            for seed in CONFIGURATION.seeds
        ],
    output:
        netcdf=f"{RESULTS}/tables/calibration.nc",
        csv=f"{RESULTS}/tables/calibration.csv",
    log:
        f"{RESULTS}/logs/tables/calibration.log",
    benchmark:
        f"{RESULTS}/benchmarks/tables/calibration.tsv"
    conda:
        "../../envs/rnn-replay.yaml"
    threads: 1
    resources:
        mem_mb=1500,
        runtime=10,
    params:
        recipe={
            "code": fingerprint("workflow/scripts/tabulate_calibration.py"),
            "packages": packages("numpy", "pandas", "scipy", "torch", "xarray"),
        },
    script:
        "../scripts/tabulate_calibration.py"
