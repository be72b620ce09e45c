"""How the settings of a sweep stand in artifacts and tables: name, unit, meaning."""

SETTING = {
    "friction": ("1", "friction lambda_v"),
    "adaptation_strength": ("1", "adaptation strength b_a"),
    "adaptation_time": ("1", "adaptation time tau_a, in steps"),
    "adaptation_form": ("1", "form of adaptation"),
    "noise": ("1", "quiescent noise over training noise"),
    "noise_scaling": ("1", "how noise depends on friction"),
    "facilitation_strength": ("1", "facilitation strength b_f"),
    "facilitation_time": ("1", "facilitation time tau_f, in steps"),
}
