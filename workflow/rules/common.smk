# What rules ask of the configuration: functions of wildcards, and what the extended run adds to the paper's.


MEASURED = set(CONFIGURATION.measurements)
# Networks that are replayed over the whole range of friction.
PUSHED = [(environment, variant) for environment, variant, sweep in EXTENDED.measurements if sweep == "friction_range"]


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
