# What rules ask of the configuration: functions of wildcards, and what the extended run adds to the paper's.


MEASURED = set(CONFIGURATION.measurements)


def environment_settings(wildcards):
    """Settings of an environment of either run."""
    return EXTENDED.values["environments"][wildcards.environment]


def seeds(wildcards):
    """Seeds that a variant's replays of a sweep are measured for: the paper's for what is in its run."""
    measurement = (wildcards.environment, wildcards.variant, wildcards.sweep)
    return (CONFIGURATION if measurement in MEASURED else EXTENDED).seeds


def beyond(of):
    """What the extended run has of something and the paper's run has not."""
    paper = set(of(CONFIGURATION))
    return [item for item in of(EXTENDED) if item not in paper]


def unmasked(name):
    """Variants of the claims' leak and of none that were trained without mask and replayed, with their leaks."""
    variants = CONFIGURATION.variants[name]
    main = variants.get(Plan.of(CLAIMS, name).variant, {"leak": 0.0})["leak"]
    found = [(CLAIMS["leakage"][0].format(leak=f"{leak:g}", mask_hidden=0), leak) for leak in (main, 0.0)]
    replayed_too = CONFIGURATION.sweeps[name].get("leakage", {"variants": []})["variants"]
    return found if main and all(variant in replayed_too for variant, _ in found) else []
