"""The explorer: grids of settings, and the first seed's replays of each."""

from pipeline.job import inputs, settings, write

from rnn_replay.explorer.page import contents, page

found = inputs()
environments = dict(zip(settings["environments"], found["environments"], strict=True))
write(page=page(contents(environments, found["replays"], found["metrics"], found["networks"], settings["leakage"])))
