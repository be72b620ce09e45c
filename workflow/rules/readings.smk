# Every reading of what the paper left open, from section `readings` of the configuration: one job replays, measures and
# forgets all conditions of one environment and seed; one judges them all.

READ = list(CONFIGURATION.readings)
READ_CLAIMS = sorted({claim for entry in CONFIGURATION.readings.values() for claim in entry.claims})


use rule job as reading with:
    input:
        environment="<results>/environments/{environment}/{seed}.nc",
        networks=reading_networks,
    output:
        "<results>/<artifact>.nc",
    pathvars:
        artifact="readings/{environment}/{seed}",
    resources:
        mem_mb=2000,
        runtime=60,
    params:
        **by("measure_readings.py", frame),


use rule job as readings_table with:
    input:
        expand("<results>/readings/{name}/{seed}.nc", name=READ, seed=CONFIGURATION.readings_seeds),
    output:
        readings="<results>/<artifact>.csv",
        shares="<results>/<artifact>_shares.csv",
        axes="<results>/<artifact>_axes.csv",
        markdown="<results>/<artifact>.md",
    pathvars:
        artifact="tables/readings",
    resources:
        mem_mb=3000,
    params:
        **by(
            "tabulate_readings.py",
            lambda wildcards: {
                "frames": [asdict(CONFIGURATION.readings[name].needed) for name in READ],
                "limits": {key: CONFIGURATION.values["readings"][key] for key in ("off_manifold", "diverged")},
                "claims": {key: CLAIMS[key] for key in ("level", "margin_kept")},
                "primary": CONFIGURATION.values["readings"].get("primary"),
                "demonstration": CONFIGURATION.values.get("demonstration", False),
            },
        ),
