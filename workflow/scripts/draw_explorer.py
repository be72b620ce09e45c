"""The explorer: grids of settings, and the first seed's replays of each."""

from pipeline.job import inputs, settings, write

from rnn_replay.claims.contrasts import exploration
from rnn_replay.environments import Traits
from rnn_replay.explorer.page import contents, page

found = inputs()
environments = dict(zip(settings["environments"], found["environments"], strict=True))
explored = {name: exploration(Traits(**known))[0] for name, known in settings["environments"].items()}
tables = found["metrics"], found["networks"]
shown = contents(environments, found["replays"], *tables, settings["leakage"], explored, settings["level"])
write(page=page(shown))
